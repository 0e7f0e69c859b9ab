import { describe, expect, test } from 'vitest'
import { account, act, annotations, MANIFEST, ONE, onlyError, TITLES, writesOf } from './scenario.ts'

/** A pull request as the event shows it; a head of null is a deleted repository. */
const pullRequest = (head: string | null) => ({
  pull_request: {
    head: { repo: head === null ? null : { full_name: head } },
    base: { repo: { full_name: 'example/shop' } },
  },
})

describe('mode auto', () => {
  test.each(['push', 'schedule', 'workflow_dispatch'])('applies on %s', async (name) => {
    const sandbox = await account()
    const { outputs } = await act(sandbox, { event: { name }, manifest: ONE })
    expect(outputs).toMatchObject({ changed: 'true', 'has-changes': 'true', created: '1' })
    expect(outputs['profile-id']).toBe(sandbox.store.all()[0]?.profile_id)
  })

  test.each([
    ['pull_request', pullRequest('example/shop')],
    ['pull_request_target', pullRequest('example/shop')],
    ['merge_group', { merge_group: { head_ref: 'refs/heads/queue' } }],
  ])('plans on %s', async (name, payload) => {
    const sandbox = await account()
    const { outputs, exitCode } = await act(sandbox, { event: { name, payload }, manifest: ONE })
    expect(exitCode).toBe(0)
    expect(writesOf(sandbox)).toEqual([])
    expect(outputs).toMatchObject({ changed: 'false', 'has-changes': 'true', created: '1', 'profile-id': '' })
  })
})

test('mode plan reads only, and says what would change', async () => {
  const sandbox = await account()
  const id = sandbox.store.seed({ title: TITLES.incoming, body: {}, url: 'https://hooks.example.com/old' })
  const result = await act(sandbox, { inputs: { mode: 'plan' }, manifest: MANIFEST })
  expect(writesOf(sandbox)).toEqual([])
  expect(result.outputs).toMatchObject({
    changed: 'false',
    'has-changes': 'true',
    created: '2',
    updated: '1',
    unchanged: '0',
    'profile-id-incoming': id,
    'profile-id-orders-sms': '',
  })
  expect(result.log).toContain(
    'url: "https://hooks.example.com/old" → "https://hooks.example.com/kaleyra/in"',
  )
  expect(result.summary).toContain('2 to create, 1 to update')
})

test('mode apply applies, also on a pull request', async () => {
  const sandbox = await account()
  const event = { name: 'pull_request', payload: pullRequest('example/shop') }
  await act(sandbox, { inputs: { mode: 'apply' }, event, manifest: ONE })
  expect(sandbox.store.titles()).toEqual(['GH Ping'])
})

describe('mode validate', () => {
  test('needs no credentials, no environment and no network', async () => {
    const sandbox = await account()
    const inputs = { mode: 'validate', 'api-key': '', sid: '' }
    const env = { HOOK_TOKEN: '', CB_KEY: '', CB_IV: '' }
    const result = await act(sandbox, { inputs, env, manifest: MANIFEST })
    expect(result.exitCode).toBe(0)
    expect(sandbox.requests).toEqual([])
    expect(result.summary).toContain('3 declared, all valid')
    expect(result.outputs).toMatchObject({ 'profile-ids': '{}', 'plan-digest': '', 'plan-file': '' })
    expect(JSON.parse(result.outputs.profiles ?? '')).toHaveLength(3)
  })

  test('finds a context that a manifest cannot read', async () => {
    const inputs = { mode: 'validate', 'api-key': '', sid: '' }
    const manifest = MANIFEST.replace('env.HOOK_TOKEN', 'secrets.HOOK_TOKEN')
    const error = onlyError(await act(await account(), { inputs, manifest }))
    expect(error).toContain('callback-profiles.yml:9:31')
    expect(error).toContain('HOOK_TOKEN: ${{ secrets.HOOK_TOKEN }}')
  })
})

describe('pull_request_target', () => {
  test.each([
    ['the head of a fork', pullRequest('mallory/shop')],
    ['the head of a deleted fork', pullRequest(null)],
    ['a pull request that names no repository', { pull_request: {} }],
    ['an event that cannot be read', {}],
  ])('is refused for %s, whatever the mode', async (_, payload) => {
    const sandbox = await account()
    for (const mode of ['auto', 'apply']) {
      const event = { name: 'pull_request_target', payload }
      const result = await act(sandbox, { inputs: { mode }, event, manifest: ONE })
      expect(onlyError(result)).toMatch(/^Input `mode` is refused on `pull_request_target` .* fork/)
    }
    expect(sandbox.requests).toEqual([])
  })

  test('validates the manifest of a fork, which is offline', async () => {
    const sandbox = await account()
    const event = { name: 'pull_request_target', payload: pullRequest('mallory/shop') }
    const { exitCode } = await act(sandbox, { inputs: { mode: 'validate' }, event, manifest: ONE })
    expect(exitCode).toBe(0)
    expect(sandbox.requests).toEqual([])
  })
})

test('an environment variable that is unset or empty stops a run before its first request', async () => {
  const sandbox = await account()
  const result = await act(sandbox, { env: { HOOK_TOKEN: '' }, manifest: MANIFEST })
  expect(onlyError(result)).toMatch(
    /callback-profiles\.yml:9:31 profiles\.orders-sms\.headers\.authorization: `env\.HOOK_TOKEN` is unset or empty: add it to the step's `env:`/,
  )
  expect(annotations(result, 'warning')).toEqual([])
  expect(sandbox.requests).toEqual([])
})
