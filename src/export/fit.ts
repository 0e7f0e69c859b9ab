/** Finds what of a profile a manifest can hold. The judge is the manifest's own loader: it reads everything back. Pure. */
import { parseSource } from '../manifest/document.ts'
import { loadManifest } from '../manifest/load.ts'
import { escapeTemplate } from '../manifest/template.ts'
import type { FieldName, RemoteProfile } from '../profile.ts'
import { difference } from '../reconcile/diff.ts'
import { plain } from '../report/text.ts'
import { obstacle, type Split, written } from './fields.ts'
import { manifestText } from './yaml.ts'

/** The part of a profile that can be declared so that it plans to nothing. */
export interface Fitted {
  /** The id, where the entry has to be pinned by it. */
  readonly id: string | null
  /** Values as the account holds them, secrets included. */
  readonly fields: Readonly<Partial<Record<FieldName, unknown>>>
  /** Fields that are left out, and why. */
  readonly notes: readonly string[]
}

/** Order in which fields are written. */
const FIELDS: readonly FieldName[] = [
  'title',
  'http_method',
  'url',
  'channel',
  'events',
  'headers',
  'body',
  'response_message',
  'enc',
]
/** Fields without which an entry needs an id. */
const REQUIRED: readonly string[] = ['title', 'http_method', 'url']
const NOT_SHOWN = 'the account does not show it'
const SHARED = 'another profile of the account has this title too'
const CHANGED = 'a manifest cannot hold its value as it is'

/**
 * Fits a profile into an entry, giving up one field after the other until the rest holds. A title that profiles share is
 * left out, and what holds a secret where no reference can stand. Null where a manifest cannot hold the profile at all, as where it refuses an id that the entry needs.
 */
export function fit(profile: RemoteProfile, titleIsShared: boolean, split: Split): Fitted | null {
  let fitted: Fitted = { id: null, fields: presentFields(profile), notes: [] }
  for (const name of REQUIRED as FieldName[])
    if (profile.fields[name] === undefined) fitted = without(fitted, name, NOT_SHOWN)
  for (const [name, value] of Object.entries(fitted.fields) as [FieldName, unknown][]) {
    const reason = name === 'title' && titleIsShared ? SHARED : obstacle(name, value, split)
    if (reason !== null) fitted = without(fitted, name, reason)
  }
  for (;;) {
    const objection = objectionTo(fitted, profile)
    if (objection === null) return fitted
    const next = yieldTo(objection, fitted, profile.id)
    if (next === null) return null
    fitted = next
  }
}

/** All fields that are not empty, and the empty body of a method that needs one. */
function presentFields({ fields }: RemoteProfile): Fitted['fields'] {
  const needsBody = fields.http_method === 'POST' || fields.http_method === 'PUT'
  const present = FIELDS.flatMap((name): [FieldName, unknown][] => {
    const value = fields[name] ?? null
    if (value !== null) return [[name, value]]
    return name === 'body' && needsBody ? [[name, {}]] : []
  })
  return Object.fromEntries(present)
}

interface Objection {
  readonly field: string
  readonly reason: string
}

/** The first thing that keeps the entry from loading, or from being equal to the profile. What needs an id comes first. */
function objectionTo(fitted: Fitted, profile: RemoteProfile): Objection | null {
  const { entry, objections } = readBack(fitted)
  const first = objections.find(({ field }) => REQUIRED.includes(field)) ?? objections[0]
  if (first !== undefined) return first.field === '' ? { ...first, field: culprit(fitted) } : first
  const changed = entry === undefined ? undefined : difference(entry, profile).fields[0]
  return changed === undefined ? null : { field: changed, reason: CHANGED }
}

/** Gives up what an objection is about, or pins the entry where that is missing. */
function yieldTo({ field, reason }: Objection, fitted: Fitted, id: string): Fitted | null {
  const has = (name: string): boolean => Object.hasOwn(fitted.fields, name)
  if (has(field)) return without(fitted, field as FieldName, reason)
  if (REQUIRED.includes(field) && fitted.id === null) return { ...fitted, id }
  return field === 'body' && has('http_method') ? without(fitted, 'http_method', 'it needs a body') : null
}

function without(fitted: Fitted, field: FieldName, reason: string): Fitted {
  const { [field]: _, ...fields } = fitted.fields
  return { ...fitted, fields, notes: [...fitted.notes, `${field} is left out: ${plain(reason)}`] }
}

const KEY = 'profile'
// Loaded as where a manifest is evaluated: an import would put a second copy of it into the bundle.
const { evaluator } = await import('../manifest/expressions.ts')
const evaluate = evaluator({ env: {}, github: {} })

function readBack({ id, fields }: Pick<Fitted, 'id' | 'fields'>) {
  const literal = Object.entries(fields).map(([name, value]) => [
    name,
    written(name as FieldName, value, (_, secret) => escapeTemplate(secret)),
  ])
  const entry = { ...(id === null ? {} : { id }), ...Object.fromEntries(literal) }
  const text = manifestText([[KEY, { fields: entry, comments: [] }]], [])
  const { document, problems: faults } = parseSource({ name: KEY, file: null, text })
  const { manifest, problems } =
    document === null ? { manifest: null, problems: [] } : loadManifest([document], evaluate)
  const errors = [...faults, ...problems].filter(({ severity }) => severity === 'error')
  const objections = errors.map(({ path, message }): Objection => {
    const [, field = ''] = /^profiles\.profile\.(\w+)/.exec(path) ?? []
    return { field, reason: message }
  })
  return { entry: manifest?.entries[0], objections }
}

/** The field to which an objection that names none belongs: that of which it is made alone. */
function culprit({ fields }: Fitted): string {
  const found = Object.entries(fields).find(([name, value]) =>
    readBack({ id: KEY, fields: { [name]: value } }).objections.some(({ field }) => field === ''),
  )
  return found?.[0] ?? ''
}
