import { describe, expect, test } from 'vitest'
import type { Malfunction, Sandbox } from '../../sandbox/server.ts'
import { account, act, annotations, idsOf, MANIFEST_PATH, ONE, onlyError } from './scenario.ts'

const FOUR = `profiles:
  created: { title: GH Created, http_method: GET, url: "https://hooks.example.com/created" }
  encrypted:
    title: GH Encrypted
    http_method: GET
    url: https://hooks.example.com/encrypted
    enc: { algo: AES-128-CFB, key: 0123456789abcdef, IV: fedcba9876543210 }
  kept: { title: GH Kept, http_method: GET, url: "https://hooks.example.com/kept" }
  moved: { title: GH Moved, http_method: GET, url: "https://hooks.example.com/moved" }
`

test('a refused profile and a broken one do not stop the others, and are listed with what the server said', async () => {
  const sandbox = await account()
  sandbox.store.seed({ title: 'GH Kept', http_method: 'GET', url: 'https://hooks.example.com/kept' })
  const moved = sandbox.store.seed({ title: 'GH Moved', http_method: 'GET' })
  const said = 'body/enc/key must NOT be a key that is known already'
  sandbox.faults.add(
    {
      on: { operation: 'create', title: 'GH Encrypted' },
      when: 'before',
      what: {
        kind: 'status',
        status: 400,
        body: { code: 'RBC302', message: said, data: {}, error: [{ body: said }], status: 400 },
      },
    },
    { on: { method: 'PATCH' }, when: 'before', what: { kind: 'status', status: 500, body: 'Out of order' } },
  )
  const result = await act(sandbox, { inputs: { retries: '0' }, manifest: FOUR })

  expect(sandbox.store.titles()).toEqual(['GH Kept', 'GH Moved', 'GH Created'])
  const ids = { ...idsOf(sandbox, { created: 'GH Created', kept: 'GH Kept' }), moved }
  expect(JSON.parse(result.outputs['profile-ids'] ?? '')).toEqual(ids)
  expect(result.outputs).toMatchObject({
    changed: 'true',
    created: '1',
    updated: '0',
    unchanged: '1',
    failed: '2',
    'profile-id-encrypted': '',
    'profile-id-moved': moved,
  })
  const errors = annotations(result, 'error')
  expect(errors).toEqual([
    `${MANIFEST_PATH}:7:36 encrypted: create profile "GH Encrypted" failed: HTTP 400 — RBC302 ${said}`,
    expect.stringMatching(
      /:9:\d+ moved: update profile "GH Moved" \(SG_.*\) failed: HTTP 500 — .*Run again later\.$/,
    ),
  ])
  for (const error of errors) {
    const [place, text] = [error.split(' ', 1)[0], error.slice(error.indexOf(' ') + 1)]
    expect(result.log).toContain(`error: ${place}  ${text}`)
  }
  expect(result.summary).toContain('1 created, 1 unchanged, 2 failed')
  expect(result.summary).toContain('encrypted')
})

test('a create that is answered with nothing but server errors fails with them, and leaves nothing behind', async () => {
  const sandbox = await account()
  sandbox.faults.add({ on: { method: 'POST' }, when: 'before', what: { kind: 'html', status: 503 } })
  const result = await act(sandbox, { inputs: { retries: '0' }, manifest: ONE })
  expect(onlyError(result)).toContain('ping: create profile "GH Ping" failed: HTTP 503 — ')
  expect(result.outputs).toMatchObject({ changed: 'true', created: '0', failed: '1', 'profile-id': '' })
  expect(sandbox.store.titles()).toEqual([])
})

describe('one message that names the input and what to do comes of', () => {
  const answering = async (what: Malfunction): Promise<Sandbox> => {
    const sandbox = await account()
    sandbox.faults.add({ on: {}, when: 'before', what })
    return sandbox
  }
  const unrouted = { code: 'RBC618', message: 'Invalid request.', data: [], error: {} }

  test.each<[string, () => Promise<Sandbox>, Record<string, string>, readonly (string | RegExp)[]]>([
    [
      'a missing API key',
      account,
      { 'api-key': '' },
      ['Input `api-key` is empty', 'secrets.KALEYRA_API_KEY'],
    ],
    ['a missing SID', account, { sid: '' }, ['Input `sid` is empty', 'secrets.KALEYRA_SID']],
    [
      'a wrong API key',
      account,
      { 'api-key': 'wrong-key' },
      ['HTTP 401', 'Incorrect SID or API key.', '`api-key`'],
    ],
    ['a wrong SID', account, { sid: 'HXOTHER' }, ['HTTP 401', '`sid`', '`region`']],
    [
      'a path that is not routed',
      () => answering({ kind: 'status', status: 400, body: unrouted }),
      {},
      ['HTTP 400', 'RBC618', '`region`', '`api-url`', '`sid`'],
    ],
    [
      'an HTML page',
      () => answering({ kind: 'html', status: 404 }),
      {},
      ['HTTP 404', 'HTML page', '`region`', '`api-url`'],
    ],
    [
      'a redirect',
      () =>
        answering({ kind: 'status', status: 302, headers: { location: 'https://elsewhere.example.com/' } }),
      {},
      ['HTTP 302', 'elsewhere.example.com', 'redirects are refused', '`api-url`'],
    ],
    [
      'a refused connection',
      account,
      { 'api-url': 'http://127.0.0.1:9' },
      ['ECONNREFUSED', '`region`', '`api-url`', 'reaches the API'],
    ],
    [
      'an answer that never comes',
      () => answering({ kind: 'hang' }),
      { timeout: '1' },
      ['no answer within 1 s', '`timeout`', '`api-url`'],
    ],
  ])('%s', async (_, open, inputs, parts) => {
    const sandbox = await open()
    const result = await act(sandbox, { inputs: { retries: '0', ...inputs }, manifest: ONE })
    const error = onlyError(result)
    for (const part of parts) expect(error).toContain(part)
    expect(error).toMatch(/[.)]$|credentials$/)
    expect(result.log.split(error)).toHaveLength(2)
    expect(sandbox.writes()).toEqual([])
    expect(result.outputs).toMatchObject({ changed: 'false', 'plan-digest': '', failed: '0' })
  })
})
