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
export function isNoteworthy(outcome: Outcome): boolean {
  const { plan, unread, warnings } = outcome
  // Where the account was not read, what is to be reported may be a change.
  const changes = plan !== null && (hasChanges(plan) || (unread !== null && plan.counts.report > 0))
  return changes || hasFailed(outcome) || warnings.length > 0
}

/**
 * What applying the plan would do, or one line where that is nothing. `about` says which manifest or step it is; `redact`
 * hides credentials.
 */
export function commentText(
  outcome: Outcome,
  about: string,
  context: RunContext,
  redact: (text: string) => string,
): string {
  const show = (text: string): string => escaped(redact(text))
  const { plan, unread } = outcome
  const details = plan === null ? '' : changeDetails(plan, LIMITS.changes, show)
  const footer = `<sub>${[
    `<code>${show(about)}</code>`,
    ...(plan === null || unread !== null
      ? []
      : [`Plan digest <code>${plan.digest}</code>, for <code>expected-plan</code>`]),
    ...(context.runUrl === '' ? [] : [`<a href="${context.runUrl}">run</a>`]),
  ].join(' · ')}</sub>`
  if (plan !== null && unread === null && !isNoteworthy(outcome)) {
    const notice = `✅ Kaleyra callback profiles: nothing to do, ${countsLine(plan.counts)}.`
    return [notice, details, footer].filter((part) => part !== '').join('\n\n')
  }
  const states = profileStates(outcome, (entry) => shownTitle(entry) ?? '')
  const parts = [
    heading(outcome, verdict(outcome)),
    unread === null ? '' : show(unread),
    plan === null ? '' : `Applying this to ${show(plan.origin)} would do the following.`,
    plan === null ? '' : profileTable(states, LIMITS.table, show),
    details,
    problemList(outcome, context, LIMITS.problems, show),
    nextSteps(outcome, LIMITS.steps, show),
    footer,
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}
