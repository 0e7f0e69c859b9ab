import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Fault, Sandbox } from '../../sandbox/server.ts'
import { account, act, annotations, idsOf } from './scenario.ts'

const TITLES = { a: 'GH A', b: 'GH B', c: 'GH C', d: 'GH D' }
const MANIFEST = `profiles:
${Object.entries(TITLES)
  .map(
    ([key, title]) =>
      `  ${key}: { title: ${title}, http_method: GET, url: "https://hooks.example.com/${key}" }`,
  )
  .join('\n')}
`
const SMS = `profiles:
  a: { title: GH A, http_method: POST, url: "https://hooks.example.com/a", body: {}, channel: sms }
`
/** Most milliseconds from the first signal to the end: a runner kills the process after 7.5 s. */
const MOST_MS = 5000
type Signal = 'SIGINT' | 'SIGTERM'

/** Runs the action with `concurrency: 2`, and signals it when `ready` says so, again after each of `pauses`. */
async function cancelled(
  sandbox: Sandbox,
  manifest: string,
  ready: () => boolean,
  signals: readonly (readonly [Signal, pause: number])[],
) {
  let send = (_: Signal): void => {}
  const running = act(sandbox, {
    manifest,
    inputs: { concurrency: '2', 'allow-delete': 'true' },
    onStart: (signal) => {
      send = signal
    },
  })
  while (!ready()) await delay(10)
  const start = performance.now()
  for (const [name, pause] of signals) {
    await delay(pause)
    send(name)
  }
  const seen = sandbox.writes().length
  const result = await running
  expect(performance.now() - start).toBeLessThan(MOST_MS)
  expect(sandbox.writes()).toHaveLength(seen)
  expect(result.exitCode).toBe(1)
  expect(annotations(result, 'error')[0]).toMatch(/^the run was cancelled before it was done/)
  expect(result.summary).toContain('the run was cancelled')
  return result
}

async function expectCompleted(sandbox: Sandbox, manifest: string, titles: object): Promise<void> {
  sandbox.faults.clear()
  const { exitCode, outputs, log } = await act(sandbox, { manifest, inputs: { 'allow-delete': 'true' } })
  expect(exitCode, log).toBe(0)
  expect(sandbox.store.titles().toSorted()).toEqual(Object.values(titles))
  expect(JSON.parse(outputs['profile-ids'] ?? '')).toEqual(idsOf(sandbox, { ...titles }))
}

const hang = (operation: NonNullable<Fault['on']['operation']>, when: Fault['when']): Fault => ({
  on: { operation },
  when,
  what: { kind: 'hang' },
})

test.concurrent.each<[string, (readonly [Signal, number])[]]>([
  ['SIGTERM', [['SIGTERM', 0]]],
  [
    'SIGINT, and SIGTERM as a runner sends it next',
    [
      ['SIGINT', 0],
      ['SIGTERM', 1500],
    ],
  ],
  [
    'the same signal again and again',
    [
      ['SIGTERM', 0],
      ['SIGTERM', 300],
      ['SIGTERM', 300],
    ],
  ],
])('while creates hang, %s ends the run, and what is open is listed', async (_, signals) => {
  const sandbox = await account()
  sandbox.faults.add(hang('create', 'before'))
  const result = await cancelled(sandbox, MANIFEST, () => sandbox.writes().length === 2, signals)
  expect(result.outputs).toMatchObject({ created: '0', failed: '4', 'profile-ids': '{}' })
  for (const key of Object.keys(TITLES)) {
    expect(annotations(result, 'error').join('\n')).toMatch(
      new RegExp(`${key}: (create profile "GH|not tried)`),
    )
    expect(result.summary).toContain(`</a> ${key}&#58; `)
  }
  await expectCompleted(sandbox, MANIFEST, TITLES)
})

test.concurrent('a create that took effect unseen is found before the run ends', async () => {
  const sandbox = await account()
  sandbox.faults.add(hang('create', 'after'))
  const { outputs } = await cancelled(sandbox, MANIFEST, () => sandbox.writes().length === 2, [
    ['SIGTERM', 0],
  ])
  expect(outputs).toMatchObject({ created: '2', failed: '2', changed: 'true' })
  const ids = Object.values(JSON.parse(outputs['profile-ids'] ?? ''))
  expect(ids.toSorted()).toEqual(
    sandbox.store
      .all()
      .map(({ profile_id }) => profile_id)
      .toSorted(),
  )
  await expectCompleted(sandbox, MANIFEST, TITLES)
})

test.concurrent('a search that hangs is given up in time', async () => {
  const sandbox = await account()
  // The first two reads of the list are those before the creates.
  sandbox.faults.add(hang('create', 'after'), {
    ...hang('list', 'before'),
    on: { operation: 'list', nth: 3, times: 100 },
  })
  const result = await cancelled(sandbox, MANIFEST, () => sandbox.writes().length === 2, [['SIGTERM', 0]])
  expect(result.outputs).toMatchObject({ created: '0', failed: '4', changed: 'true' })
  expect(annotations(result, 'error').join('\n')).toMatch(
    /create profile "GH A" failed: .*could not be searched for/,
  )
  await expectCompleted(sandbox, MANIFEST, TITLES)
})

test.concurrent('while the account is read, nothing is waited for', async () => {
  const sandbox = await account()
  sandbox.faults.add(hang('list', 'before'))
  const start = performance.now()
  const { outputs } = await cancelled(sandbox, MANIFEST, () => sandbox.requests.length > 0, [['SIGTERM', 0]])
  expect(performance.now() - start).toBeLessThan(4500)
  expect(outputs).toMatchObject({ changed: 'false', 'plan-digest': '', 'profile-id-a': '' })
  await expectCompleted(sandbox, MANIFEST, TITLES)
})

test.concurrent('a replacement is completed by the next run', async () => {
  const sandbox = await account()
  sandbox.store.seed({ title: 'GH A', url: 'https://hooks.example.com/a', response_message: 'kept' })
  sandbox.faults.add(hang('create', 'before'))
  const created = (): boolean => sandbox.writes().some(({ method }) => method === 'POST')
  const result = await cancelled(sandbox, SMS, created, [['SIGTERM', 0]])
  expect(annotations(result, 'error').join('\n')).toMatch(
    /a: create profile "GH A" failed: .*the old profile SG_\S+ stays set aside/,
  )
  expect(sandbox.store.titles()).toEqual(['GH A__replaced'])
  await expectCompleted(sandbox, SMS, { a: 'GH A' })
  expect(sandbox.store.all()).toMatchObject([{ channel: 'sms', response_message: 'kept' }])
})
