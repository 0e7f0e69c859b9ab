import { canonicalChannel, type DeclaredProfile, isEmptyValue, type ProfileFields } from '../profile.ts'
import type { Document } from './document.ts'
import type { Evaluate } from './expressions.ts'
import { type Path, type Place, type Problem, showPath } from './problem.ts'
import { API_FIELDS, type Declared, isKey, KNOWN_NAMES, profileSchema } from './schema.ts'
import { hasExpression, hasTemplate } from './template.ts'
import { channelWarning, check, type Finding } from './validate.ts'

/** One declared profile, with all that messages and later phases need to know of it. */
export interface Entry {
  readonly key: string
  readonly profile: DeclaredProfile
  /** The merged fields as they are written: where an expression made a value, the expression. */
  readonly written: Readonly<Record<string, unknown>>
  /** Values of environment variables that made a field, by the field's path. */
  readonly variables: ReadonlyMap<string, readonly string[]>
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
  /** Path of the profile in its document. */
  readonly at: Path
  /** Key as written, or null where the form has none (list, single profile). */
  readonly key: string | null
  readonly own: Readonly<Record<string, unknown>>
  readonly defaults: Readonly<Record<string, unknown>>
}

/** Tells whether a value is an object and no list. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** One step of a path into a value. */
export const step = (value: unknown, name: string | number): unknown =>
  (value as Record<string, unknown> | undefined)?.[name]

/** Checks one draft: defaults, expressions, rules, key. The entry is null where its fields are not usable. */
export function resolve(
  draft: Draft,
  index: number,
  count: number,
  evaluate: Evaluate | null,
): { entry: Entry | null; problems: Problem[] } {
  const written = merge(draft.defaults, draft.own)
  const findings: Finding[] = []
  const variables = new Map<string, readonly string[]>()
  const { evaluates } = draft.document
  const unevaluated = (value: unknown): boolean => evaluates && hasTemplate(value)
  const merged = evaluateAll(written, [], (text, path) => {
    if (!evaluates) return text
    const result = evaluate?.(text) ?? { ok: true as const, value: text, variables: [] }
    if (!result.ok) {
      findings.push(
        ...result.messages.map((message): Finding => ({ path, part: 'value', severity: 'error', message })),
      )
      return text
    }
    if (result.variables.length > 0) variables.set(showPath(path), result.variables)
    return result.value
  }) as Record<string, unknown>
  const meant = Object.fromEntries(
    Object.entries(merged).map(([name, value]) => [name, isEmptyValue(value) && value !== '' ? null : value]),
  )
  const checked = check(profileSchema, meant, KNOWN_NAMES.profile)
  findings.push(
    ...checked.findings.filter(
      ({ path, part }) => part === 'key' || !unevaluated(path.reduce<unknown>(step, meant)),
    ),
  )
  if (typeof merged.channel === 'string') findings.push(...channelWarning(merged.channel))
  findings.push(...sameHeaders(meant.headers))
  const key = keyOf(draft, meant.title, index, count)
  if (!isKey(key)) {
    const mend =
      draft.key === null
        ? `the title makes the key \`${key}\`, which is no valid one: write \`profiles\` as a map and choose a key`
        : 'expected a key of letters, digits, hyphens and underscores that starts with a letter or underscore'
    findings.push({
      path: draft.key === null ? ['title'] : [],
      part: 'key',
      severity: 'error',
      message: mend,
    })
  }
  const problems = findings.map((finding) => problemAt(draft, finding))
  return {
    entry: {
      key,
      profile: toProfile((checked.value ?? meant) as Declared),
      written,
      variables,
      place: (path) => placeOf(draft, path, 'value'),
      path: (path) => showPath([...draft.at, ...path]),
    },
    problems,
  }
}

function keyOf(draft: Draft, title: unknown, index: number, count: number): string {
  if (draft.key !== null) return draft.key
  if (typeof title !== 'string' || hasTemplate(title)) return `profile-${index + 1}`
  const key = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return draft.at.length === 0 && count === 1 && !isKey(key) ? 'profile' : key
}

/** Defaults under a profile's own fields; `headers` by name, ignoring case, unless the profile empties them. */
function merge(
  defaults: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const inherited = Object.fromEntries(
    Object.entries(defaults).filter(([name]) => API_FIELDS.includes(name as never)),
  )
  const merged = { ...inherited, ...own }
  if (isRecord(defaults.headers) && isRecord(own.headers) && !isEmptyValue(own.headers)) {
    const names = new Set(Object.keys(own.headers).map((name) => name.toLowerCase()))
    const kept = Object.entries(defaults.headers).filter(([name]) => !names.has(name.toLowerCase()))
    merged.headers = { ...Object.fromEntries(kept), ...own.headers }
  }
  return merged
}

function evaluateAll(value: unknown, path: Path, visit: (text: string, path: Path) => unknown): unknown {
  if (typeof value === 'string') return hasTemplate(value) ? visit(value, path) : value
  if (Array.isArray(value)) return value.map((item, index) => evaluateAll(item, [...path, index], visit))
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, evaluateAll(item, [...path, name], visit)]),
  )
}

function sameHeaders(headers: unknown): Finding[] {
  const names = isRecord(headers) ? Object.keys(headers) : []
  return names
    .filter((name, index) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < index)
    .map((name) => ({
      path: ['headers', name],
      part: 'key',
      severity: 'error',
      message: 'this header stands here twice: names ignore case',
    }))
}

function toProfile(value: Partial<Declared>): DeclaredProfile {
  const fields: Record<string, unknown> = {}
  for (const name of API_FIELDS) if (value[name] !== undefined) fields[name] = value[name]
  if (typeof value.events === 'string') fields.events = value.events === '' ? null : [value.events]
  if (value.response_message === '') fields.response_message = null
  if (value.channel !== undefined) fields.channel = canonicalChannel(value.channel)
  return {
    id: value.id ?? null,
    state: value.state ?? 'present',
    previous_titles: value.previous_titles ?? [],
    fields: fields as Partial<ProfileFields>,
  }
}

function placeOf(draft: Draft, path: Path, part: 'key' | 'value'): Place {
  const place = part === 'key' ? draft.document.keyPlace : draft.document.place
  const inherited = path.length > 0 && !has(draft.own, path) && has(draft.defaults, path)
  return place(inherited ? ['defaults', ...path] : [...draft.at, ...path])
}

function has(fields: unknown, path: Path): boolean {
  return path.slice(0, 2).every((name, depth) => {
    const parent = depth === 0 ? fields : step(fields, path[0] as string)
    return typeof parent === 'object' && parent !== null && Object.hasOwn(parent, name)
  })
}

/** Turns a finding about a draft into a located problem. */
export const problemAt = (draft: Draft, finding: Finding): Problem => ({
  severity: finding.severity,
  place: placeOf(draft, finding.path, finding.part),
  path: showPath([...draft.at, ...finding.path]),
  message: finding.message,
})
