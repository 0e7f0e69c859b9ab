import type { ServerIssue } from './wire.ts'

/**
 * What kept a request from succeeding.
 * - `refused`: the API said no, and would again
 * - `credentials`: the API key or SID is wrong; nothing else will succeed either
 * - `misrouted`: this server has no such path, or sends elsewhere: region or address is wrong
 * - `unreachable`: the request never left (name resolution, connecting, TLS handshake)
 * - `unanswered`: the connection broke before an answer came, or the run was cancelled meanwhile
 * - `timeout`: no answer came in time
 * - `faulty`: an answer came that is none: a server error, a cut or unreadable body, a failure inside a success status
 * - `busy`: refused for its rate
 * - `stopped`: the run was cancelled before the request was sent
 */
export type FailureKind =
  | 'refused'
  | 'credentials'
  | 'misrouted'
  | 'unreachable'
  | 'unanswered'
  | 'timeout'
  | 'faulty'
  | 'busy'
  | 'stopped'

export interface FailureFacts {
  readonly kind: FailureKind
  /** What was being done, such as `create "GH Orders"`. */
  readonly operation: string
  /** HTTP status, or null where no answer came. */
  readonly status: number | null
  /** What the server said, or the network error. May hold what the request held: redact it before printing. */
  readonly said: string
  /** The API's own code, such as `RBC302`. */
  readonly code?: string
  readonly issues?: readonly ServerIssue[]
  /** Whether another try is of no use, or not wanted by the server. */
  readonly final?: boolean
  /** What the user can do about it. */
  readonly hint?: string
  readonly cause?: unknown
}

/** A request to Kaleyra that failed. */
export class KaleyraError extends Error {
  readonly kind: FailureKind
  readonly operation: string
  readonly status: number | null
  readonly said: string
  readonly code: string
  readonly issues: readonly ServerIssue[]
  readonly final: boolean
  readonly hint: string

  constructor(facts: FailureFacts) {
    const status = facts.status === null ? '' : `HTTP ${facts.status}`
    super(`${facts.operation} failed: ${[status, facts.said].filter(Boolean).join(' — ')}`, {
      cause: facts.cause,
    })
    this.name = 'KaleyraError'
    this.kind = facts.kind
    this.operation = facts.operation
    this.status = facts.status
    this.said = facts.said
    this.code = facts.code ?? ''
    this.issues = facts.issues ?? []
    this.final = facts.final ?? false
    this.hint = facts.hint ?? ''
  }

  /** Whether the request may have taken effect although it failed: only a write that left, and was not refused. */
  get mayHaveLanded(): boolean {
    return this.kind === 'unanswered' || this.kind === 'timeout' || this.kind === 'faulty'
  }
}
