import type { Fault } from './faults.ts'

/** Writes that take effect after their request was answered. */
export interface LateWrites {
  add(lateBy: Fault['lateBy'], write: () => void): void
  /** Counts a request that is about to be handled, and does the writes that are due before it. */
  countRequest(): void
  /** Drops the writes that are still to come. */
  cancel(): void
}

/** No late writes yet. */
export function createLateWrites(): LateWrites {
  const timers = new Set<NodeJS.Timeout>()
  let waiting: { requests: number; write: () => void }[] = []
  return {
    add(lateBy = { requests: 1 }, write) {
      if (typeof lateBy === 'number') {
        const timer = setTimeout(() => {
          timers.delete(timer)
          write()
        }, lateBy)
        timers.add(timer)
      } else waiting.push({ requests: lateBy.requests, write })
    },
    countRequest() {
      for (const entry of waiting) entry.requests -= 1
      const due = waiting.filter(({ requests }) => requests <= 0)
      waiting = waiting.filter(({ requests }) => requests > 0)
      for (const { write } of due) write()
    },
    cancel() {
      for (const timer of timers) clearTimeout(timer)
      waiting = []
    },
  }
}
