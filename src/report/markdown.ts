/** Markdown that summary and comment are made of. Foreign text in it shows as it is. Pure. */
import { pageOf, type RunContext } from '../github/context.ts'
import { type Place, showPlace } from '../manifest/problem.ts'
import type { FieldChange } from '../reconcile/diff.ts'
import { type Change, nameOf, type Plan } from '../reconcile/plan.ts'
import { failureText, inputText } from './failures.ts'
import { type Failure, hasFailed, type Outcome, type ProfileState } from './outcome.ts'
import { changeText, plain } from './text.ts'

/** Redacts a text and makes it harmless, see {@link escaped}. */
export type Show = (text: string) => string

/** Rows of the table; more are counted below it. */
const MAX_ROWS = 500
/** Changed fields named in a row; more are counted. */
const MAX_NAMES = 20

/** The profiles with verb, id and changed fields, in at most so many bytes. */
export function profileTable(states: readonly ProfileState[], bytes: number, show: Show): string {
  const code = (text: string): string => `<code>${show(text)}</code>`
  const row = ({ key, title, id, action, changed }: ProfileState): string => {
    const names = action === 'create' ? [] : changed.slice(0, MAX_NAMES).map(code)
    const more =
      action === 'create' || changed.length <= MAX_NAMES ? [] : [`…${changed.length - MAX_NAMES} more`]
    const name = [key === '' ? '' : code(key), unlinked(show(title))]
      .filter((part) => part !== '')
      .join('<br>')
    return `| ${[name, action, id === '' ? '' : `<code>${escaped(id)}</code>`, [...names, ...more].join(', ')].join(' | ')} |`
  }
  const kept = within(states.slice(0, MAX_ROWS), bytes, row)
  const rest = states.length - kept.length
  return [
    '| profile | verb | id | changed |',
    '| --- | --- | --- | --- |',
    ...kept,
    ...(rest > 0 ? [`\n…and ${rest} more: the output \`profiles\` has them all.`] : []),
  ].join('\n')
}

/** Every changed field and note in a block that opens by a click, in at most so many bytes; empty where there is none. */
export function changeDetails(plan: Plan, bytes: number, show: Show): string {
  const changed = plan.changes.filter(({ changes, notes }) => changes.length + notes.length > 0)
  if (changed.length === 0) return ''
  const block = (change: Change): string => {
    const { verb, changes, mayReplace, notes } = change
    const line = (text: FieldChange | string): string =>
      show(typeof text === 'string' ? text : changeText(text, verb))
    const lines = [...changes, ...notes]
    const kept = within(lines, bytes / 4, line)
    const head = `<b>${unlinked(show(nameOf(change)))}</b>${mayReplace ? ', may be replaced under a new id' : ''}`
    return [head, '<pre>', ...kept, ...logHas(lines.length - kept.length), '</pre>'].join('\n')
  }
  const kept = within(changed, bytes, block)
  return [
    '<details><summary>Changes field by field</summary>',
    ...kept,
    ...logHas(changed.length - kept.length),
    '</details>',
  ].join('\n')
}

const logHas = (rest: number): string[] => (rest > 0 ? [`…and ${rest} more: the log has them all.`] : [])

/** A sentence in which names stand in backticks, as code. */
const sentence = (text: string, show: Show): string =>
  unlinked(show(text)).replace(/&#96;(.+?)&#96;/g, '<code>$1</code>')

/** Escaped text outside of code in which no number of an issue becomes a link: GitHub would note the mention there. */
const unlinked = (text: string): string => text.replace(/(?:&#35;|\bGH-)(?=\d)/gi, '$&\u200b')

/** Everything that is wrong, with links to the lines of the manifest; empty where nothing is. */
export function problemList(outcome: Outcome, context: RunContext, bytes: number, show: Show): string {
  const of = (text: string, place: Place | null): string => {
    if (place === null || place.file === null) return sentence(text, show)
    const [page, name] = [pageOf(place, context), show(showPlace(place))]
    return `${page === null ? name : `<a href="${page}">${name}</a>`} ${sentence(text, show)}`
  }
  const items = [
    ...outcome.inputProblems.map((problem) => [inputText(problem), null] as const),
    ...outcome.problems.map(({ place, path, message }) => {
      const text = path === '' ? message : `${path}: ${message}`
      return [place.file === null ? `${showPlace(place)} ${text}` : text, place] as const
    }),
    ...[...outcome.failures, ...outcome.warnings].map(
      (failure) => [failureText({ ...failure, hint: '' }), failure.place] as const,
    ),
  ]
  if (items.length === 0) return ''
  return `**Problems**\n\n${list(items, bytes, ([text, place]) => of(text, place))}`
}

/** What to do about what failed or is blocked, each advice once; empty where there is none. */
export function nextSteps({ failures, warnings }: Outcome, bytes: number, show: Show): string {
  const hints = [...new Set([...failures, ...warnings].map(({ hint }: Failure) => hint))]
  const steps = hints.filter((hint) => hint !== '')
  return steps.length === 0 ? '' : `**Next steps**\n\n${list(steps, bytes, (step) => sentence(step, show))}`
}

/** The head of summary and comment. */
export const heading = (outcome: Outcome, verdict: string): string =>
  `### ${hasFailed(outcome) ? '❌' : '✅'} Kaleyra callback profiles: ${verdict}`

function list<Item>(items: readonly Item[], bytes: number, render: (item: Item) => string): string {
  const kept = within(items, bytes, (item) => `- ${render(item)}`)
  return [...kept, ...logHas(items.length - kept.length).map((text) => `- ${text}`)].join('\n')
}

/** The first of these items in words, as many as fit into a number of bytes. */
export function within<Item>(
  items: readonly Item[],
  bytes: number,
  render: (item: Item) => string,
): readonly string[] {
  const kept: string[] = []
  let left = bytes
  for (const item of items) {
    const text = render(item)
    left -= Buffer.byteLength(text) + 1
    if (left < 0) return kept
    kept.push(text)
  }
  return kept
}

/** Foreign text that shows as it is: no markdown, HTML, mention or link comes of it. */
export function escaped(text: string): string {
  return plain(text)
    .replace(/[&<>\\`*_{}[\]()#+!|~$:]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/@|www\./gi, '$&\u200b')
}
