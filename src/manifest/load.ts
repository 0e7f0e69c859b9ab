import { isRecord, valueAt } from '../values.ts'
import { conflicts } from './conflicts.ts'
import type { Document } from './document.ts'
import { type Draft, type Entry, resolve, withNulls } from './entry.ts'
import { evaluateAll, type Made } from './evaluation.ts'
import type { Evaluate } from './expressions.ts'
import {
  type Finding,
  type Place,
  type Problem,
  showPath,
  showPlace,
  withoutMisspelt,
  wrongKey,
} from './problem.ts'
import { KNOWN_NAMES } from './schema.ts'
import { hasTemplate } from './template.ts'
import { check } from './validate.ts'

/** The profiles that some texts declare, and what is to become of others on the account. */
export interface Manifest {
  readonly entries: readonly Entry[]
  readonly prune: Prune | null
}

/** Profiles of the account whose title starts with this and that are not declared are to be deleted. */
export interface Prune {
  readonly title_prefix: string
  /** The prefix as it may be shown: as an expression where one makes it. */
  readonly written: string
  /** What expressions made of it, by its path in `prune`. */
  readonly made: ReadonlyMap<string, Made>
}

/** A manifest that is null holds errors; warnings may stand beside a good one. Problems are in the order of the files. */
export interface Loaded {
  readonly manifest: Manifest | null
  /** Every entry, also of a manifest with errors, where its fields may have any value. */
  readonly entries: readonly Entry[]
  readonly problems: readonly Problem[]
}

/** Most profiles that one manifest may declare. */
export const MAX_PROFILES = 5000

/**
 * Makes one manifest of parsed documents: merges defaults, evaluates expressions, checks all rules, and reports every
 * problem at once. `evaluate` is null where no text holds an expression.
 */
export function loadManifest(documents: readonly Document[], evaluate: Evaluate | null): Loaded {
  const excess = excessive(documents)
  if (excess !== null) return { manifest: null, entries: [], problems: [excess] }
  const opened = documents.map((document) => open(document, evaluate))
  const drafts = opened.flatMap((each) => each.drafts)
  const resolved = drafts.map((draft) => resolve(draft, drafts.length === 1, evaluate))
  const entries = resolved.map(({ entry }) => entry)
  const prunes = opened.flatMap(({ prune }) => prune ?? [])
  const all = [
    ...opened.flatMap(({ problems }) => problems),
    ...secondPrunes(prunes),
    ...resolved.flatMap(({ problems }) => problems),
    ...conflicts(entries),
  ]
  // A default that is wrong is found once in `defaults` and once in every profile that inherits it.
  const problems = [...new Map(all.map((problem) => [identity(problem), problem])).values()]
  return {
    manifest: problems.some(({ severity }) => severity === 'error')
      ? null
      : { entries, prune: prunes[0]?.rule ?? null },
    entries,
    problems: sorted(problems, documents),
  }
}

/** The refusal of more profiles than a manifest may declare, at the first one too many. */
function excessive(documents: readonly Document[]): Problem | null {
  const names = documents.map(({ value }) => Object.keys(profilesOf(value)))
  const count = names.reduce((sum, { length }) => sum + length, 0)
  let left = MAX_PROFILES
  for (const [index, document] of documents.entries()) {
    const name = names[index]?.[left]
    left -= names[index]?.length ?? 0
    if (name === undefined) continue
    const message = `a manifest may declare ${MAX_PROFILES} profiles, this one has ${count}: split it over several steps`
    const step = Array.isArray(profilesOf(document.value)) ? Number(name) : name
    return problemIn(document, wrongKey(['profiles', step], message))
  }
  return null
}

const identity = ({ place, message }: Problem): string => `${showPlace(place)} ${message}`

/** Problems in the order of the documents, and in each from top to bottom. */
function sorted(problems: readonly Problem[], documents: readonly Document[]): Problem[] {
  const order = new Map(documents.map(({ name }, index) => [name, index]))
  const rank = ({ place }: Problem): number => order.get(place.source) ?? 0
  return problems.toSorted(
    (a, b) => rank(a) - rank(b) || a.place.line - b.place.line || a.place.column - b.place.column,
  )
}

interface PlacedPrune {
  readonly rule: Prune
  readonly document: Document
}

function secondPrunes([first, ...others]: readonly PlacedPrune[]): Problem[] {
  if (first === undefined) return []
  const place = ({ document }: PlacedPrune): Place => document.keyPlace(['prune'])
  return others.map((other) => ({
    severity: 'error',
    place: place(other),
    path: 'prune',
    message: `only one \`prune\` may stand in a manifest; the other is at ${showPlace(place(first))}`,
  }))
}

interface Opened {
  readonly drafts: readonly Draft[]
  readonly prune: PlacedPrune | null
  readonly problems: readonly Problem[]
}

/** Takes a document apart into drafts: a manifest in map or list form, or a single profile as it is. */
function open(document: Document, evaluate: Evaluate | null): Opened {
  const root = document.value
  if (!isRecord(root)) {
    const found = root === null || root === undefined ? 'it is empty: ' : ''
    const message = `${found}expected \`profiles:\` with callback profiles, or a single profile`
    return { drafts: [], prune: null, problems: [problemIn(document, wrongKey([], message))] }
  }
  if (isSingleProfile(root)) {
    return { drafts: [{ document, at: [], key: null, own: root, defaults: {} }], prune: null, problems: [] }
  }
  const defaults = isRecord(root.defaults) ? root.defaults : {}
  const evaluated = evaluateAll({ prune: root.prune }, document.evaluates ? evaluate : null)
  const { prune } = evaluated.value as { prune: unknown }
  const checked = check('manifest', {
    ...root,
    ...(isRecord(root.defaults) && { defaults: withNulls(root.defaults) }),
    ...('prune' in root && { prune }),
  })
  const closed = checked.filter(({ path }) => !isOpenDefault(root, path))
  const findings = evaluated.screen(withoutMisspelt(closed, root))
  const drafts = draftsOf(root)
  const misshapen = drafts.filter(({ own }) => !isRecord(own))
  const shape = 'expected an object with the fields of a profile'
  return {
    drafts: drafts.flatMap(({ own, ...draft }) =>
      isRecord(own) ? [{ ...draft, own, document, defaults }] : [],
    ),
    prune: pruneOf(prune, root.prune, evaluated.made, document),
    problems: [...evaluated.findings, ...findings, ...misshapen.map(({ at }) => wrongKey(at, shape))].map(
      (finding) => problemIn(document, finding),
    ),
  }
}

/** The profiles of a manifest, by key or in a list, whatever they are. */
function profilesOf(root: unknown): Readonly<Record<string, unknown>> | readonly unknown[] {
  const profiles = isRecord(root) ? root.profiles : null
  return Array.isArray(profiles) || isRecord(profiles) ? profiles : {}
}

function draftsOf(root: unknown): (Pick<Draft, 'key' | 'at'> & { own: unknown })[] {
  const profiles = profilesOf(root)
  return Array.isArray(profiles)
    ? profiles.map((own: unknown, index) => ({ key: null, own, at: ['profiles', index] }))
    : Object.entries(profiles).map(([key, own]) => ({ key, own, at: ['profiles', key] }))
}

function pruneOf(
  prune: unknown,
  written: unknown,
  made: Prune['made'],
  document: Document,
): PlacedPrune | null {
  const prefix = valueAt(prune, ['title_prefix'])
  if (typeof prefix !== 'string') return null
  const rule = { title_prefix: prefix, written: String(valueAt(written, ['title_prefix'])), made }
  return { rule, document }
}

/** Expressions in defaults are evaluated, and the values checked, in the profiles that inherit them. All of them are no value. */
const isOpenDefault = (root: unknown, path: Finding['path']): boolean =>
  path[0] === 'defaults' && path.length > 1 && hasTemplate(valueAt(root, path))

function isSingleProfile(root: Record<string, unknown>): boolean {
  const manifestOnly = [...KNOWN_NAMES.manifest, 'profile']
  return (
    !manifestOnly.some((name) => Object.hasOwn(root, name)) &&
    KNOWN_NAMES.profile.some((name) => Object.hasOwn(root, name))
  )
}

const problemIn = (document: Document, { severity, path, part, message, found }: Finding): Problem => ({
  severity,
  place: part === 'key' ? document.keyPlace(path) : document.place(path),
  path: showPath(path),
  message: message + found,
})
