import { describe, expect, test } from 'vitest'
import {
  account,
  act,
  annotations,
  expectHidden,
  expectInvisible,
  MANIFEST,
  SECRETS,
  TITLES,
} from './scenario.ts'

const HIDDEN = [SECRETS.CB_KEY, SECRETS.CB_IV, SECRETS.HOOK_TOKEN, `Bearer ${SECRETS.HOOK_TOKEN}`]

test('key, IV and header values are masked and nowhere to be seen', async () => {
  const sandbox = await account()
  const created = await act(sandbox, { manifest: MANIFEST })
  expect(created.outputs.created).toBe('3')
  expectHidden(created, HIDDEN)
  expect(created.log).toMatch(/^(::add-mask::.*\n)+::group::Manifest\n/)
  expect(created.log.slice(created.log.indexOf('::group::'))).not.toContain('::add-mask::')
  expect(created.log).toContain('enc.key: (secret)')
  expect(created.log).toContain('headers.x-source: (secret)')

  const rotated = { HOOK_TOKEN: 'another-hook-token', CB_KEY: 'another-key-of-32-characters-xyz' }
  const updated = await act(sandbox, { env: rotated, manifest: MANIFEST })
  expect(updated.outputs.updated).toBe('1')
  expect(updated.log).toContain('headers.authorization: (secret, changed)')
  expect(updated.log).toContain('enc.key: (secret, changed)')
  expectHidden(updated, [rotated.HOOK_TOKEN, rotated.CB_KEY])
  expectInvisible(
    updated,
    HIDDEN.filter((secret) => secret !== SECRETS.CB_IV),
  )
})

test('what the account holds is shown without the secrets that stand in it', async () => {
  const sandbox = await account()
  const { apiKey } = sandbox.options
  sandbox.store.seed({
    title: TITLES['orders-sms'],
    channel: 'sms',
    url: `https://user:pass-word@hooks.example.com/?token=s3cr3t&key=${SECRETS.CB_KEY}&to=<mobile>`,
    body: { token: SECRETS.HOOK_TOKEN, quoted: `a"${apiKey}"b`, text: 'shown' },
    headers: { cookie: 'old-cookie-value' },
    enc: { algo: 'AES-128-CFB', key: 'old-key-16-chars', IV: 'old-iv--16-chars' },
  })
  const result = await act(sandbox, { inputs: { mode: 'plan' }, manifest: MANIFEST })
  expectHidden(result, [...HIDDEN, apiKey])
  expectInvisible(result, ['pass-word', 's3cr3t', 'old-cookie-value', 'old-key-16-chars', 'old-iv--16-chars'])
  expect(result.log).toContain('body.text: "shown" → (empty)')
  expect(JSON.parse(result.plan).changes).toHaveLength(3)
})

test('an expression is shown, never what came of it', async () => {
  const sandbox = await account()
  const manifest = `profiles:
  stage:
    title: GH Stage
    http_method: POST
    url: https://hooks.example.com/\${{ env.STAGE }}/in
    body: { stage: "\${{ env.STAGE }}" }
`
  const env = { STAGE: 'internal-stage-name' }
  const result = await act(sandbox, { env, manifest })
  expect(sandbox.store.all()).toMatchObject([{ url: 'https://hooks.example.com/internal-stage-name/in' }])
  expectInvisible(result, [env.STAGE])
  expect(result.log).toContain('url: https://hooks.example.com/${{ env.STAGE }}/in')
})

test('an expression is not evaluated in a message about what came of it', async () => {
  const manifest =
    'profiles:\n  a: { title: "${{ env.TITLE }}", http_method: "${{ env.METHOD }}", url: "${{ env.URL }}" }\n'
  const env = { TITLE: 'internal/title', METHOD: 'INTERNAL-METHOD', URL: 'internal-address' }
  const result = await act(await account(), { env, manifest })
  expect(annotations(result, 'error')).toHaveLength(3)
  expectInvisible(result, Object.values(env))
})

describe('secrets that the API repeats in a failure message', () => {
  test('are hidden, those of the failing profile and those of others', async () => {
    const sandbox = await account()
    const echoed = [...HIDDEN, sandbox.options.apiKey, 'kaleyra', encodeURIComponent(SECRETS.HOOK_TOKEN)]
    const message = `body/title is taken; the request was ${echoed.join(' ')}`
    sandbox.faults.add({
      on: { operation: 'create', title: TITLES.incoming },
      when: 'before',
      what: {
        kind: 'status',
        status: 400,
        body: { code: 'RBC302', message, data: {}, error: [{ body: message }], status: 400 },
      },
    })
    const result = await act(sandbox, { manifest: MANIFEST })
    expectHidden(result, HIDDEN)
    const [error] = annotations(result, 'error')
    expect(error).toContain(
      'create profile "GH Incoming" failed: HTTP 400 — RBC302 body/title is taken; the request was ***',
    )
    expect(error).not.toContain('kaleyra')
  })

  test('are hidden also where the message is cut in the middle of one', async () => {
    const sandbox = await account()
    for (const length of [470, 485]) {
      const message = `${'x'.repeat(length)}${SECRETS.CB_KEY}`
      const body = { code: 'RBC302', message, data: {}, error: [], status: 400 }
      sandbox.faults.clear()
      sandbox.faults.add({
        on: { method: 'POST' },
        when: 'before',
        what: { kind: 'status', status: 400, body },
      })
      const result = await act(sandbox, { manifest: MANIFEST })
      expectInvisible(result, [SECRETS.CB_KEY.slice(0, 12)])
    }
  })

  test('are hidden where the whole run fails', async () => {
    const sandbox = await account()
    const body = { code: 'RBC001', message: `Incorrect API key ${sandbox.options.apiKey}`, data: [] }
    sandbox.faults.add({ on: {}, when: 'before', what: { kind: 'status', status: 401, body } })
    const result = await act(sandbox, { manifest: MANIFEST })
    expect(annotations(result, 'error')[0]).toContain('HTTP 401 — RBC001 Incorrect API key ***')
  })
})

test('secrets of a single-profile input are masked as well', async () => {
  const sandbox = await account()
  const result = await act(sandbox, {
    inputs: {
      title: 'GH A',
      'http-method': 'GET',
      url: 'https://hooks.example.com/a',
      headers: 'x-signature: sign-me-with-this',
      enc: `{ algo: AES-256-CFB, key: ${SECRETS.CB_KEY}, IV: ${SECRETS.CB_IV} }`,
    },
  })
  expectHidden(result, ['sign-me-with-this', SECRETS.CB_KEY, SECRETS.CB_IV])
})

test('an output that holds masked text is set all the same, with a warning that says what to change', async () => {
  const sandbox = await account()
  const manifest = `profiles:
  ping:
    title: GH Ping
    http_method: GET
    url: https://hooks.example.com/ping
    headers: { x-token: "\${{ env.HOOK_TOKEN }}" }
`
  const result = await act(sandbox, { env: { HOOK_TOKEN: 'Ping' }, manifest })
  expect(result.exitCode).toBe(0)
  expect(JSON.parse(result.outputs.profiles ?? '')).toMatchObject([{ title: 'GH Ping' }])
  expect(annotations(result, 'warning')).toEqual([
    expect.stringMatching(
      /^The output `profiles` holds text that is masked .* Change the value of `env\.HOOK_TOKEN`$/,
    ),
  ])
  expect(result.masks).not.toContain(result.outputs['profile-id'])
})
