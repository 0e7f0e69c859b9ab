/** What differs between a declared profile and one on the account, in what it means rather than how it is spelt. Pure. */
import { isDeepStrictEqual } from 'node:util'
import type { Entry } from '../manifest/entry.ts'
import { type Path, showPath } from '../manifest/problem.ts'
import { hasExpression } from '../manifest/template.ts'
import type { FieldName, RemoteProfile } from '../profile.ts'
import { isMasked, isSecretPath, withoutCredentials, writtenWithoutCredentials } from '../secrets.ts'
import { isRecord, valueAt } from '../values.ts'

/** One changed value, as it is shown: texts in quotes, secrets as words, expressions as they are written. */
export interface FieldChange {
  /** Such as `url`, `body.id`, `headers.authorization`. */
  readonly path: string
  /** What the account holds; null where it holds nothing there. */
  readonly from: string | null
  /** What the manifest declares; null where it wants nothing there. */
  readonly to: string | null
}

export interface Difference {
  /** Fields that differ, to be sent. */
  readonly fields: readonly FieldName[]
  readonly changes: readonly FieldChange[]
  /** Paths of secrets that the API returns masked: they count as equal. */
  readonly uncomparable: readonly string[]
  /** Managed fields that the answer did not hold. */
  readonly unknown: readonly FieldName[]
  /** The two channels, where they may be one by two names: they count as equal. */
  readonly otherChannel: FieldChange | null
}

/** What stands for the value of a secret. */
export const SECRET = '(secret)'
const NOT_SHOWN = '(not shown)'

/** The field that the path of a change begins with. */
export const fieldOf = (path: string): FieldName => path.split('.', 1)[0] as FieldName

/** Changes in words: each value that the account shows beside the one that was wanted. */
export const inWords = (changes: readonly FieldChange[]): string =>
  changes.map(({ path, from, to }) => `${path} is ${from ?? 'empty'} instead of ${to ?? 'empty'}`).join('; ')

/**
 * Compares every managed field. A `remote` of null is a profile that does not exist: then all that is declared is new.
 * `before` is how a remote that is no real one is written, whose expressions may be shown.
 */
export function difference(entry: Entry, remote: RemoteProfile | null, before?: unknown): Difference {
  const fields: FieldName[] = []
  const changes: FieldChange[] = []
  const uncomparable: string[] = []
  const unknown: FieldName[] = []
  let otherChannel: FieldChange | null = null
  for (const [name, declared] of Object.entries(entry.profile.fields) as [FieldName, unknown][]) {
    const actual = remote === null ? null : remote.fields[name]
    if (actual === undefined) {
      unknown.push(name)
      continue
    }
    const leaves = differingLeaves(comparable(name, declared), comparable(name, actual), [name])
    const known = leaves.filter(({ path, from, to }) => {
      const masked = isSecretPath(path) && to !== undefined && isMasked(from)
      if (masked) uncomparable.push(showPath(path))
      return !masked
    })
    if (known.length === 0) continue
    const shown = shownChanges(entry, name, known, actual, before)
    if (name === 'channel' && remote !== null && ![declared, actual].every(isKnownChannel)) {
      otherChannel = shown[0] ?? null
      continue
    }
    fields.push(name)
    changes.push(...shown)
  }
  return { fields, changes, uncomparable, unknown, otherChannel }
}

/** Only between `sms` and the default channel is a difference surely one. */
const isKnownChannel = (channel: unknown): boolean => channel === null || channel === 'sms'

/** A value in the form in which two of them are compared: header names and channels ignore case, events have no order. */
function comparable(name: FieldName, value: unknown): unknown {
  if (name === 'headers' && value !== null) {
    return Object.fromEntries(
      Object.entries(value as object).map(([header, text]) => [header.toLowerCase(), text]),
    )
  }
  if (name === 'channel' && typeof value === 'string') return value.toLowerCase()
  return name === 'events' && Array.isArray(value) ? [...new Set(value)].sort() : value
}

interface Leaf {
  readonly path: Path
  readonly from: unknown
  readonly to: unknown
}

/** The smallest differing parts: objects are taken apart by name, everything else differs whole. */
function differingLeaves(to: unknown, from: unknown, path: Path): Leaf[] {
  if (isDeepStrictEqual(to, from)) return []
  const [left, right] = [to ?? {}, from ?? {}]
  const apart = isRecord(left) && isRecord(right) && (isRecord(to) || isRecord(from))
  if (!apart) return [{ path, from, to }]
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])]
  const leaves = names.flatMap((name) =>
    differingLeaves(valueAt(left, [name]), valueAt(right, [name]), [...path, name]),
  )
  return leaves.length > 0 ? leaves : [{ path, from, to }]
}

function shownChanges(
  entry: Entry,
  field: FieldName,
  leaves: readonly Leaf[],
  actual: unknown,
  before: unknown,
): FieldChange[] {
  const changes = leaves.map(({ path, from, to }): FieldChange => {
    if (isSecretPath(path)) {
      return { path: showPath(path), from: absent(from) ? null : SECRET, to: absent(to) ? null : SECRET }
    }
    const expression = expressionAt(entry.written, path)
    if (expression !== null) {
      return {
        path: showPath(expression.path),
        from: absent(valueAt({ [field]: actual }, expression.path))
          ? null
          : shownExpression(field, expressionAt(before, expression.path)?.text ?? NOT_SHOWN),
        to: absent(valueAt(entry.profile.fields, expression.path))
          ? null
          : shownExpression(field, expression.text),
      }
    }
    return { path: showPath(path), from: shown(field, from), to: shown(field, to) }
  })
  return [...new Map(changes.map((change) => [change.path, change])).values()]
}

const absent = (value: unknown): boolean => value === undefined || value === null

function shown(field: FieldName, value: unknown): string | null {
  if (absent(value)) return null
  return JSON.stringify(field === 'url' ? withoutCredentials(String(value)) : value)
}

const shownExpression = (field: FieldName, text: string): string =>
  field === 'url' ? writtenWithoutCredentials(text) : text

/** The expression that makes the value at a path, which may stand at a part of that path. */
function expressionAt(written: unknown, path: Path): { path: Path; text: string } | null {
  let value = written
  for (const [depth, step] of path.entries()) {
    value = valueAt(value, [step])
    if (typeof value === 'string')
      return hasExpression(value) ? { path: path.slice(0, depth + 1), text: value } : null
  }
  return holdsExpression(value) ? { path, text: JSON.stringify(value) } : null
}

function holdsExpression(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return hasExpression(value)
  return Object.values(value).some(holdsExpression)
}
