import { type Clock, systemClock } from '../src/clock.ts'

/** A clock whose waits cost no time. */
export interface TestClock extends Clock {
  /** Milliseconds of every wait so far. */
  readonly waits: readonly number[]
  /** Moves time on, and wakes whoever waited for a moment up to then. */
  advance(ms: number): void
}

export interface TestClockOptions {
  readonly random?: () => number
  /** Time moves by `advance` alone. Without it, it jumps to the next moment that somebody waits for. */
  readonly manual?: boolean
  readonly now?: number
}

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/** Starts a clock. Time-outs are real: give requests that are to time out a short one. */
export function createClock({
  random,
  manual = false,
  now = 1_790_000_000_000,
}: TestClockOptions = {}): TestClock {
  const waits: number[] = []
  const sleepers = new Set<Sleeper>()
  let time = now

  const wake = (sleeper: Sleeper): void => {
    sleepers.delete(sleeper)
    time = Math.max(time, sleeper.at)
    sleeper.wake()
  }
  const wakeNext = (): void => {
    const [next] = [...sleepers].sort((a, b) => a.at - b.at)
    if (next !== undefined) wake(next)
  }

  return {
    waits,
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        waits.push(ms)
        const onAbort = (): void => {
          sleepers.delete(sleeper)
          reject(signal?.reason)
        }
        const sleeper: Sleeper = {
          at: time + ms,
          wake: () => {
            signal?.removeEventListener('abort', onAbort)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', onAbort)
        if (!manual) setImmediate(wakeNext)
      }),
    alarm: systemClock.alarm,
    random: random ?? (() => 0.5),
    advance: (ms) => {
      const until = time + ms
      for (const sleeper of [...sleepers].sort((a, b) => a.at - b.at)) if (sleeper.at <= until) wake(sleeper)
      time = until
    },
  }
}
