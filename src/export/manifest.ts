/** Writes an account as a manifest that plans to nothing, with references in place of secrets. Pure. */

import { MAX_BYTES } from '../manifest/files.ts'
import { MAX_PROFILES } from '../manifest/load.ts'
import type { FieldName, RemoteProfile } from '../profile.ts'
import { replacedTitle } from '../reconcile/observe.ts'
import { HIDDEN } from '../redactor.ts'
import { plain } from '../report/text.ts'
import { type Refer, type Split, WHOLE, written } from './fields.ts'
import { type Fitted, fit } from './fit.ts'
import { createNames, keyOf, variableOf } from './names.ts'
import { manifestText, type WrittenProfile } from './yaml.ts'

/** An environment variable that the manifest reads, and what it has to hold. */
export interface Reference {
  readonly name: string
  readonly value: string
}

/** A profile of the manifest. */
export interface ExportedProfile {
  readonly key: string
  readonly title: string
  readonly id: string
}

export interface ExportedManifest {
  readonly text: string
  /** Sorted by key. */
  readonly profiles: readonly ExportedProfile[]
  /** In the order of the manifest; no two have the same value. */
  readonly references: readonly Reference[]
  /** What of the account the manifest does not hold, and what else is to be known of it. */
  readonly notes: readonly string[]
}

/** Where editors find the rules of a manifest. */
const SCHEMA =
  'https://raw.githubusercontent.com/OWNER/kaleyra-callback-profiles/v1/schema/callback-profiles.schema.json'

/**
 * Makes a manifest of whole profiles, in whatever order they come. Where `split` finds a secret in any other text, a
 * reference stands there, too.
 */
export function manifestOf(profiles: readonly RemoteProfile[], split: Split = WHOLE): ExportedManifest {
  const shown = (text: string): string =>
    split(text)
      .map((piece) => (piece.secret ? HIDDEN : piece.text))
      .join('')
  const named = withKeys(profiles, shown)
  const titles = Map.groupBy(profiles, (profile) => titleOf(profile).toLowerCase())
  const fitted = named.map(({ key, profile }) => ({
    key,
    profile,
    entry: fit(profile, (titles.get(titleOf(profile).toLowerCase())?.length ?? 0) > 1, split),
  }))
  const kept = pinned(fitted.flatMap(({ entry, ...rest }) => (entry === null ? [] : [{ ...rest, entry }])))
  const lost = fitted
    .filter(({ entry }) => entry === null)
    .map(({ key, profile }) => `${key} is left out: a manifest cannot hold profile ${plain(profile.id)}`)

  const { refer, references } = collectReferences()
  const entries = kept.map(({ key, profile, entry }): [string, WrittenProfile] => [
    key,
    { fields: writtenEntry(entry, refer(key), split), comments: commentsOf(entry, profile).map(shown) },
  ])
  const text = manifestText(entries, [`yaml-language-server: $schema=${SCHEMA}`, ...lost])
  return {
    text,
    profiles: kept.map(({ key, profile }) => ({ key, title: shown(titleOf(profile)), id: profile.id })),
    references: references(),
    notes: [
      ...lost,
      ...kept.flatMap(({ key, entry }) => entry.notes.map((note) => `${key}: ${shown(note)}`)),
      ...limits(text, kept.length),
    ],
  }
}

interface Kept {
  readonly key: string
  readonly profile: RemoteProfile
  readonly entry: Fitted
}

const titleOf = ({ fields }: RemoteProfile): string => fields.title ?? ''
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Gives each profile its key and sorts by it. The order in which the account lists them makes no difference. */
function withKeys(
  profiles: readonly RemoteProfile[],
  shown: (text: string) => string,
): { key: string; profile: RemoteProfile }[] {
  const unique = createNames('-')
  return [...profiles]
    .sort((a, b) => compare(titleOf(a), titleOf(b)) || compare(a.id, b.id))
    .map((profile) => ({ key: unique(keyOf(shown(titleOf(profile)))), profile }))
    .sort((a, b) => compare(a.key, b.key))
}

/**
 * Pins what would otherwise be taken for half of an interrupted replacement: a profile beside another whose title marks
 * it as replaced, where that title is not declared.
 */
function pinned(kept: readonly Kept[]): Kept[] {
  const declared = new Set(kept.map(({ entry }) => entry.fields.title))
  const present = new Set(kept.map(({ profile }) => titleOf(profile)))
  return kept.map((one) => {
    const replaced = replacedTitle(titleOf(one.profile))
    const mistaken = present.has(replaced) && !declared.has(replaced)
    return mistaken ? { ...one, entry: { ...one.entry, id: one.profile.id } } : one
  })
}

/** References by value: the first one names it for all. */
function collectReferences(): { refer: (key: string) => Refer; references: () => Reference[] } {
  const unique = createNames('_')
  const names = new Map<string, string>()
  return {
    refer: (key) => (what, value) => {
      const name = names.get(value) ?? unique(variableOf(key, what))
      names.set(value, name)
      return `\${{ env.${name} }}`
    },
    references: () => [...names].map(([value, name]) => ({ name, value })),
  }
}

function writtenEntry({ id, fields }: Fitted, refer: Refer, split: Split): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    written(name as FieldName, value, refer, split),
  ])
  return { ...(id === null ? {} : { id }), ...Object.fromEntries(entries) }
}

function commentsOf({ fields, notes }: Fitted, profile: RemoteProfile): string[] {
  const title = plain(JSON.stringify(titleOf(profile)))
  const titled = fields.title === undefined ? [`titled ${title}`] : []
  return [...titled, ...notes]
}

/** What keeps a manifest of this size from being loaded as one file. */
function limits(text: string, count: number): string[] {
  const bytes = Buffer.byteLength(text)
  return [
    ...(count > MAX_PROFILES
      ? [`${count} profiles were exported, and a manifest may declare ${MAX_PROFILES}: use several steps`]
      : []),
    ...(bytes > MAX_BYTES
      ? [`The file has ${bytes} bytes, and a manifest file may have ${MAX_BYTES}: split it into several`]
      : []),
  ]
}
