/** Turns what went wrong into failures: what failed, on which profile, what the server said, what to do. Pure. */
import type { InputProblem, Mode, PreflightPolicy } from '../inputs.ts'
import { KaleyraError } from '../kaleyra/error.ts'
import type { Entry } from '../manifest/entry.ts'
import type { Place } from '../manifest/problem.ts'
import type { Checked, Finding } from '../preflight/findings.ts'
import type { Result } from '../reconcile/apply.ts'
import type { PlanError, Planned } from '../reconcile/decide.ts'
import { type Change, hasChanges, nameOf, type Plan } from '../reconcile/plan.ts'
import {
  ALLOW_DELETE,
  blockedDeletions,
  excessiveDeletions,
  type Guarded,
  type Guards,
  RAISE_MAX_DELETES,
  unreviewed,
} from '../reconcile/safety.ts'
import type { Discrepancy } from '../reconcile/verify.ts'
import type { Failure } from './outcome.ts'
import { cut } from './text.ts'

export interface PlanPolicy extends Guards {
  readonly expectedPlan: string
  readonly failOnChanges: boolean
}

/**
 * What keeps a plan from being applied. With `mode: plan` blocked deletions are no failure (see {@link blockedWarnings}), but
 * a change is, where `fail-on-changes` asks for that. `reviewed` is the plan that `expected-plan` means, where at hand.
 */
export function planFailures(
  planned: Planned,
  policy: PlanPolicy,
  mode: Mode,
  reviewed: Plan | null,
): Failure[] {
  const { plan, errors } = planned
  const failures = [
    ...errors.map((error) => ofPlan(error, '')),
    ...(mode === 'apply' ? blockedWarnings(planned, policy) : []),
  ]
  failures.push(...excess(plan, policy))
  const differs = mode === 'apply' ? unreviewed(plan, policy.expectedPlan, reviewed) : null
  if (differs !== null) {
    failures.push(
      general(differs, 'The account or the manifest has changed since the review: review the new plan.'),
    )
  }
  if (mode === 'plan' && policy.failOnChanges && hasChanges(plan)) {
    failures.push(
      general(
        'the account differs from the manifest, and `fail-on-changes` is set',
        'The plan above says in what.',
      ),
    )
  }
  return failures
}

/** The refusal of a plan that deletes too much. */
function excess(plan: Plan, guards: Guards): Failure[] {
  const refusal = excessiveDeletions(plan, guards)
  return refusal === null ? [] : [general(refusal, RAISE_MAX_DELETES)]
}

/** What an apply would refuse of a plan of what is declared, as far as that shows. */
export function declaredWarnings(plan: Plan, entries: readonly Entry[], guards: Guards): Failure[] {
  const byKey = new Map(entries.map((entry) => [entry.key, entry]))
  const steps = plan.changes.map((change) => ({ change, entry: byKey.get(change.key) ?? null }))
  return [...blockedWarnings({ plan, steps, errors: [] }, guards), ...excess(plan, guards)]
}

/** Blocked deletions, as things that an apply of this plan would refuse. */
export function blockedWarnings(planned: Guarded, guards: Guards): Failure[] {
  return blockedDeletions(planned, guards).map((error) => ofPlan(error, ALLOW_DELETE))
}

const ofPlan = ({ change, entry, message }: PlanError, hint: string): Failure =>
  own(message, change, entry?.place([]) ?? null, hint)

/**
 * What a check of endpoints found, at the URL of each profile that it concerns: failures where the policy is `fail` and the
 * endpoint is bad, else warnings. Of each finding the first profile comes first, since only so many become annotations.
 */
export function endpointFailures(
  { steps }: Planned,
  { findings, notes }: Checked,
  policy: PreflightPolicy,
): { readonly failures: Failure[]; readonly warnings: Failure[] } {
  const changes = new Map(steps.map(({ entry, change }) => [entry, change]))
  const fails = ({ bad }: Finding): boolean => bad && policy === 'fail'
  const at = ({ entries, message, hint }: Finding, start: number, end?: number): Failure[] =>
    entries
      .slice(start, end)
      .map((entry) => own(message, changes.get(entry) ?? null, entry.place(['url']), hint))
  const located = (some: readonly Finding[]): Failure[] => [
    ...some.flatMap((finding) => at(finding, 0, 1)),
    ...some.flatMap((finding) => at(finding, 1)),
  ]
  return {
    failures: located(findings.filter(fails)),
    warnings: [
      ...notes.map(({ message, hint }) => general(message, hint)),
      ...located(findings.filter((finding) => !fails(finding) && !finding.declared)),
    ],
  }
}

/** A failure in the words of this action alone. */
const own = (message: string, change: Change | null, place: Place | null, hint = ''): Failure => ({
  change,
  message,
  said: '',
  hint,
  place,
})

const general = (message: string, hint: string): Failure => own(message, null, null, hint)

/** The failure of a run that was cancelled, whatever it got done until then. */
export const CANCELLED = general(
  'the run was cancelled before it was done',
  'Run again: it takes up from what the account holds.',
)

/** Every profile that failed while it was applied or that was not as declared afterwards, in the order of the plan. */
export function failuresOf(
  { steps }: Planned,
  results: readonly Result[],
  discrepancies: readonly Discrepancy[],
): Failure[] {
  const errors = new Map(results.map(({ change, error }) => [change, error]))
  const wrong = new Map(discrepancies.map(({ change, message }) => [change, message]))
  return steps.flatMap(({ entry, change }): Failure[] => {
    const error = errors.get(change)
    if (error) return [{ ...facts(error), change, place: entry === null ? null : placeOf(entry, error) }]
    const message = wrong.get(change)
    // What the account shows stands in it.
    return message === undefined ? [] : [{ ...own('', change, entry?.place([]) ?? null), said: message }]
  })
}

/** An error's own words and those of the server apart: the latter may repeat any secret that was sent. */
function facts(error: Error): Pick<Failure, 'message' | 'said' | 'hint'> {
  if (!(error instanceof KaleyraError)) return { message: error.message, said: '', hint: '' }
  const { message, said, hint } = error
  return { message: message.slice(0, message.length - said.length), said, hint }
}

/** Where the field stands that a refusal names (`body/enc/key must NOT have …`), else where the profile does. */
function placeOf(entry: Entry, error: Error): Place {
  const texts = error instanceof KaleyraError ? error.issues.map(({ text }) => text) : []
  const named = texts.flatMap((text) => /^body\/(\S+)/.exec(text)?.[1] ?? [])[0]
  return entry.place(named?.split('/') ?? [])
}

/** A failure of the run as a whole. What is no failure of the API is a defect of this action, and is called so. */
export function unexpected(error: unknown): Failure {
  if (error instanceof KaleyraError) return { ...facts(error), change: null, place: null }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const hint = 'This is a defect of the action: please open an issue with this message.'
  return { ...general('unexpected error: ', hint), said: what }
}

/** Longest text of the server in a message, in characters. */
const MAX_SAID = 1000

/** Hides secrets in what the server said, and cuts it only then: half a secret would not be recognised. */
export const redacted = (failure: Failure, redactAll: (text: string) => string): Failure => ({
  ...failure,
  said: cut(redactAll(failure.said), MAX_SAID),
})

/** A failure in one line: profile, what happened, what to do. */
export function failureText({ change, message, said, hint }: Failure): string {
  const what = `${change === null ? '' : `${nameOf(change)}: `}${message}${said}`
  if (hint === '') return what
  return /[.!?]$/.test(what) ? `${what} ${hint}` : `${what}. ${hint}`
}

/** A wrong input in one line. */
export function inputText({ input, message }: InputProblem): string {
  return `Input \`${input}\`${message.startsWith('expected') ? ':' : ''} ${message}`
}
