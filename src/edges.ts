/** Everything outside the program that a run touches. The entry passes the real ones in. */
import type { Cancellation } from './cancellation.ts'
import type { Clock } from './clock.ts'

/** Where an annotation points to in the repository. */
export interface AnnotationPlace {
  readonly file?: string
  readonly startLine?: number
  readonly startColumn?: number
}

/** The workflow runner. Texts must be redacted and harmless already. */
export interface Runner {
  getInput(name: string): string
  info(line: string): void
  startGroup(title: string): void
  endGroup(): void
  error(message: string, place: AnnotationPlace): void
  warning(message: string, place: AnnotationPlace): void
  setSecret(value: string): void
  setOutput(name: string, value: string): void
  /** Adds markdown to the job summary; does nothing where the runner has none. */
  writeSummary(markdown: string): Promise<void>
}

export interface Edges {
  readonly runner: Runner
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly cancellation: Cancellation
  /** Absolute path of the checked-out repository. */
  readonly workspace: string
  /** Absolute path of a folder for files that later steps read. */
  readonly temp: string
}
