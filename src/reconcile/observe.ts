/** Reads what the account holds of the declared profiles, and no more than the comparison needs. */
import type { Reader } from '../kaleyra/client.ts'
import type { Directory, Listing } from '../kaleyra/directory.ts'
import type { Entry } from '../manifest/entry.ts'
import type { Manifest } from '../manifest/load.ts'
import type { RemoteProfile } from '../profile.ts'
import { difference } from './diff.ts'

/** What the account holds for one entry. */
export interface Observed {
  /**
   * Profiles that the entry means: by its id, else by its exact title, else by a previous title, else what an interrupted
   * replacement left of it. More than one is an error.
   */
  readonly matches: readonly RemoteProfile[]
  /** For a pinned entry: other profiles that have its title. */
  readonly rivals: readonly RemoteProfile[]
  /** Profiles whose title differs only in case. */
  readonly similar: readonly RemoteProfile[]
  /** The old profile of a replacement that was interrupted after the new one was made. */
  readonly leftovers: readonly RemoteProfile[]
  /** Ids of every profile that was seen under the entry's title: a create whose answer is lost must not adopt these. */
  readonly seen: ReadonlySet<string>
}

export interface Observation {
  readonly entries: ReadonlyMap<string, Observed>
  /** Profiles in the scope of `prune` that nothing declares. */
  readonly undeclared: readonly RemoteProfile[]
}

export interface ObserveContext {
  readonly directory: Directory
  readonly reader: Reader
}

/** Title that a profile has while it is being replaced. */
export const replacedTitle = (title: string): string => `${title}__replaced`

/**
 * Finds every entry on the account. A profile whose listed fields do not prove it equal is read by its id, so that what
 * is planned rests on the whole profile.
 */
export async function observe(
  { entries, prune }: Manifest,
  { directory, reader }: ObserveContext,
): Promise<Observation> {
  const [listing, pinned] = await Promise.all([
    prune === null ? list(entries, directory) : directory.all(),
    Promise.all(entries.map(({ profile }) => (profile.id === null ? null : reader.get(profile.id)))),
  ])
  const named = names(entries)
  const byTitle = Map.groupBy(listing.profiles, titleOf)
  const byLower = Map.groupBy(listing.profiles, (profile) => titleOf(profile).toLowerCase())
  const at = (title: string): readonly RemoteProfile[] => byTitle.get(title) ?? []

  const observed = entries.map(async (entry, index): Promise<[string, Observed]> => {
    const { id, fields, state, previous_titles } = entry.profile
    const title = fields.title ?? ''
    const current = at(title)
    const similar = (byLower.get(title.toLowerCase()) ?? []).filter((profile) => titleOf(profile) !== title)
    const seen = new Set(current.map((profile) => profile.id))
    if (id !== null) {
      const rivals = current.filter((profile) => profile.id !== id)
      return [entry.key, { matches: [pinned[index] ?? []].flat(), rivals, similar: [], leftovers: [], seen }]
    }
    const left = named.has(replacedTitle(title)) ? [] : at(replacedTitle(title))
    const found = [current, previous_titles.flatMap(at), left].find((profiles) => profiles.length > 0) ?? []
    const matches =
      state === 'absent' ? found : await Promise.all(found.map((profile) => whole(entry, profile, reader)))
    const leftovers = found === left ? [] : left
    return [
      entry.key,
      { matches: matches.filter((match) => match !== null), rivals: [], similar, leftovers, seen },
    ]
  })
  const result = new Map(await Promise.all(observed))
  return {
    entries: result,
    undeclared: prune === null ? [] : undeclared(prune.title_prefix, listing, named, result),
  }
}

export const titleOf = (profile: RemoteProfile): string => profile.fields.title ?? ''

/** Reads the titles that entries may have; what a replacement may have left is looked for only where it matters. */
async function list(entries: readonly Entry[], directory: Directory): Promise<Listing> {
  const titles = [...new Set(entries.flatMap(titlesOf))]
  if (titles.length === 0) return { profiles: [], whole: false }
  const listing = await directory.find(titles)
  if (listing.whole) return listing
  const present = new Set(listing.profiles.map(titleOf))
  const missing = entries.filter(
    ({ profile }) => profile.id === null && !present.has(profile.fields.title ?? ''),
  )
  if (missing.length === 0) return listing
  const left = await directory.find(missing.map(({ profile }) => replacedTitle(profile.fields.title ?? '')))
  const all = new Map([...listing.profiles, ...left.profiles].map((profile) => [profile.id, profile]))
  return { profiles: [...all.values()], whole: left.whole }
}

/** The titles by which an entry may be found, or for a pinned one the title that it is to have. */
function titlesOf({ profile }: Entry): string[] {
  const { title } = profile.fields
  if (title === undefined) return []
  return profile.id === null ? [title, ...profile.previous_titles] : [title]
}

/** Every title that some entry has or had. */
const names = (entries: readonly Entry[]): Set<string> =>
  new Set(entries.flatMap(({ profile }) => [profile.fields.title ?? '', ...profile.previous_titles]))

/** The listed profile where it proves to be as declared, else the profile read by its id; null where it is gone by now. */
async function whole(entry: Entry, listed: RemoteProfile, reader: Reader): Promise<RemoteProfile | null> {
  const { fields, unknown, uncomparable } = difference(entry, listed)
  if (fields.length + unknown.length + uncomparable.length === 0) return listed
  return reader.get(listed.id)
}

/** Profiles of the prefix that no entry means, had as a title, or left behind. Titles ignore case here, to spare one in doubt. */
function undeclared(
  prefix: string,
  listing: Listing,
  named: ReadonlySet<string>,
  entries: ReadonlyMap<string, Observed>,
): RemoteProfile[] {
  const spared = new Set([...named].map((title) => title.toLowerCase()))
  const meant = new Set(
    [...entries.values()]
      .flatMap(({ matches, leftovers }) => [...matches, ...leftovers])
      .map((profile) => profile.id),
  )
  return listing.profiles.filter(
    (profile) =>
      titleOf(profile).startsWith(prefix) &&
      !spared.has(titleOf(profile).toLowerCase()) &&
      !meant.has(profile.id),
  )
}
