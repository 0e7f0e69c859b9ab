/** The plan as a comment on the pull request, as GitHub's markdown. Pure. */
import type { RunContext } from '../github/context.ts'
import { shownTitle } from '../manifest/entry.ts'
import { hasChanges } from '../reconcile/plan.ts'
import { countsLine } from './log.ts'
import { changeDetails, escaped, heading, nextSteps, problemList, profileTable } from './markdown.ts'
import { hasFailed, type Outcome, profileStates } from './outcome.ts'
import { verdict } from './summary.ts'

/** Most bytes of each part, so that all of them stay below 60,000 characters: GitHub refuses more than 65,536. */
const LIMITS = { table: 15_000, changes: 22_000, problems: 15_000, steps: 3_000 }

/** Tells whether a comment has more to say than that there is nothing to do. */
export const isNoteworthy = (outcome: Outcome): boolean =>
  hasFailed(outcome) || outcome.warnings.length > 0 || (outcome.plan !== null && hasChanges(outcome.plan))

/** What applying the plan would do, or one line where that is nothing. `redact` hides credentials. */
export function commentText(outcome: Outcome, context: RunContext, redact: (text: string) => string): string {
  const show = (text: string): string => escaped(redact(text))
  const { plan, unread } = outcome
  const footer = `<sub>${[
    ...(plan === null || unread !== null
      ? []
      : [`Plan digest <code>${plan.digest}</code>, for <code>expected-plan</code>`]),
    ...(context.runUrl === '' ? [] : [`<a href="${context.runUrl}">run</a>`]),
  ].join(' · ')}</sub>`
  if (plan !== null && !isNoteworthy(outcome))
    return `✅ Kaleyra callback profiles: nothing to do, ${countsLine(plan.counts)}.\n\n${footer}`
  const states = profileStates(outcome, (entry) => shownTitle(entry) ?? '')
  const parts = [
    heading(outcome, verdict(outcome)),
    unread === null ? '' : show(unread),
    plan === null ? '' : `Applying this to ${show(plan.origin)} would do the following.`,
    plan === null ? '' : profileTable(states, LIMITS.table, show),
    plan === null ? '' : changeDetails(plan, LIMITS.changes, show),
    problemList(outcome, context, LIMITS.problems, show),
    nextSteps(outcome, LIMITS.steps, show),
    footer,
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}
