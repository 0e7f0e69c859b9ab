import { describe, expect, test } from 'vitest'
import { account, act, annotations, MANIFEST, ONE, onlyError, TITLES, writesOf } from './scenario.ts'

const MOVED = ONE.replace('example.com/ping', 'example.com/moved')

describe('a profile that exists and differs', () => {
  test('is reported and kept with on-existing: keep', async () => {
    const sandbox = await account()
    await act(sandbox, { manifest: ONE })
    sandbox.requests.length = 0
    const result = await act(sandbox, { inputs: { 'on-existing': 'keep' }, manifest: MOVED })
    expect(result.exitCode).toBe(0)
    expect(writesOf(sandbox)).toEqual([])
    expect(result.outputs).toMatchObject({ changed: 'false', 'has-changes': 'false', unchanged: '1' })
    expect(result.outputs['profile-id']).toBe(sandbox.store.all()[0]?.profile_id)
    expect(result.log).toMatch(/differs from the account in url.*on-existing: keep/)
  })

  test('fails the step before anything is written with on-existing: fail', async () => {
    const sandbox = await account()
    await act(sandbox, { manifest: ONE })
    sandbox.requests.length = 0
    const both = `${MOVED}  new: { title: GH New, http_method: GET, url: "https://hooks.example.com/new" }\n`
    const result = await act(sandbox, { inputs: { 'on-existing': 'fail' }, manifest: both })
    expect(onlyError(result)).toMatch(
      /:2:\d+ ping: differs from the account in url, and `on-existing` is `fail`/,
    )
    expect(writesOf(sandbox)).toEqual([])
    expect(result.outputs).toMatchObject({ changed: 'false', created: '0', updated: '0', failed: '1' })
    expect(result.outputs['profile-id-ping']).toBe(sandbox.store.all()[0]?.profile_id)
  })
})

describe('the digest of a plan', () => {
  test('is the same in a plan run, in the apply, and under another API key', async () => {
    const sandbox = await account()
    const planned = await act(sandbox, { inputs: { mode: 'plan' }, manifest: MANIFEST })
    const applied = await act(sandbox, { manifest: MANIFEST })
    const digest = planned.outputs['plan-digest']
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    expect(applied.outputs['plan-digest']).toBe(digest)
    await sandbox.close()

    const port = Number(new URL(sandbox.url).port)
    const other = await account({ port, apiKey: 'another-api-key' })
    const again = await act(other, { inputs: { mode: 'plan' }, manifest: MANIFEST })
    expect(again.outputs['plan-digest']).toBe(digest)
  })

  test('lets the reviewed plan through, and no other', async () => {
    const sandbox = await account()
    const { outputs } = await act(sandbox, { inputs: { mode: 'plan' }, manifest: ONE })
    const expected = outputs['plan-digest'] ?? ''

    const other = await act(sandbox, { inputs: { 'expected-plan': expected }, manifest: MOVED })
    expect(onlyError(other)).toMatch(
      new RegExp(`not the reviewed one.* ${other.outputs['plan-digest']}.*\`expected-plan\`.* ${expected}`),
    )
    expect(writesOf(sandbox)).toEqual([])
    expect(other.outputs).toMatchObject({ changed: 'false', 'has-changes': 'true', created: '0' })

    const same = await act(sandbox, { inputs: { 'expected-plan': expected.toUpperCase() }, manifest: ONE })
    expect(same.outputs).toMatchObject({ changed: 'true', created: '1' })
  })
})

test('fail-on-changes fails a plan with changes and passes one without', async () => {
  const sandbox = await account()
  const inputs = { mode: 'plan', 'fail-on-changes': 'true' }
  const drifted = await act(sandbox, { inputs, manifest: ONE })
  expect(onlyError(drifted)).toContain('the account differs from the manifest, and `fail-on-changes` is set')
  expect(drifted.outputs).toMatchObject({ 'has-changes': 'true', created: '1', failed: '0' })
  await act(sandbox, { manifest: ONE })
  const settled = await act(sandbox, { inputs, manifest: ONE })
  expect(settled.exitCode).toBe(0)
  expect(settled.outputs).toMatchObject({ 'has-changes': 'false', unchanged: '1' })
})

test('the plan file is the plan as JSON', async () => {
  const sandbox = await account()
  const id = sandbox.store.seed({ title: TITLES.incoming, body: {}, url: 'https://hooks.example.com/old' })
  const { outputs, plan } = await act(sandbox, { inputs: { mode: 'plan' }, manifest: MANIFEST })
  const parsed = JSON.parse(plan)
  expect(parsed).toMatchObject({
    sid: sandbox.options.sid,
    origin: sandbox.origin,
    digest: outputs['plan-digest'],
    counts: { create: 2, update: 1, replace: 0, delete: 0, unchanged: 0, report: 0 },
  })
  expect(parsed.changes.map(({ key }: { key: string }) => key)).toEqual([
    'incoming',
    'orders-sms',
    'whatsapp-status',
  ])
  expect(parsed.changes[0]).toMatchObject({
    id,
    verb: 'update',
    changes: expect.arrayContaining([
      {
        path: 'url',
        from: '"https://hooks.example.com/old"',
        to: '"https://hooks.example.com/kaleyra/in"',
      },
    ]),
  })
})

test('two profiles of one title stop an apply before its first write, with the line to add', async () => {
  const sandbox = await account()
  const ids = [sandbox.store.seed({ title: 'GH Ping' }), sandbox.store.seed({ title: 'GH Ping' })]
  const manifest = `${ONE}  new: { title: GH New, http_method: GET, url: "https://hooks.example.com/new" }\n`
  const result = await act(sandbox, { manifest })
  const error = onlyError(result)
  for (const id of ids) expect(error).toContain(id)
  expect(error).toMatch(new RegExp(`\`id: (${ids.join('|')})\``))
  expect(writesOf(sandbox)).toEqual([])
  expect(annotations(result, 'warning')).toEqual([])
})
