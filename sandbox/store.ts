import { randomUUID } from 'node:crypto'

export interface Encryption {
  algo: string
  key: string
  IV: string
  params?: unknown
}

/** What a user sets on a profile, with null for what was never set [documented: the names; assumption: null]. */
export interface ProfileFields {
  title: string
  http_method: string
  url: string
  body: Record<string, unknown> | null
  response_message: string | null
  headers: Record<string, string> | null
  enc: Encryption | null
  channel: string | null
  events: string[] | string | null
}

/** A profile as it is stored; how an answer spells it is the business of shapes.ts. Never changed in place. */
export interface Profile extends Readonly<ProfileFields> {
  readonly profile_id: string
  /** 1 active, 2 auto-disabled, 3 disabled [documented]. */
  readonly status: 1 | 2 | 3
  /** ISO 8601 with milliseconds [documented]. */
  readonly created_at: string
  readonly modified_at: string
}

export type ProfileInput = Pick<Profile, 'title'> & Partial<Profile>

/** The profiles of the one account, oldest first. */
export interface Store {
  readonly size: number
  /** Makes a profile, without storing it, from a title and whatever else is given; the rest gets defaults. */
  make(input: ProfileInput): Profile
  /** Stores a profile under its id, in the place of one that has this id already. */
  put(profile: Profile): void
  /** Stores a profile exactly as given, with no validation and no normalising, and answers its id. */
  seed(input: ProfileInput): string
  /** Edits a stored profile as somebody in the console would. Throws where there is none of that id. */
  change(id: string, changes: Partial<Profile>): void
  get(id: string): Profile | undefined
  all(): Profile[]
  titles(): string[]
  /** Answers whether there was such a profile. */
  remove(id: string): boolean
}

/** An empty store whose ids are `idPrefix` and a UUID [documented] and whose dates come from `clock`. */
export function createStore(idPrefix: string, clock: () => Date): Store {
  const profiles = new Map<string, Profile>()

  const store: Store = {
    get size() {
      return profiles.size
    },
    make(input) {
      const now = clock().toISOString()
      return {
        profile_id: `${idPrefix}${randomUUID()}`,
        http_method: 'POST',
        url: 'https://hooks.example.com/kaleyra',
        body: null,
        response_message: null,
        headers: null,
        enc: null,
        channel: null,
        events: null,
        status: 1,
        created_at: now,
        modified_at: now,
        ...input,
      }
    },
    put(profile) {
      profiles.set(profile.profile_id, profile)
    },
    seed(input) {
      const profile = store.make(input)
      store.put(profile)
      return profile.profile_id
    },
    change(id, changes) {
      const profile = profiles.get(id)
      if (!profile) throw new Error(`No profile exists with id: ${id}`)
      store.put({ ...profile, ...changes })
    },
    get: (id) => profiles.get(id),
    all: () => [...profiles.values()],
    titles: () => [...profiles.values()].map(({ title }) => title),
    remove: (id) => profiles.delete(id),
  }
  return store
}
