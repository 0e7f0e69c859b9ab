/** The job summary, as GitHub's markdown. Pure. */

import { shownTitle } from '../manifest/entry.ts'
import { showProblem } from '../manifest/problem.ts'
import { nameOf, type Plan } from '../reconcile/plan.ts'
import { failureText, inputText } from './failures.ts'
import { type Exported, hasFailed, type Outcome, type ProfileState, profileStates } from './outcome.ts'
import { changeText, counted, plain, variableLines } from './text.ts'

/** Most bytes of each part: GitHub drops the summary of a step that is larger than 1 MiB. */
const LIMITS = { table: 300_000, changes: 400_000, problems: 300_000 }
/** Rows of the table; more are counted below it. */
const MAX_ROWS = 500
/** Changed fields named in a row; more are counted. */
const MAX_NAMES = 20

/** The summary of a run: its verdict, a table of profiles, what went wrong. `redact` hides credentials. */
export function summaryOf(outcome: Outcome, redact: (text: string) => string): string {
  const show = (text: string): string => escaped(redact(text))
  const states = profileStates(outcome, (entry) => shownTitle(entry) ?? '')
  const problems = [
    ...outcome.inputProblems.map(inputText),
    ...outcome.problems.map(showProblem),
    ...outcome.failures.map(failureText),
    ...outcome.warnings.map(failureText),
  ]
  const parts = [
    `### ${hasFailed(outcome) ? '❌' : '✅'} Kaleyra callback profiles: ${verdict(outcome)}`,
    states.length === 0 || outcome.plan === null ? '' : table(states, show),
    outcome.plan === null ? '' : changesOf(outcome.plan, show),
    outcome.exported === null ? '' : exportOf(outcome.exported, show),
    problems.length === 0 ? '' : `**Problems**\n\n${list(problems, show)}`,
    outcome.plan === null ? '' : `<sub>Plan digest <code>${outcome.plan.digest}</code></sub>`,
  ].filter((part) => part !== '')
  return `${parts.join('\n\n')}\n`
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
  if (plan === null) return 'no plan was made'
  if (results === null) {
    const { create, update, replace, delete: deleted, unchanged, report } = plan.counts
    const what = `${create} to create, ${update} to update, ${replace} to replace, ${deleted} to delete, ${unchanged + report} unchanged`
    return failures.length > 0 ? `${what}; nothing was written, ${failures.length} in the way` : what
  }
  const failed = new Set(failures.flatMap(({ change }) => change ?? []))
  const count = (verb: string): number =>
    results.filter((result) => result.verb === verb && !failed.has(result.change)).length
  return `${count('create')} created, ${count('update')} updated, ${count('replace')} replaced, ${count('delete')} deleted, ${count('unchanged') + count('report')} unchanged, ${failed.size} failed`
}

type Show = (text: string) => string

function table(states: readonly ProfileState[], show: Show): string {
  const code = (text: string): string => `<code>${show(text)}</code>`
  const rows = states.slice(0, MAX_ROWS).map(({ key, title, id, action, changed }) => {
    const names = action === 'create' ? [] : changed.slice(0, MAX_NAMES).map(code)
    const more =
      action === 'create' || changed.length <= MAX_NAMES ? [] : [`…${changed.length - MAX_NAMES} more`]
    const cells = [
      key === '' ? '' : code(key),
      show(title),
      action,
      id === '' ? '' : `<code>${escaped(id)}</code>`,
      [...names, ...more].join(', '),
    ]
    return `| ${cells.join(' | ')} |`
  })
  const kept = within(rows, LIMITS.table)
  const rest = states.length - kept.length
  return [
    '| profile | title | action | id | changed |',
    '| --- | --- | --- | --- | --- |',
    ...kept,
    ...(rest > 0 ? [`\n…and ${rest} more: the output \`profiles\` has them all.`] : []),
  ].join('\n')
}

function changesOf(plan: Plan, show: Show): string {
  const changed = plan.changes.filter(({ changes, notes }) => changes.length + notes.length > 0)
  if (changed.length === 0) return ''
  const blocks = changed.map((change) => {
    const { verb, changes, mayReplace, notes } = change
    const lines = [...changes.map((field) => changeText(field, verb)), ...notes].map(show)
    const kept = within(lines, LIMITS.changes / 4)
    const more =
      kept.length < lines.length ? [`…and ${lines.length - kept.length} more: the log has them all.`] : []
    const head = `<b>${show(nameOf(change))}</b>${mayReplace ? ', may be replaced under a new id' : ''}`
    return [head, '<pre>', ...kept, ...more, '</pre>'].join('\n')
  })
  const kept = within(blocks, LIMITS.changes)
  return [
    '<details><summary>Changes field by field</summary>',
    ...kept,
    ...(kept.length < blocks.length
      ? [`…and ${blocks.length - kept.length} more: the log has them all.`]
      : []),
    '</details>',
  ].join('\n')
}

/** Where an export went, and the variables that its manifest needs. */
function exportOf({ path, profiles, variables }: Exported, show: Show): string {
  const parts = [`${counted(profiles.length, 'profile')} of the account in <code>${show(path)}</code>.`]
  if (variables.length > 0) {
    const lines = within(variableLines(variables).map(show), LIMITS.changes)
    parts.push(
      `Secrets to store, and to paste into the step that uses it:\n\n<pre>\n${lines.join('\n')}\n</pre>`,
    )
  }
  return parts.join('\n\n')
}

function list(texts: readonly string[], show: Show): string {
  const lines = texts.map((text) => `- ${show(text)}`)
  const kept = within(lines, LIMITS.problems)
  const rest = lines.length - kept.length
  return [...kept, ...(rest > 0 ? [`- …and ${rest} more: the log has them all.`] : [])].join('\n')
}

/** The first of these texts, as many as fit into a number of bytes. */
function within(texts: readonly string[], bytes: number): readonly string[] {
  let left = bytes
  const end = texts.findIndex((text) => {
    left -= Buffer.byteLength(text) + 1
    return left < 0
  })
  return end < 0 ? texts : texts.slice(0, end)
}

/** Foreign text that shows as it is: no markdown, HTML, mention or link comes of it. */
function escaped(text: string): string {
  return plain(text)
    .replace(/[&<>\\`*_{}[\]()#+!|~$:]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/@|www\./gi, '$&\u200b')
}
