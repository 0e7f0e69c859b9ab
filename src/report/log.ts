/** Lines for the log. Pure: the text of each phase. */
import type { Clock } from '../clock.ts'
import type { Checked } from '../preflight/findings.ts'
import type { Result } from '../reconcile/apply.ts'
import type { Change, Plan, Verb } from '../reconcile/plan.ts'
import { VERBS } from '../reconcile/plan.ts'
import { changeText, columns, counted, cut } from './text.ts'

const SIGNS: Readonly<Record<Verb, string>> = {
  create: '+ create',
  update: '~ update',
  replace: '± replace',
  delete: '- delete',
  unchanged: '= unchanged',
  report: '! report',
}

/** Unchanged profiles are listed up to this many, then only counted. */
const MOST_UNCHANGED = 20
/** Longest line of a change, in characters. */
const MAX_VALUE = 400
/** Longest key, title or id in the table, in characters: one long title would widen every row. */
const MAX_CELL = 100

/** The plan as a table with its counts and digest. */
export const planLines = (plan: Plan): string[] => [...planTable(plan), `Digest: ${plan.digest}`]

/** The plan as a table, each change below its profile, and the counts. */
export function planTable(plan: Plan): string[] {
  const unchanged = plan.changes.filter(({ verb }) => verb === 'unchanged')
  const listed =
    unchanged.length > MOST_UNCHANGED ? plan.changes.filter(({ verb }) => verb !== 'unchanged') : plan.changes
  const rows = columns(
    listed.map(({ verb, mayReplace, key, title, id }) => [
      mayReplace ? `${SIGNS[verb]}, may replace` : SIGNS[verb],
      cut(key, MAX_CELL),
      cut(title, MAX_CELL),
      cut(id ?? '(no id yet)', MAX_CELL),
    ]),
  )
  const lines = listed.flatMap((change, index) => [rows[index] ?? '', ...changeLines(change)])
  if (listed.length < plan.changes.length)
    lines.push(`${SIGNS.unchanged}  ${counted(unchanged.length, 'profile')}, not listed`)
  return [...lines, '', `Plan: ${countsLine(plan.counts)}`]
}

/** `2 to create, 1 to update, 4 unchanged`: verbs that count nothing are left out. */
export function countsLine(counts: Plan['counts']): string {
  const parts = VERBS.filter((verb) => counts[verb] > 0).map((verb) => {
    if (verb === 'unchanged') return `${counts[verb]} unchanged`
    return verb === 'report' ? `${counts[verb]} to report` : `${counts[verb]} to ${verb}`
  })
  return parts.length === 0 ? 'no profiles are declared' : parts.join(', ')
}

function changeLines({ changes, notes, verb }: Change): string[] {
  return [
    ...changes.map((change) => cut(changeText(change, verb), MAX_VALUE)),
    ...notes.map((note) => `note: ${note}`),
  ].map((line) => `    ${line}`)
}

/** What checking the endpoints has shown. */
export function preflightLine({ count, findings }: Checked): string {
  return `${counted(count, 'endpoint')} checked, ${findings.length === 0 ? 'nothing found' : counted(findings.length, 'finding')}`
}

/** What reading the account once more has shown. */
export function verifyLine(results: readonly Result[], discrepancies: readonly unknown[]): string {
  if (discrepancies.length > 0) return `${counted(discrepancies.length, 'profile')} not as declared`
  const failed = results.filter(({ error }) => error !== null).length
  return failed === 0
    ? 'The account equals the manifest'
    : `The account equals the manifest but for ${counted(failed, 'failed profile')}`
}

/** Time between two lines of progress. */
const PROGRESS_MS = 5000

/** Counts results, and prints a line with the count every few seconds. */
export function progress(plan: Plan, clock: Clock, print: (line: string) => void): (result: Result) => void {
  let done = 0
  let failed = 0
  let printed = clock.now()
  return ({ error }) => {
    done += 1
    if (error !== null) failed += 1
    if (clock.now() - printed < PROGRESS_MS) return
    printed = clock.now()
    print(`${done} of ${counted(plan.changes.length, 'profile')} done, ${failed} failed`)
  }
}
