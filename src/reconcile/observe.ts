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
   * Profiles that the entry means: by its id, else by its exact title, else what an interrupted replacement left of it,
   * else by a previous title. More than one is an error.
   */
  readonly matches: readonly RemoteProfile[]
  /** For a pinned entry: other profiles that have its title. */
  readonly rivals: readonly RemoteProfile[]
  /** Profiles whose title differs only in case. */
  readonly similar: readonly RemoteProfile[]
  /** Old profiles of a replacement that was interrupted after the new one was made. */
  readonly leftovers: readonly RemoteProfile[]
}

export interface Observation {
  readonly entries: ReadonlyMap<string, Observed>
  /** Profiles in the scope of `prune` that nothing declares. */
  readonly undeclared: readonly RemoteProfile[]
  /** Ids of all profiles that were seen: a create whose answer is lost must not adopt one of these. */
  readonly seen: ReadonlySet<string>
}

/** Every profile of the account of which a plan may show something. */
export const profilesOf = ({ entries, undeclared }: Observation): RemoteProfile[] => [
  ...[...entries.values()].flatMap(({ matches, leftovers }) => [...matches, ...leftovers]),
  ...undeclared,
]

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
  const titles = [...new Set(entries.flatMap(titlesOf))]
  const [listing, pinned] = await Promise.all([
    prune !== null ? directory.all() : titles.length > 0 ? directory.find(titles) : EMPTY,
    Promise.all(entries.map(({ profile }) => (profile.id === null ? null : reader.get(profile.id)))),
  ])
  const named = names(entries)
  const pins = new Set(entries.map(({ profile }) => profile.id))
  const profiles = listing.profiles.toSorted(byId)
  const byTitle = Map.groupBy(profiles, titleOf)
  const byLower = Map.groupBy(profiles, (profile) => titleOf(profile).toLowerCase())
  const at = (title: string): readonly RemoteProfile[] => byTitle.get(title) ?? []

  const observed = entries.map(async (entry, index): Promise<[string, Observed]> => {
    const { id, fields, state, previous_titles } = entry.profile
    const title = fields.title ?? ''
    const current = at(title)
    if (id !== null) {
      const rivals = current.filter((profile) => profile.id !== id)
      return [entry.key, { matches: [pinned[index] ?? []].flat(), rivals, similar: [], leftovers: [] }]
    }
    const left = named.has(replacedTitle(title))
      ? []
      : at(replacedTitle(title)).filter((profile) => !pins.has(profile.id))
    const previous = previous_titles.flatMap(at)
    const titled = current.length > 0 ? current : left
    // An absent one takes all: what is passed over now, the next run would find by its previous title and delete.
    const found = titled.length === 0 || state === 'absent' ? [...titled, ...previous] : titled
    const matches =
      state === 'absent' ? found : await Promise.all(found.map((profile) => whole(entry, profile, reader)))
    return [
      entry.key,
      {
        matches: matches.filter((match) => match !== null),
        rivals: [],
        similar: (byLower.get(title.toLowerCase()) ?? []).filter((profile) => titleOf(profile) !== title),
        leftovers: current.length > 0 ? left : [],
      },
    ]
  })
  const result = new Map(await Promise.all(observed))
  return {
    entries: result,
    undeclared: prune === null ? [] : undeclared(prune.title_prefix, profiles, named, result),
    seen: new Set([...profiles.map(({ id }) => id), ...pins].filter((id) => id !== null)),
  }
}

const byId = (a: RemoteProfile, b: RemoteProfile): number => (a.id < b.id ? -1 : 1)
const EMPTY: Listing = { profiles: [], whole: false }

export const titleOf = (profile: RemoteProfile): string => profile.fields.title ?? ''

/** The titles by which an entry may be found, or for a pinned one the title that it is to have. */
function titlesOf({ profile }: Entry): string[] {
  const { title } = profile.fields
  if (title === undefined) return []
  return profile.id === null ? [title, replacedTitle(title), ...profile.previous_titles] : [title]
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
  profiles: readonly RemoteProfile[],
  named: ReadonlySet<string>,
  entries: ReadonlyMap<string, Observed>,
): RemoteProfile[] {
  const spared = new Set([...named].map((title) => title.toLowerCase()))
  const meant = new Set(
    [...entries.values()]
      .flatMap(({ matches, leftovers }) => [...matches, ...leftovers])
      .map((profile) => profile.id),
  )
  return profiles.filter(
    (profile) =>
      titleOf(profile).startsWith(prefix) &&
      !spared.has(titleOf(profile).toLowerCase()) &&
      !meant.has(profile.id),
  )
}
