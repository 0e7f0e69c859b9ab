import { expect, test } from 'vitest'
import { OUTPUT_NAMES } from '../../src/report/outputs.ts'
import { account, act, MANIFEST, ONE } from './scenario.ts'

const NOTHING = {
  'profile-id': '',
  'profile-ids': '{}',
  profiles: '[]',
  changed: 'false',
  'has-changes': 'false',
  created: '0',
  updated: '0',
  replaced: '0',
  deleted: '0',
  unchanged: '0',
  failed: '0',
  'plan-digest': '',
  'plan-file': '',
}
const declared = (action: string, id = '', changed: string[] = ['title', 'http_method', 'url']) =>
  JSON.stringify([{ key: 'ping', title: 'GH Ping', id, action, changed }])
const DIGEST = expect.stringMatching(/^[0-9a-f]{64}$/)
const FILE = expect.stringMatching(/callback-profiles-plan-[0-9a-f]{12}\.json$/)

test('the documented outputs are these', () => {
  expect([...OUTPUT_NAMES]).toEqual(Object.keys(NOTHING))
})

test('an apply sets every output', async () => {
  const sandbox = await account()
  const { outputs } = await act(sandbox, { manifest: ONE })
  const id = sandbox.store.all()[0]?.profile_id ?? ''
  expect(outputs).toEqual({
    ...NOTHING,
    'profile-id': id,
    'profile-id-ping': id,
    'profile-ids': JSON.stringify({ ping: id }),
    profiles: declared('create', id),
    changed: 'true',
    'has-changes': 'true',
    created: '1',
    'plan-digest': DIGEST,
    'plan-file': FILE,
  })
})

test('a plan sets every output', async () => {
  const { outputs } = await act(await account(), { inputs: { mode: 'plan' }, manifest: ONE })
  expect(outputs).toEqual({
    ...NOTHING,
    'profile-id-ping': '',
    profiles: declared('create'),
    'has-changes': 'true',
    created: '1',
    'plan-digest': DIGEST,
    'plan-file': FILE,
  })
})

test('a validation sets every output', async () => {
  const { outputs } = await act(await account(), { inputs: { mode: 'validate' }, manifest: ONE })
  expect(outputs).toEqual({ ...NOTHING, 'profile-id-ping': '', profiles: declared('', '', []) })
})

test.each([
  ['an invalid manifest', { manifest: 'profiles: 3\n' }],
  ['a missing manifest', {}],
  ['a bad input', { inputs: { mode: 'deploy' }, manifest: ONE }],
  ['a missing credential', { inputs: { sid: '' }, manifest: ONE }],
])('%s sets every output', async (_, run) => {
  const { outputs, exitCode } = await act(await account(), run)
  expect(exitCode).toBe(1)
  expect(outputs).toEqual(NOTHING)
})

test('a failure of the API sets every output', async () => {
  const sandbox = await account()
  sandbox.faults.add({ on: {}, when: 'before', what: { kind: 'status', status: 500 } })
  const { outputs } = await act(sandbox, { inputs: { retries: '0' }, manifest: ONE })
  expect(outputs).toEqual({ ...NOTHING, 'profile-id-ping': '', profiles: declared('', '', []) })
})

test('several profiles have no single id, and an empty manifest has none', async () => {
  const sandbox = await account()
  const three = await act(sandbox, { manifest: MANIFEST })
  expect(three.outputs['profile-id']).toBe('')
  expect(Object.keys(JSON.parse(three.outputs['profile-ids'] ?? ''))).toHaveLength(3)
  const none = await act(sandbox, { manifest: 'profiles: {}\n' })
  expect(none.exitCode).toBe(0)
  expect(none.outputs).toEqual({ ...NOTHING, 'plan-digest': DIGEST, 'plan-file': FILE })
})

test('the summary is not written where it is switched off', async () => {
  const { summary, outputs } = await act(await account(), { inputs: { summary: 'false' }, manifest: ONE })
  expect(summary).toBe('')
  expect(outputs.created).toBe('1')
})

test('a job summary that cannot be written is a warning, and the outputs are set', async () => {
  const env = { GITHUB_STEP_SUMMARY: '/nowhere/summary.md' }
  const { exitCode, outputs, log } = await act(await account(), { env, manifest: ONE })
  expect(exitCode).toBe(0)
  expect(outputs.created).toBe('1')
  expect(log).toMatch(/^::warning::The job summary cannot be written: /m)
})
