import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Fault } from '../../sandbox/server.ts'
import { createCancellation, unlessAborted } from '../../src/cancellation.ts'
import { createReader, createWriter } from '../../src/kaleyra/client.ts'
import { createDirectory } from '../../src/kaleyra/directory.ts'
import type { KaleyraError } from '../../src/kaleyra/error.ts'
import { createOnce } from '../../src/reconcile/create.ts'
import { OUTPUT_NAMES } from '../../src/report/outputs.ts'
import { type Acted, act, idsOf } from '../action.ts'
import { createClock } from '../clock.ts'
import { declared } from '../declared.ts'
import { failureOf, openAt } from '../kaleyra/api.ts'
import { errorsOf, manyWanted, openSandbox, told } from './accounts.ts'

const PROFILES = manyWanted(12)
const HINT = 'the run was cancelled before it was done. Run again: it takes up from what the account holds.'

/** Proves what holds of every cancelled run: it says so, and each output is set. */
function expectCancelled(acted: Acted): void {
  expect(acted.exitCode).toBe(1)
  expect(errorsOf(acted)[0]).toBe(HINT)
  expect(Object.keys(acted.outputs)).toEqual(expect.arrayContaining([...OUTPUT_NAMES]))
  expect(acted.summary).toContain('the run was cancelled')
}

describe('a run that is cancelled while it writes', () => {
  const CONCURRENCY = 2

  test.each([3, 4, 6, 9])(
    'at request %i starts nothing new, and lists what is not done',
    async (cancelAt) => {
      const sandbox = await openSandbox({ latency: 15 })
      const inputs = { concurrency: String(CONCURRENCY) }
      const acted = await act({ sandbox, profiles: { profiles: PROFILES }, inputs, cancelAt })
      expectCancelled(acted)
      expect(sandbox.requests.length).toBeLessThanOrEqual(cancelAt + CONCURRENCY)
      const done = Number(acted.outputs.created)
      expect(acted.outputs.failed).toBe(String(12 - done))
      expect(Object.keys(idsOf(acted))).toHaveLength(done)
      for (const key of Object.keys(PROFILES).filter((name) => !(name in idsOf(acted))))
        expect(told(acted)).toMatch(new RegExp(`${key}: (create profile|not tried: the run was cancelled)`))

      const again = await act({ sandbox, profiles: { profiles: PROFILES }, inputs })
      expect(again.exitCode, told(again)).toBe(0)
      expect(sandbox.store.titles().toSorted()).toEqual(Object.values(PROFILES).map(({ title }) => title))
      expect(idsOf(again)).toMatchObject(idsOf(acted))
    },
  )
})

test('a run that is cancelled while it plans writes nothing, and says so', async () => {
  const sandbox = await openSandbox({ latency: 15, list: { maxLimit: 2, filter: 'ignored' } })
  for (const profile of Object.values(PROFILES)) sandbox.store.seed(profile)
  const acted = await act({
    sandbox,
    profiles: { profiles: PROFILES },
    inputs: { concurrency: '1' },
    cancelAt: 3,
  })
  expectCancelled(acted)
  expect(errorsOf(acted)).toHaveLength(1)
  expect(sandbox.requests.length).toBeLessThanOrEqual(4)
  expect(acted.outputs).toMatchObject({ 'plan-digest': '', changed: 'false' })
})

describe('a create of which it is unknown whether it happened', () => {
  const search = async (when: Fault['when'], stopAt: number) => {
    const clock = createClock()
    const [stop, never] = [new AbortController(), new AbortController()]
    const sandbox = await openSandbox({}, ({ requests }) => {
      if (requests.length >= stopAt) stop.abort()
    })
    sandbox.faults.add({
      on: { operation: 'create' },
      when,
      what: { kind: 'reset' },
      lateBy: { requests: stopAt + 1 },
    })
    const cancellation = { stop: stop.signal, abort: never.signal, end: never.signal }
    const { send } = openAt(sandbox.origin, { clock, cancellation })
    const reader = createReader(send)
    const context = {
      reader,
      writer: createWriter(send),
      directory: createDirectory(reader),
      clock,
      cancellation,
      timeoutMs: 600_000,
      retries: 4,
      allowDelete: false,
      takeDeletion: () => false,
    }
    const created = createOnce(await declared({ body: { a: 1 } }), 'GH Orders', new Set(), context)
    return { sandbox, clock, created }
  }

  test('is searched for within two seconds of the cancellation, and not sent again', async () => {
    const { sandbox, clock, created } = await search('before', 1)
    const error: KaleyraError = await failureOf(created)
    expect(error.mayHaveLanded).toBe(true)
    expect(error.message).toMatch(
      /create profile "GH Orders" failed: .*it did not appear on the account since, but may yet/,
    )
    expect(sandbox.writes()).toHaveLength(1)
    expect(sandbox.requests.length).toBeGreaterThan(2)
    expect(clock.waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(2000)
  })

  test('is adopted where it shows in that time', async () => {
    const { sandbox, created } = await search('late', 1)
    expect(await created).toBe(sandbox.store.all()[0]?.profile_id)
    expect(sandbox.writes()).toHaveLength(1)
  })

  test('does not keep a cancelled run waiting for its next search', async () => {
    const { sandbox, clock, created } = await search('before', 6)
    await failureOf(created)
    expect(sandbox.writes()).toHaveLength(1)
    expect(clock.waits.length).toBeLessThan(8)
  })
})

describe('the stages of a cancellation', () => {
  afterEach(() => vi.useRealTimers())

  test('come at once, after two and after four seconds, and a second signal changes nothing', () => {
    vi.useFakeTimers()
    const { cancellation, cancel } = createCancellation()
    const aborted = (): boolean[] =>
      [cancellation.stop, cancellation.abort, cancellation.end].map((signal) => signal.aborted)
    expect(aborted()).toEqual([false, false, false])
    cancel()
    const { reason } = cancellation.stop
    expect(aborted()).toEqual([true, false, false])
    vi.advanceTimersByTime(1500)
    cancel()
    expect(cancellation.stop.reason).toBe(reason)
    vi.advanceTimersByTime(500)
    expect(aborted()).toEqual([true, true, false])
    vi.advanceTimersByTime(2000)
    expect(aborted()).toEqual([true, true, true])
  })

  test('drop work that only reads', async () => {
    const stop = new AbortController()
    const forever = new Promise<never>(() => {})
    expect(await unlessAborted(Promise.resolve(1), stop.signal)).toBe(1)
    const dropped = unlessAborted(forever, stop.signal).catch((error: unknown) => error)
    stop.abort()
    expect(await dropped).toBe(stop.signal.reason)
    expect(await unlessAborted(forever, stop.signal).catch((error: unknown) => error)).toBe(
      stop.signal.reason,
    )
  })
})
