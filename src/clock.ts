import { setTimeout as delay } from 'node:timers/promises'

/** Time and chance, passed in so that tests need not wait. */
export interface Clock {
  /** Milliseconds since 1970, as `Retry-After` dates need. */
  now(): number
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls `ring` after `ms` milliseconds, unless the function that it returns was called before. Keeps no process alive. */
  alarm(ms: number, ring: () => void): () => void
  /** A number from 0 (inclusive) to 1 (exclusive). */
  random(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : { signal })
  },
  alarm: (ms, ring) => {
    const timer = setTimeout(ring, ms).unref()
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
}

/** A signal that is aborted after `ms` milliseconds, or with another one. */
export function timeoutSignal(clock: Clock, ms: number, other: AbortSignal): AbortSignal {
  const controller = new AbortController()
  clock.alarm(ms, () => controller.abort())
  return AbortSignal.any([controller.signal, other])
}
