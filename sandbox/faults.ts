import type { OperationName } from './operations.ts'

/** What goes wrong with an answer. */
export type Malfunction =
  /** This status, and nothing of the true answer. */
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: string | object }
  /** A page of HTML, as a proxy in front would send. */
  | { kind: 'html'; status: number }
  | { kind: 'empty'; status: number }
  /** HTTP 200 with text that is no JSON. */
  | { kind: 'junk' }
  /** The true answer with this JSON in the place of what stands at a path of it. */
  | { kind: 'put'; at: readonly (string | number)[]; json: string }
  /** A failure of this status that repeats this text, in its message and as the name and the text of an error. */
  | { kind: 'echo'; status: number; text: string }
  /** HTTP 200 whose envelope says 500. */
  | { kind: 'failure-in-success' }
  /** The connection ends with RST. */
  | { kind: 'reset' }
  /** The connection ends with FIN and without a byte. */
  | { kind: 'close' }
  /** Nothing, ever. */
  | { kind: 'hang' }
  /** The first half of the true answer under a content-length of the whole, then the end of the connection. */
  | { kind: 'cut' }
  /** The true answer, this many milliseconds later. */
  | { kind: 'delay'; ms: number }
  /** The true answer, slowly. */
  | { kind: 'drip'; bytesPerSecond: number }

export interface Fault {
  /** Every property given must match. */
  on: {
    method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
    operation?: OperationName
    /** The title in the body or query, or the stored title of the profile that the path names. */
    title?: string
    /** The first matching request to hit, from 1. Alone, it hits that one only. */
    nth?: number
    /** How many matching requests in a row are hit. Without nth and times every one is. */
    times?: number
  }
  /**
   * What becomes of the request's write. `before`: it never takes effect, except under `delay`, where the request
   * waits first and is then handled as usual if its client is still there. `after`: it has taken effect.
   * `late`: it takes effect after the faulty answer, as if the request arrived then.
   */
  when: 'before' | 'after' | 'late'
  /** With `late`: milliseconds; or just before the nth following request is handled. Default: the next request. */
  lateBy?: number | { requests: number }
  what: Malfunction
}

/** What a fault may be told by. A request can have two titles: the stored one and the new one. */
export interface FaultSubject {
  method: string
  operation: OperationName
  titles: readonly unknown[]
}

/** The faults in force. Each counts every request that it matches, also one that an earlier fault hits. */
export interface FaultPlan {
  add(...faults: Fault[]): void
  /** Forgets all faults, but not the late writes under way. */
  clear(): void
  /** The fault that hits this request: the earliest added where several do. To be asked once per request. */
  next(subject: FaultSubject): Fault | undefined
}

/** An empty plan. */
export function createFaultPlan(): FaultPlan {
  const plan: { fault: Fault; seen: number }[] = []
  return {
    add: (...faults) => void plan.push(...faults.map((fault) => ({ fault, seen: 0 }))),
    clear: () => void plan.splice(0),
    next(subject) {
      const matching = plan.filter(({ fault }) => matches(fault, subject))
      for (const entry of matching) entry.seen += 1
      return matching.find(({ fault, seen }) => hits(fault, seen))?.fault
    },
  }
}

function matches({ on }: Fault, { method, operation, titles }: FaultSubject): boolean {
  return (
    (on.method === undefined || on.method === method) &&
    (on.operation === undefined || on.operation === operation) &&
    (on.title === undefined || titles.includes(on.title))
  )
}

function hits({ on }: Fault, seen: number): boolean {
  const first = on.nth ?? 1
  const count = on.times ?? (on.nth === undefined ? Number.POSITIVE_INFINITY : 1)
  return seen >= first && seen < first + count
}
