import { describe, expect, test } from 'vitest'
import { TOKEN } from '../github/loopback.ts'
import { actOn, github, pullRequest } from './pull-requests.ts'
import { account, act, annotations, expectInvisible, MANIFEST, ONE, SECRETS } from './scenario.ts'

const ALWAYS = { comment: 'always' }
const CHANGES = { comment: 'changes' }

/** A text as a reader sees it. */
const rendered = (markdown: string): string =>
  markdown.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))

describe('the comment on a pull request', () => {
  test('says what an apply would do, with the digest, and is kept up to date in place', async () => {
    const [server, sandbox] = [await github({ comments: [{ body: 'Looks good' }] }), await account()]
    const first = await actOn(server, sandbox, { inputs: CHANGES, manifest: MANIFEST })
    const [, body = ''] = server.bodies()
    expect(body).toMatch(/^<!-- kaleyra-callback-profiles [0-9a-f]{16} [0-9a-f]{6} -->\n### ✅ /)
    expect(body).toContain('3 to create')
    expect(body).toContain('<code>orders-sms</code><br>GH Orders SMS')
    expect(rendered(body)).toContain('headers.authorization: (secret)')
    expect(body).toContain(first.outputs['plan-digest'])
    expect(body).toContain('https://github.example.com/example/shop/actions/runs/42')

    const changed = MANIFEST.replace('GH Incoming', 'GH Incoming Messages')
    await actOn(server, sandbox, { inputs: CHANGES, manifest: changed })
    const [, updated = '', ...others] = server.bodies()
    expect(others).toEqual([])
    expect(updated).toContain('GH Incoming Messages')
    expect(sandbox.writes()).toEqual([])
  })

  test('shrinks to a notice when there is nothing to do any more', async () => {
    const [server, sandbox] = [await github(), await account()]
    await actOn(server, sandbox, { inputs: CHANGES, manifest: ONE })
    await act(sandbox, { inputs: { mode: 'apply' }, manifest: ONE })
    await actOn(server, sandbox, { inputs: CHANGES, manifest: ONE })
    const [body = '', ...others] = server.bodies()
    expect(others).toEqual([])
    expect(body).toMatch(/^<!-- .* -->\n✅ Kaleyra callback profiles: nothing to do, 1 unchanged\.\n\n<sub>/)
    expect(body).not.toContain('<details>')
  })

  test.each([
    ['changes', 0],
    ['always', 1],
    ['never', 0],
  ])('with `%s` and nothing to do is made %i times', async (comment, count) => {
    const [server, sandbox] = [await github(), await account()]
    await act(sandbox, { inputs: { mode: 'apply' }, manifest: ONE })
    await actOn(server, sandbox, { inputs: { comment }, manifest: ONE })
    expect(server.bodies()).toHaveLength(count)
  })

  test('says what is wrong with a manifest, in place of a plan that no longer holds', async () => {
    const [server, sandbox] = [await github(), await account()]
    await actOn(server, sandbox, { inputs: CHANGES, manifest: ONE })
    await actOn(server, sandbox, {
      inputs: CHANGES,
      manifest: ONE.replace('http_method: GET', 'http_method: GTE'),
    })
    const [body = '', ...others] = server.bodies()
    expect(others).toEqual([])
    expect(body).toContain('❌')
    expect(body).toContain(
      '<a href="https://github.example.com/example/shop/blob/1111111111111111111111111111111111111111/.github/callback-profiles.yml#L2">',
    )
    expect(body).not.toContain('to create')
  })

  test('says what an apply would refuse, and what to do about it', async () => {
    const [server, sandbox] = [await github(), await account()]
    sandbox.store.seed({ title: 'GH Legacy' })
    const manifest = `profiles:\n  legacy: { title: GH Legacy, state: absent }\n`
    await actOn(server, sandbox, { inputs: CHANGES, manifest })
    const [body = ''] = server.bodies()
    expect(rendered(body)).toContain('legacy: is to be deleted, which is blocked')
    expect(rendered(body)).toMatch(
      /\*\*Next steps\*\*\n\n- Review it, then set <code>allow-delete: true<\/code>/,
    )
  })

  test('says what is to be reported although there is nothing to do', async () => {
    const [server, sandbox] = [await github(), await account()]
    sandbox.store.seed({
      title: 'GH Ping',
      http_method: 'GET',
      url: 'https://hooks.example.com/ping',
      status: 2,
    })
    await actOn(server, sandbox, { inputs: ALWAYS, manifest: ONE })
    expect(server.bodies()[0]).toContain('nothing to do, 1 to report')
    expect(rendered(server.bodies()[0] ?? '')).toContain('Kaleyra disabled this profile (status 2)')
  })

  test('makes no link of a title, and names the manifest', async () => {
    const [server, sandbox] = [await github(), await account()]
    await actOn(server, sandbox, { inputs: ALWAYS, manifest: ONE.replace('GH Ping', 'GH-12 Ping') })
    expect(server.bodies()[0]).toContain('<br>GH-\u200b12 Ping')
    expect(server.bodies()[0]).toContain('<sub><code>.github/callback-profiles.yml</code> ·')
  })

  test('does not spread the SID, which an answer of the API may hold', async () => {
    const [server, sandbox] = [await github(), await account()]
    const { sid } = sandbox.options
    const headers = { location: `/v2/${sid}` }
    sandbox.faults.add({ on: {}, when: 'before', what: { kind: 'status', status: 302, headers } })
    await actOn(server, sandbox, { inputs: ALWAYS, manifest: ONE })
    expect(server.bodies()[0]).toContain('redirected to')
    expect(rendered(server.bodies()[0] ?? '')).not.toContain(sid)
  })

  test('is one for each manifest and account', async () => {
    const [server, sandbox, other] = [await github(), await account(), await account()]
    const files = { 'a.yml': ONE, 'b.yml': ONE }
    for (const manifest of ['a.yml', 'b.yml', 'a.yml'])
      await actOn(server, sandbox, { inputs: { ...ALWAYS, manifest }, files })
    await actOn(server, other, { inputs: { ...ALWAYS, manifest: 'a.yml' }, files })
    expect(new Set(server.bodies().map((body) => body.split('\n', 1)[0])).size).toBe(3)
    expect(server.bodies()).toHaveLength(3)
  })

  test('is found over all pages', async () => {
    const talk = Array.from({ length: 250 }, (_, index) => ({ body: `remark ${index}` }))
    const [server, sandbox] = [await github({ comments: talk }), await account()]
    await actOn(server, sandbox, { inputs: CHANGES, manifest: ONE })
    await actOn(server, sandbox, { inputs: CHANGES, manifest: ONE.replace('GH Ping', 'GH Pong') })
    expect(server.bodies()).toHaveLength(251)
    expect(server.bodies().at(-1)).toContain('GH Pong')
  })

  test('stays below 60,000 characters', async () => {
    const [server, sandbox] = [await github(), await account()]
    const profiles = Object.fromEntries(
      Array.from({ length: 1500 }, (_, index) => [
        `key-${index}`,
        { title: `GH ${index}`, http_method: 'GET', url: `https://hooks.example.com/${'é'.repeat(150)}` },
      ]),
    )
    await actOn(server, sandbox, { inputs: CHANGES, manifest: JSON.stringify({ profiles }) })
    const [body = ''] = server.bodies()
    expect(body.length).toBeLessThan(60_000)
    expect(body.length).toBeGreaterThan(10_000)
    expect(body).toMatch(/…and \d+ more/)
    expect(body).toContain('Plan digest')
  })

  test('shows no secret', async () => {
    const [server, sandbox] = [await github(), await account()]
    const result = await actOn(server, sandbox, { inputs: CHANGES, manifest: MANIFEST })
    const body = rendered(server.bodies().join())
    for (const secret of [...Object.values(SECRETS), TOKEN, sandbox.options.apiKey])
      expect(body).not.toContain(secret)
    expectInvisible(result, [TOKEN])
    expect(result.masks).toContain(TOKEN)
  })
})

describe('a comment of that marker', () => {
  test('that a person wrote is left alone', async () => {
    const sandbox = await account()
    const probe = await github()
    await actOn(probe, sandbox, { inputs: ALWAYS, manifest: ONE })
    const forged = `${probe.bodies()[0]?.split('\n')[0]}\nmine`
    const server = await github({ comments: [{ body: forged, type: 'User' }, { body: `quote\n${forged}` }] })
    await actOn(server, sandbox, { inputs: ALWAYS, manifest: ONE })
    expect(server.bodies().slice(0, 2)).toEqual([forged, `quote\n${forged}`])
    expect(server.bodies()).toHaveLength(3)
  })

  test('that may not be changed is passed over for a new one, which is then kept up to date', async () => {
    const sandbox = await account()
    const probe = await github()
    await actOn(probe, sandbox, { inputs: ALWAYS, manifest: ONE })
    const foreign = probe.bodies()[0] ?? ''
    const server = await github({ comments: [{ body: `${foreign} `, own: false }] })
    for (const title of ['GH Ping', 'GH Pong'])
      await actOn(server, sandbox, { inputs: ALWAYS, manifest: ONE.replace('GH Ping', title) })
    expect(server.bodies()).toHaveLength(2)
    expect(server.bodies()[1]).toContain('GH Pong')
  })
})

describe('a GitHub that', () => {
  test('refuses the comment costs a warning that names the permission', async () => {
    const [server, sandbox] = [await github({ writes: false }), await account()]
    const result = await actOn(server, sandbox, { inputs: CHANGES, manifest: ONE })
    expect(result.exitCode).toBe(0)
    expect(annotations(result, 'warning')).toEqual([
      'The plan could not be put on the pull request (HTTP 403: Resource not accessible by integration - https://docs.github.com/rest): grant the job the permission `pull-requests: write`, which a pull request from a fork cannot have',
    ])
  })

  test('fails after it has stored the comment does not get it twice', async () => {
    const failures = [{ operation: 'create comment', status: 502, after: true }] as const
    const [server, sandbox] = [await github({ failures }), await account()]
    const result = await actOn(server, sandbox, { inputs: CHANGES, manifest: ONE })
    expect(annotations(result, 'warning')).toEqual([])
    expect(server.bodies()).toHaveLength(1)
  })

  test('fails for a moment is asked again', async () => {
    const failures = [{ operation: 'list comments', status: 500 }] as const
    const [server, sandbox] = [await github({ failures }), await account()]
    await actOn(server, sandbox, { inputs: CHANGES, manifest: ONE })
    expect(server.bodies()).toHaveLength(1)
  })
})

test.each([
  ['a push', { name: 'push', payload: {} }, {}],
  ['an apply', pullRequest(), { mode: 'apply' }],
])('%s is not commented on', async (_, event, inputs) => {
  const [server, sandbox] = [await github(), await account()]
  const result = await actOn(server, sandbox, { event, inputs: { ...ALWAYS, ...inputs }, manifest: ONE })
  expect(result.exitCode).toBe(0)
  expect(server.exchanges).toEqual([])
})

test('without a token the comment costs a warning that names the input', async () => {
  const result = await actOn(await github(), await account(), {
    inputs: { ...ALWAYS, 'github-token': '' },
    manifest: ONE,
  })
  expect(result.exitCode).toBe(0)
  expect(annotations(result, 'warning')[0]).toContain('`github-token` is empty')
})
