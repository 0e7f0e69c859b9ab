/** The job summary, as GitHub's markdown. Pure. */
import type { RunContext } from '../github/context.ts'
import { shownTitle } from '../manifest/entry.ts'
import type { Verb } from '../reconcile/plan.ts'
import { countsLine } from './log.ts'
import {
  changeDetails,
  escaped,
  heading,
  nextSteps,
  problemList,
  profileTable,
  type Show,
  within,
} from './markdown.ts'
import { type Exported, type Outcome, profileStates } from './outcome.ts'
import { counted, variableLines } from './text.ts'

/** Most bytes of each part: GitHub drops the summary of a step that is larger than 1 MiB. */
const LIMITS = { table: 300_000, changes: 400_000, problems: 250_000, steps: 20_000 }

/** The summary of a run: its verdict, a table of profiles, what went wrong, what to do. `redact` hides credentials. */
export function summaryOf(outcome: Outcome, context: RunContext, redact: (text: string) => string): string {
  const show = (text: string): string => escaped(redact(text))
  const { plan, unread, exported } = outcome
  const states = profileStates(outcome, (entry) => shownTitle(entry) ?? '')
  const parts = [
    heading(outcome, verdict(outcome)),
    unread === null ? '' : show(unread),
    plan === null || states.length === 0 ? '' : profileTable(states, LIMITS.table, show),
    plan === null ? '' : changeDetails(plan, LIMITS.changes, show),
    exported === null ? '' : exportOf(exported, show),
    problemList(outcome, context, LIMITS.problems, show),
    nextSteps(outcome, LIMITS.steps, show),
    plan === null || unread !== null ? '' : `<sub>Plan digest <code>${plan.digest}</code></sub>`,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** One phrase for the end of the log and the head of the summary. */
export function verdict(outcome: Outcome): string {
  const { mode, plan, results, failures, exported } = outcome
  const wrong =
    outcome.inputProblems.length + outcome.problems.filter(({ severity }) => severity === 'error').length
  if (wrong > 0) return `${wrong} ${wrong === 1 ? 'problem' : 'problems'} found, nothing was sent`
  if (mode === 'export')
    return exported === null ? 'nothing was exported' : `${exported.profiles.length} exported`
  if (plan === null && failures.length > 0) return 'failed before a plan was made'
  if (mode === 'validate') return `${outcome.entries.length} declared, all valid`
  if (plan === null)
    return outcome.unread === null ? 'no plan was made' : `${outcome.entries.length} declared, all valid`
  if (results === null) {
    const what = countsLine(plan.counts)
    if (outcome.unread !== null) return `${what} by what the manifest declares; the account was not read`
    return failures.length > 0 ? `${what}; nothing was written, ${failures.length} in the way` : what
  }
  const failed = new Set(failures.flatMap(({ change }) => change ?? []))
  const count = (...verbs: readonly Verb[]): number =>
    results.filter(({ verb, change }) => verbs.includes(verb) && !failed.has(change)).length
  const done = [
    [count('create'), 'created'],
    [count('update'), 'updated'],
    [count('replace'), 'replaced'],
    [count('delete'), 'deleted'],
    [count('unchanged', 'report'), 'unchanged'],
    [failed.size, 'failed'],
  ] as const
  const parts = done.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`)
  return parts.length > 0 ? parts.join(', ') : 'no profiles are declared'
}

/** Where an export went, and the variables that its manifest needs. */
function exportOf({ path, profiles, variables }: Exported, show: Show): string {
  const parts = [`${counted(profiles.length, 'profile')} of the account in <code>${show(path)}</code>.`]
  if (variables.length > 0) {
    const lines = within(variableLines(variables), LIMITS.changes, show)
    parts.push(
      `Secrets to store, and to paste into the step that uses it:\n\n<pre>\n${lines.join('\n')}\n</pre>`,
    )
  }
  return parts.join('\n\n')
}
