/** The job summary, as GitHub's markdown. Pure. */

import { shownTitle } from '../manifest/entry.ts'
import { showProblem } from '../manifest/problem.ts'
import type { Plan } from '../reconcile/plan.ts'
import { type Failure, hasFailed, type Outcome, type ProfileState, profileStates } from './outcome.ts'
import { changeText, plain } from './text.ts'

/** GitHub's limit is 1 MiB for a step. */
const MAX_LENGTH = 1_000_000
/** Rows of the table; more are counted below it. */
const MAX_ROWS = 500

/** The summary of a run: its verdict, a table of profiles, what went wrong. */
export function summaryOf(outcome: Outcome): string {
  const states = profileStates(outcome, (entry) => shownTitle(entry) ?? '')
  const parts = [
    `### ${hasFailed(outcome) ? '❌' : '✅'} Kaleyra callback profiles: ${verdict(outcome)}`,
    states.length === 0 || outcome.plan === null ? '' : table(states),
    outcome.plan === null ? '' : changesOf(outcome.plan),
    section('Problems', [
      ...outcome.inputProblems.map(({ input, message }) => `input ${input}: ${message}`),
      ...outcome.problems.map(showProblem),
      ...outcome.failures.map(failureText),
    ]),
    outcome.plan === null ? '' : `<sub>Plan digest <code>${outcome.plan.digest}</code></sub>`,
  ].filter((part) => part !== '')
  const text = `${parts.join('\n\n')}\n`
  return text.length <= MAX_LENGTH
    ? text
    : `${text.slice(0, MAX_LENGTH)}\n\n…cut here: the log has the rest.\n`
}

/** One phrase for the end of the log and the head of the summary. */
export function verdict(outcome: Outcome): string {
  const { mode, plan, results, failures } = outcome
  const wrong =
    outcome.inputProblems.length + outcome.problems.filter(({ severity }) => severity === 'error').length
  if (wrong > 0) return `${wrong} ${wrong === 1 ? 'problem' : 'problems'} found, nothing was sent`
  if (mode === 'validate') return `${outcome.entries.length} declared, all valid`
  if (plan === null) return 'failed before a plan was made'
  if (results === null) {
    const { create, update, replace, delete: deleted, unchanged, report } = plan.counts
    const what = `${create} to create, ${update} to update, ${replace} to replace, ${deleted} to delete, ${unchanged + report} unchanged`
    return failures.length > 0 ? `${what}; ${failures.length} in the way` : what
  }
  const failed = new Set(failures.map(({ key }) => key))
  const count = (verb: string): number =>
    results.filter((result) => result.verb === verb && !failed.has(result.key)).length
  return `${count('create')} created, ${count('update')} updated, ${count('replace')} replaced, ${count('delete')} deleted, ${count('unchanged') + count('report')} unchanged, ${failures.length} failed`
}

/** A failure as one line: profile, what happened, what to do. */
export function failureText({ key, message, hint }: Failure): string {
  return [key === null ? message : `${key}: ${message}`, hint].filter(Boolean).join(' ')
}

function table(states: readonly ProfileState[]): string {
  const rows = states.slice(0, MAX_ROWS).map(({ key, title, id, action, changed }) => {
    const what = action === 'create' ? '' : changed.map(code).join(', ')
    return `| ${code(key)} | ${escaped(title)} | ${escaped(action)} | ${id === '' ? '' : code(id)} | ${what} |`
  })
  const rest = states.length - rows.length
  const head = ['| profile | title | action | id | changed |', '| --- | --- | --- | --- | --- |']
  return [
    ...head,
    ...rows,
    ...(rest > 0 ? [`\n…and ${rest} more: the output \`profiles\` has them all.`] : []),
  ].join('\n')
}

function changesOf(plan: Plan): string {
  const changed = plan.changes.filter(({ changes, notes }) => changes.length + notes.length > 0)
  if (changed.length === 0) return ''
  const blocks = changed.slice(0, MAX_ROWS).map(({ key, verb, changes, notes }) => {
    const lines = changes.map((change) => changeText(change, verb))
    return [`<b>${escaped(key)}</b>`, '<pre>', ...[...lines, ...notes].map(escaped), '</pre>'].join('\n')
  })
  return ['<details><summary>Changes field by field</summary>', ...blocks, '</details>'].join('\n')
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0
    ? ''
    : [`**${title}**`, '', ...lines.map((line) => `- ${escaped(line)}`)].join('\n')
}

/** Foreign text that shows as it is: no markdown, HTML, mention or link comes of it. */
function escaped(text: string): string {
  return plain(text)
    .replace(/[&<>\\`*_{}[\]()#+!|~$:]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/@|www\./gi, '$&\u200b')
}

const code = (text: string): string => `<code>${escaped(text)}</code>`
