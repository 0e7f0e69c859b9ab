/** Reads what the account holds of the declared profiles, and no more than the comparison needs. */
import type { Reader } from '../kaleyra/client.ts'
import type { Directory } from '../kaleyra/directory.ts'
import type { Entry } from '../manifest/entry.ts'
import type { RemoteProfile } from '../profile.ts'
import { difference } from './diff.ts'

/** What the account holds for one entry. */
export interface Observed {
  /** Profiles that the entry means: by its id, else by its exact title, else by a previous title. More than one is an error. */
  readonly matches: readonly RemoteProfile[]
  readonly by: 'id' | 'title' | 'previous title'
  /** For a pinned entry: other profiles that have its title. */
  readonly rivals: readonly RemoteProfile[]
  /** Profiles whose title differs only in case. */
  readonly similar: readonly RemoteProfile[]
  /** Ids of every profile that was seen under the entry's titles: a create whose answer is lost must not adopt these. */
  readonly seen: ReadonlySet<string>
}

export type Observation = ReadonlyMap<string, Observed>

/**
 * Finds every entry on the account. A profile whose listed fields do not prove it equal is read by its id, so that what
 * is planned rests on the whole profile.
 */
export async function observe(
  entries: readonly Entry[],
  directory: Directory,
  reader: Reader,
): Promise<Observation> {
  const titles = [...new Set(entries.flatMap(titlesOf))]
  const [listing, pinned] = await Promise.all([
    titles.length === 0 ? { profiles: [] } : directory.find(titles),
    Promise.all(entries.map(({ profile }) => (profile.id === null ? null : reader.get(profile.id)))),
  ])
  const byTitle = Map.groupBy(listing.profiles, titleOf)
  const byLower = Map.groupBy(listing.profiles, (profile) => titleOf(profile).toLowerCase())
  const observed = entries.map(async (entry, index): Promise<[string, Observed]> => {
    const { id, fields, state, previous_titles } = entry.profile
    const title = fields.title ?? ''
    const current = byTitle.get(title) ?? []
    const similar = (byLower.get(title.toLowerCase()) ?? []).filter((profile) => titleOf(profile) !== title)
    const seen = new Set([...current, ...similar].map((profile) => profile.id))
    if (id !== null) {
      const match = pinned[index] ?? null
      return [
        entry.key,
        {
          matches: match === null ? [] : [match],
          by: 'id',
          rivals: current.filter((profile) => profile.id !== id),
          similar: [],
          seen,
        },
      ]
    }
    const previous = previous_titles.flatMap((name) => byTitle.get(name) ?? [])
    const found = current.length > 0 ? current : previous
    const by = current.length > 0 || previous.length === 0 ? 'title' : 'previous title'
    const read =
      state === 'absent' ? found : await Promise.all(found.map((profile) => whole(entry, profile, reader)))
    return [entry.key, { matches: read.filter((profile) => profile !== null), by, rivals: [], similar, seen }]
  })
  return new Map(await Promise.all(observed))
}

const titleOf = (profile: RemoteProfile): string => profile.fields.title ?? ''

/** The titles by which an entry may be found, or for a pinned one the title that it is to have. */
function titlesOf({ profile }: Entry): string[] {
  const { title } = profile.fields
  if (title === undefined) return []
  return profile.id === null ? [title, ...profile.previous_titles] : [title]
}

/** The listed profile where it proves to be as declared, else the profile read by its id; null where it is gone by now. */
async function whole(entry: Entry, listed: RemoteProfile, reader: Reader): Promise<RemoteProfile | null> {
  const { fields, unknown, uncomparable } = difference(entry, listed)
  if (fields.length + unknown.length + uncomparable.length === 0) return listed
  return reader.get(listed.id)
}
