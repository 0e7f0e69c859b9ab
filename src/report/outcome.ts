import type { InputProblem, Mode } from '../inputs.ts'
import type { Entry } from '../manifest/entry.ts'
import type { Place, Problem } from '../manifest/problem.ts'
import type { Result } from '../reconcile/apply.ts'
import type { Change, Plan } from '../reconcile/plan.ts'

/** Something that failed, in words for the user. */
export interface Failure {
  /** What failed, or null where the whole run did. */
  readonly change: Change | null
  readonly message: string
  /** What the server said, in which the message ends; may be empty. */
  readonly said: string
  /** What to do about it; may be empty. */
  readonly hint: string
  /** Where in the manifest, if somewhere. */
  readonly place: Place | null
}

/** All that a run found and did: the value that outputs, log and summary are made of. */
export interface Outcome {
  /** The mode after `auto` was decided; `auto` where the run ended before that. */
  readonly mode: Mode
  readonly inputProblems: readonly InputProblem[]
  readonly problems: readonly Problem[]
  readonly entries: readonly Entry[]
  readonly plan: Plan | null
  /** Why the account was not read, so that the plan compares two manifests; null where it was, or need not be. */
  readonly unread: string | null
  /** What an apply did; null where none was made. */
  readonly results: readonly Result[] | null
  /** What an apply of this plan would refuse to do. */
  readonly warnings: readonly Failure[]
  readonly failures: readonly Failure[]
  /** What an export wrote; null where none was made. */
  readonly exported: Exported | null
}

/** A manifest that was made of an account. */
export interface Exported {
  /** Path from the workspace's root. */
  readonly path: string
  readonly profiles: readonly ProfileState[]
  /** Names of the environment variables that the manifest reads. */
  readonly variables: readonly string[]
}

/** Tells whether the step must fail. */
export function hasFailed({ inputProblems, problems, failures }: Outcome): boolean {
  return (
    inputProblems.length > 0 || failures.length > 0 || problems.some(({ severity }) => severity === 'error')
  )
}

/** One profile of the plan as it stands at the end of the run. */
export interface ProfileState {
  /** Empty where the profile is not declared. */
  readonly key: string
  readonly title: string
  /** Empty where the profile does not exist. */
  readonly id: string
  /** The verb, or `failed`; empty where the run did not get as far as a plan. */
  readonly action: string
  /** Paths of the fields that changed or would change. */
  readonly changed: readonly string[]
}

/** The state of every profile of the plan, or of the manifest where there is no plan, or of an export. Sorted by key. */
export function profileStates(
  { mode, plan, entries, results, failures, exported }: Outcome,
  titleOf: (entry: Entry) => string,
): readonly ProfileState[] {
  if (exported !== null) return exported.profiles
  if (plan === null) {
    return entries.map((entry) => ({
      key: entry.key,
      title: titleOf(entry),
      id: '',
      action: '',
      changed: [],
    }))
  }
  const done = new Map(results?.map((result) => [result.change, result]))
  const failed = new Set(failures.map(({ change }) => change))
  return plan.changes.map((change) => {
    const result = done.get(change)
    return {
      key: change.key,
      title: change.title,
      id: (result === undefined ? change.id : result.id) ?? '',
      // A plan says what would be done, whatever keeps it from being done.
      action: mode !== 'plan' && failed.has(change) ? 'failed' : (result?.verb ?? change.verb),
      changed: change.changes.map(({ path }) => path),
    }
  })
}
