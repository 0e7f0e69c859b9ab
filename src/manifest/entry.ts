import { canonicalChannel, type DeclaredProfile, isEmptyValue, type ProfileFields } from '../profile.ts'
import { isRecord, valueAt } from '../values.ts'
import type { Document } from './document.ts'
import { evaluateAll, type Made } from './evaluation.ts'
import type { Evaluate } from './expressions.ts'
import {
  type Finding,
  type Path,
  type Place,
  type Problem,
  showPath,
  withoutMisspelt,
  wrongKey,
} from './problem.ts'
import { checkHost, checkRules } from './rules.ts'
import { API_FIELDS, KEY_PATTERN, KEY_RULE, KNOWN_NAMES } from './schema.ts'
import { hasExpression } from './template.ts'
import { check } from './validate.ts'

/** One declared profile, with all that messages and later phases need to know of it. */
export interface Entry {
  readonly key: string
  readonly profile: DeclaredProfile
  /** The merged fields as they are written: where an expression made a value, the expression. */
  readonly written: Readonly<Record<string, unknown>>
  /** What expressions made, by the path of the field. */
  readonly made: ReadonlyMap<string, Made>
  /** Place of a field of this profile; of its default, or of the profile, where it does not have one. */
  place(path: Path): Place
  /** The field's path in its file, as people type it. */
  path(path: Path): string
}

/** The declared title as it may be shown: as an expression where one makes it. Null for a pinned entry without a title. */
export function shownTitle(entry: Entry): string | null {
  const { title } = entry.written
  return hasExpression(title) ? String(title) : (entry.profile.fields.title ?? null)
}

/** A profile before its rules were checked. */
export interface Draft {
  readonly document: Document
  /** Path of the profile in its document; empty for a document that is a single profile. */
  readonly at: Path
  /** Key as written, or null where the form has none (list, single profile). */
  readonly key: string | null
  readonly own: Readonly<Record<string, unknown>>
  readonly defaults: Readonly<Record<string, unknown>>
}

/**
 * Checks one draft: defaults, expressions, rules, key. `alone` tells whether the manifest holds no other. Where there are
 * errors among the problems, the entry's fields may have any value.
 */
export function resolve(
  draft: Draft,
  alone: boolean,
  evaluate: Evaluate | null,
): { entry: Entry; problems: Problem[] } {
  const written = merge(draft)
  const evaluated = evaluateAll(written, draft.document.evaluates ? evaluate : null)
  const fields = withNulls(evaluated.value as Record<string, unknown>)
  const checked = withoutMisspelt([...check('profile', fields), ...checkRules(fields)], fields)
  const findings = [
    ...evaluated.findings,
    ...evaluated.screen(checked),
    ...(fields.state === 'absent' ? [] : checkHost(written.url)),
  ]
  const key = keyOf(draft, written, alone)
  return {
    entry: {
      key: typeof key === 'string' ? key : '',
      profile: toProfile(fields),
      written,
      made: evaluated.made,
      place: (path) => placeOf(draft, path, path.length === 0 ? 'key' : 'value'),
      path: (path) => showPath([...draft.at, ...path]),
    },
    problems: [...findings, ...(typeof key === 'string' ? [] : [key])].map((finding) =>
      problemAt(draft, finding),
    ),
  }
}

/** Empty values of the fields of a profile made null: they mean the same. An empty text stays: most fields do not take it. */
export function withNulls(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, isEmptyValue(value) && value !== '' ? null : value]),
  )
}

/** Defaults under a profile's own fields; `headers` by name, ignoring case, unless the profile empties them. */
function merge({ defaults, own }: Draft): Record<string, unknown> {
  const inherited = Object.entries(defaults).filter(([name]) => KNOWN_NAMES.defaults.includes(name))
  const merged = { ...Object.fromEntries(inherited), ...own }
  if (isRecord(defaults.headers) && isRecord(own.headers) && !isEmptyValue(own.headers)) {
    const names = new Set(Object.keys(own.headers).map((name) => name.toLowerCase()))
    const kept = Object.entries(defaults.headers).filter(([name]) => !names.has(name.toLowerCase()))
    merged.headers = { ...Object.fromEntries(kept), ...own.headers }
  }
  return merged
}

/** The key as written, or the title in kebab-case, or what is wrong with it. Keys are shown, so no expression makes one. */
function keyOf(
  { key, at, own }: Draft,
  { title }: Readonly<Record<string, unknown>>,
  alone: boolean,
): string | Finding {
  if (key !== null) {
    return KEY_PATTERN.test(key) ? key : wrongKey([], KEY_RULE)
  }
  const isText = typeof title === 'string'
  const made = isText && !hasExpression(title) ? kebab(title) : ''
  if (KEY_PATTERN.test(made)) return made
  if (at.length === 0 && alone) return 'profile'
  // A title that is missing or no text is reported anyway.
  if (!isText && !Object.hasOwn(own, 'id')) return ''
  const why =
    made === '' ? 'no key can be made of this title' : `the title makes \`${made}\`, which is no valid key`
  return wrongKey(isText ? ['title'] : [], `${why}: write \`profiles\` as a map and choose a key`)
}

const kebab = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

function toProfile(value: Readonly<Record<string, unknown>>): DeclaredProfile {
  const given = API_FIELDS.filter((name) => value[name] !== undefined).map((name) => [name, value[name]])
  const fields: Record<string, unknown> = Object.fromEntries(given)
  if (typeof value.events === 'string') fields.events = value.events === '' ? null : [value.events]
  if (value.response_message === '') fields.response_message = null
  if (typeof value.channel === 'string') fields.channel = canonicalChannel(value.channel)
  return {
    id: (value.id as string | undefined) ?? null,
    state: value.state === 'absent' ? 'absent' : 'present',
    previous_titles: Array.isArray(value.previous_titles) ? value.previous_titles : [],
    fields: fields as Partial<ProfileFields>,
  }
}

/** A path of a draft in its document: that of the default where the profile inherits the field. */
function pathIn({ at, own, defaults }: Draft, path: Path): Path {
  const top = path.slice(0, 2)
  const inherited = path.length > 0 && valueAt(own, top) === undefined && valueAt(defaults, top) !== undefined
  return inherited ? ['defaults', ...path] : [...at, ...path]
}

function placeOf(draft: Draft, path: Path, part: 'key' | 'value'): Place {
  const at = pathIn(draft, path)
  return part === 'key' ? draft.document.keyPlace(at) : draft.document.place(at)
}

/** Turns a finding about a draft into a located problem. */
const problemAt = (draft: Draft, { severity, path, part, message, found }: Finding): Problem => ({
  severity,
  place: placeOf(draft, path, part),
  path: showPath(pathIn(draft, path)),
  message: message + found,
})
