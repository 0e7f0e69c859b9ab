/** Turns what went wrong into failures: what failed, on which profile, what the server said, what to do. Pure. */
import type { Mode } from '../inputs.ts'
import { KaleyraError } from '../kaleyra/error.ts'
import type { Result } from '../reconcile/apply.ts'
import { hasChanges, type Planned } from '../reconcile/plan.ts'
import type { Discrepancy } from '../reconcile/verify.ts'
import type { Failure } from './outcome.ts'

/** What keeps a plan from being applied. With `mode: plan` also a change, where `fail-on-changes` asks for that. */
export function planFailures(
  { plan, errors }: Planned,
  { expectedPlan, failOnChanges }: { readonly expectedPlan: string; readonly failOnChanges: boolean },
  mode: Mode,
): Failure[] {
  const failures = errors.map(
    ({ entry, message }): Failure => ({ key: entry.key, message, hint: '', place: entry.place([]) }),
  )
  if (mode === 'apply' && expectedPlan !== '' && expectedPlan !== plan.digest) {
    const message = `the plan is not the reviewed one: its digest is ${plan.digest}, the input \`expected-plan\` is ${expectedPlan}`
    failures.push(
      general(message, 'The account or the manifest has changed since the review: review the new plan.'),
    )
  }
  if (mode === 'plan' && failOnChanges && hasChanges(plan)) {
    failures.push(
      general(
        'the account differs from the manifest, and `fail-on-changes` is set',
        'The plan above says in what.',
      ),
    )
  }
  return failures
}

const general = (message: string, hint: string): Failure => ({ key: null, message, hint, place: null })

/** Every entry that failed while it was applied or that was not as declared afterwards, in the order of the plan. */
export function failuresOf(
  { steps }: Planned,
  results: readonly Result[],
  discrepancies: readonly Discrepancy[],
): Failure[] {
  const errors = new Map(results.map(({ key, error }) => [key, error]))
  const wrong = new Map(discrepancies.map(({ entry, message }) => [entry.key, message]))
  return steps.flatMap(({ entry, change: { key } }): Failure[] => {
    const error = errors.get(key)
    const place = entry.place([])
    if (error)
      return [{ key, message: error.message, hint: error instanceof KaleyraError ? error.hint : '', place }]
    const message = wrong.get(key)
    return message === undefined ? [] : [{ key, message, hint: '', place }]
  })
}

/** A failure of the run as a whole. What is no failure of the API is a defect of this action, and is called so. */
export function unexpected(error: unknown): Failure {
  if (error instanceof KaleyraError) return general(error.message, error.hint)
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return general(
    `unexpected error: ${what}`,
    'This is a defect of the action: please open an issue with this message.',
  )
}
