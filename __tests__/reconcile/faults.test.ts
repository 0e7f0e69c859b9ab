/**
 * Every fault at every request of every operation, over real HTTP. After the faulty run and one more without faults, each
 * title exists exactly once, each id is in the outputs, and nothing is left to do.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Fault, type Malfunction, type Sandbox, startSandbox } from '../../sandbox/server.ts'
import { type Acted, act, idsOf } from '../action.ts'

/** A server that answers 429 has not done it, so a create is simply sent again: it takes effect before or never. */
const REFUSALS: Readonly<Record<string, Malfunction>> = {
  '429': { kind: 'status', status: 429 },
  '429 with Retry-After': { kind: 'status', status: 429, headers: { 'retry-after': '7' } },
}

const MALFUNCTIONS: Readonly<Record<string, Malfunction>> = {
  reset: { kind: 'reset' },
  hang: { kind: 'hang' },
  '408': { kind: 'status', status: 408 },
  ...REFUSALS,
  '500': {
    kind: 'status',
    status: 500,
    body: { code: 'RBC500', message: 'Internal error', data: {}, error: [] },
  },
  '502 HTML': { kind: 'html', status: 502 },
  '503': { kind: 'empty', status: 503 },
  '503 with Retry-After': { kind: 'status', status: 503, headers: { 'retry-after': '3' } },
  '504': { kind: 'html', status: 504 },
  cut: { kind: 'cut' },
  junk: { kind: 'junk' },
  empty: { kind: 'empty', status: 200 },
  'failure in a success': { kind: 'failure-in-success' },
}

const profile = (title: string, extra: object = {}) => ({
  title,
  http_method: 'POST',
  url: 'https://hooks.example.com/a',
  body: { id: '<id>' },
  ...extra,
})
const other = profile('GH Other', { url: 'https://hooks.example.com/other' })

interface Scenario {
  /** Profiles that the account holds first. */
  readonly account: readonly ReturnType<typeof profile>[]
  readonly profiles: Readonly<Record<string, object>>
  readonly prune?: { title_prefix: string }
  /** Titles that the account holds in the end. */
  readonly titles: readonly string[]
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'creates two profiles': {
    account: [other],
    profiles: { a: profile('GH A'), b: profile('GH B') },
    titles: ['GH A', 'GH B', 'GH Other'],
  },
  'updates a profile in place': {
    account: [other, profile('GH A')],
    profiles: { a: profile('GH A', { url: 'https://hooks.example.com/b' }) },
    titles: ['GH A', 'GH Other'],
  },
  'renames a profile': {
    account: [other, profile('GH Old')],
    profiles: { a: profile('GH A', { previous_titles: ['GH Old'] }) },
    titles: ['GH A', 'GH Other'],
  },
  'replaces a profile whose channel changes': {
    account: [other, profile('GH A', { response_message: 'kept' })],
    profiles: { a: profile('GH A', { channel: 'sms', events: ['SMS-sent'] }) },
    titles: ['GH A', 'GH Other'],
  },
  'deletes a profile': {
    account: [other, profile('GH A')],
    profiles: { a: { title: 'GH A', state: 'absent' } },
    titles: ['GH Other'],
  },
  'prunes what is not declared': {
    account: [other, profile('TF A'), profile('TF B')],
    profiles: { a: profile('TF A') },
    prune: { title_prefix: 'TF ' },
    titles: ['GH Other', 'TF A'],
  },
}

/** Requests of the longest scenario; a fault beyond the last one hits nothing. */
const MOST_REQUESTS = 12

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const seed = ({ account }: Scenario): void => {
  for (const { profile_id } of sandbox.store.all()) sandbox.store.remove(profile_id)
  for (const input of account) sandbox.store.seed(input)
  sandbox.faults.clear()
  sandbox.requests.length = 0
}

const run = ({ profiles, prune }: Scenario): Promise<Acted> =>
  act({
    sandbox,
    profiles: { profiles, ...(prune === undefined ? {} : { prune }) },
    inputs: { 'allow-delete': 'true', concurrency: '1', retries: '2' },
  })

const expectSettled = (scenario: Scenario, acted: Acted): void => {
  expect(sandbox.store.titles().toSorted()).toEqual(scenario.titles)
  const byTitle = new Map(sandbox.store.all().map((stored) => [stored.title, stored]))
  const expected = Object.entries(scenario.profiles).flatMap(
    ([key, { title }]: [string, { title?: string }]) => {
      const stored = byTitle.get(title ?? '')
      return stored === undefined ? [] : [[key, stored.profile_id]]
    },
  )
  expect(idsOf(acted)).toEqual(Object.fromEntries(expected))
}

describe.each(Object.entries(SCENARIOS))('a run that %s', (_, scenario) => {
  describe.each(['before', 'after', 'late'] as const)('when the write fails %s it took effect', (when) => {
    const possible = Object.entries(MALFUNCTIONS).filter(([name]) => when === 'before' || !(name in REFUSALS))
    test.each(possible)('survives %s at every request', async (_name, what) => {
      for (let nth = 1; nth <= MOST_REQUESTS; nth += 1) {
        seed(scenario)
        const fault: Fault = { on: { nth }, when, what }
        sandbox.faults.add(fault)
        const faulty = await run(scenario)
        if (sandbox.requests.length < nth) break
        const after = `fault at request ${nth}\n${faulty.log}\n${JSON.stringify(faulty.annotations)}\n${sandbox.requests.map((r) => [r.method, r.path.slice(-60), JSON.stringify(r.query), r.status].join(' ')).join('\n')}`
        const titles = sandbox.store.titles()
        expect(new Set(titles).size, after).toBe(titles.length)
        if (faulty.exitCode === 0) expectSettled(scenario, faulty)
        else expect(faulty.annotations.length, after).toBeGreaterThan(0)

        sandbox.faults.clear()
        const again = await run(scenario)
        expect(again.exitCode, `${after}\n--- again ---\n${again.log}`).toBe(0)
        expectSettled(scenario, again)
        sandbox.requests.length = 0
        expect((await run(scenario)).exitCode).toBe(0)
        expect(sandbox.writes()).toEqual([])
      }
    })
  })
})
