import { setTimeout as delay } from 'node:timers/promises'

/** Time and chance, passed in so that tests need not wait. */
export interface Clock {
  /** Milliseconds since 1970, as `Retry-After` dates need. */
  now(): number
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** A signal that is aborted after `ms` milliseconds. */
  timeout(ms: number): AbortSignal
  /** A number from 0 (inclusive) to 1 (exclusive). */
  random(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : { signal })
  },
  timeout: (ms) => AbortSignal.timeout(ms),
  random: () => Math.random(),
}
