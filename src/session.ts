import type { Edges } from './edges.ts'
import type { WorkflowEvent } from './github/event.ts'
import type { Settings } from './inputs.ts'
import type { Redactor } from './redactor.ts'
import type { Reporter } from './report/reporter.ts'
import type { Secret } from './secrets.ts'

/** What every phase of a run may use: what was asked for, the world outside, and ways to speak without telling a secret. */
export interface Session {
  readonly settings: Settings
  readonly event: WorkflowEvent
  readonly edges: Edges
  readonly reporter: Reporter
  readonly redactor: Redactor
  /** Keeps secrets out of everything that is printed from now on. */
  readonly hide: (secrets: readonly Secret[]) => void
}
