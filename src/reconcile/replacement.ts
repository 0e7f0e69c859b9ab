import type { Entry } from '../manifest/entry.ts'
import { showPath } from '../manifest/problem.ts'
import type { FieldName, ProfileFields, RemoteProfile } from '../profile.ts'
import { isMasked } from '../secrets.ts'

/** The declared profile with all that the manifest does not manage carried over from the one that it replaces. */
export function replacement(entry: Entry, old: RemoteProfile): Entry {
  return { ...entry, profile: { ...entry.profile, fields: { ...old.fields, ...entry.profile.fields } } }
}

/** Paths of values that a replacement would have to carry over but that the account shows masked. */
export function maskedFields({ profile }: Entry, { fields }: RemoteProfile): string[] {
  const unmanaged = Object.entries(fields).filter(([name]) => profile.fields[name as FieldName] === undefined)
  return unmanaged.flatMap(([name, value]) => maskedPaths(value as ProfileFields[FieldName], [name]))
}

function maskedPaths(value: unknown, path: readonly string[]): string[] {
  if (isMasked(value)) return [showPath(path)]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) => maskedPaths(part, [...path, name]))
}
