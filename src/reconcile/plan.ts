/** The plan: what an apply would do, as a sorted, counted, serialisable value with a digest. Pure. */
import { createHash } from 'node:crypto'
import type { FieldChange } from './diff.ts'

export const VERBS = ['create', 'update', 'replace', 'delete', 'unchanged', 'report'] as const
export type Verb = (typeof VERBS)[number]

/** What is to happen to one profile. Holds nothing that may not be shown. */
export interface Change {
  /** Key in the manifest; empty for a profile that is not declared (pruned, left over). */
  readonly key: string
  readonly title: string
  /** Id on the account, or null where the profile does not exist. */
  readonly id: string | null
  readonly verb: Verb
  /** Whether an update may turn into a replacement, because the API may not take a PATCH of these fields. */
  readonly mayReplace: boolean
  readonly changes: readonly FieldChange[]
  /** Things to know, which are not part of the digest. */
  readonly notes: readonly string[]
}

export interface Plan {
  readonly origin: string
  readonly sid: string
  readonly changes: readonly Change[]
  readonly counts: Readonly<Record<Verb, number>>
  /** SHA-256, in hex, of what the plan shows. */
  readonly digest: string
}

/** Makes a plan of changes in any order. */
export function planOf(origin: string, sid: string, unsorted: readonly Change[]): Plan {
  const changes = [...unsorted].sort(byName)
  const counts = Object.fromEntries(
    VERBS.map((verb) => [verb, changes.filter((change) => change.verb === verb).length]),
  )
  return {
    origin,
    sid,
    changes,
    counts: counts as Record<Verb, number>,
    digest: digestOf(origin, sid, changes),
  }
}

/** Tells whether applying the plan would write. */
export function hasChanges({ counts }: Plan): boolean {
  return counts.create + counts.update + deletions(counts) > 0
}

/** How many profiles the plan surely deletes: a replacement deletes the old one. */
export const deletions = (counts: Plan['counts']): number => counts.delete + counts.replace

/** How to call a profile in a message: its key, or its title where it is not declared. */
export const nameOf = ({ key, title }: Change): string => key || `"${title}"`

/** One text for what the plan shows of a change; equal texts mean an equal part of the plan. */
export function shownChange({ key, title, id, verb, mayReplace, changes }: Change): string {
  const fields = changes
    .map(({ path, from, to }) => [path, from, to] as const)
    .sort(([a], [b]) => compareText(a, b))
  return JSON.stringify([key, title, id, verb, mayReplace, fields])
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** By key, with undeclared profiles last, by title. */
const byName = (a: Change, b: Change): number =>
  Number(a.key === '') - Number(b.key === '') ||
  compareText(a.key, b.key) ||
  compareText(a.title, b.title) ||
  compareText(a.id ?? '', b.id ?? '')

function digestOf(origin: string, sid: string, changes: readonly Change[]): string {
  return createHash('sha256')
    .update(JSON.stringify([origin, sid, changes.map(shownChange)]))
    .digest('hex')
}
