import type { Profile } from './store.ts'

/** How the list endpoint behaves; the documentation says only that limit, offset and title exist. */
export interface ListOptions {
  /** `data` is a bare array, or an object that holds it under a name. */
  shape: 'array' | { under: string }
  /**
   * A total beside the array in `data` or beside `data` in the envelope. It counts the profiles that match, unless it is
   * said to count all of the account, or those of the page.
   */
  total: null | { name: string; where: 'data' | 'envelope'; counts?: 'matches' | 'all' | 'page' }
  /** Items are like get's data; or the few fields of an overview; or id and title alone; or the id alone. */
  items: 'whole' | 'summary' | 'ids' | 'untitled'
  /** What `title` matches. `page` is a broken server: it filters the page after cutting it. */
  filter: 'exact' | 'prefix' | 'substring' | 'ignored' | 'page'
  filterCase: 'sensitive' | 'insensitive'
  /** What `offset` counts. */
  offset: 'row' | 'page' | 'ignored'
  /** The largest limit. The default limit of 25 is documented. */
  maxLimit: number
  /** A larger limit is lowered without a word, or refused with 400; or no limit is heeded: every page is of `maxLimit`. */
  limit: 'lower' | 'refuse' | 'ignore'
  /** What is answered where a page holds nothing: a success with an empty list, or 404. */
  nothing: 'empty' | 'not-found'
  order: 'oldest' | 'newest'
}

/** How PATCH behaves beyond title, http_method, url, body and response_message, which are documented. */
export interface PatchOptions {
  /** What happens to headers, enc, events and status. A channel cannot change [documented], whatever is set here. */
  undocumented: 'take' | 'ignore' | 'refuse'
  /** `data` of the answer: the profile as get shows it, or `{}`. */
  answer: 'profile' | 'empty'
}

/** Every switch of the sandbox: one for each thing that the documentation leaves open. */
export interface SandboxOptions {
  sid: string
  apiKey: string
  /** 0 takes any free port. */
  port: number
  idPrefix: string
  /** Milliseconds before any answer. */
  latency: number
  list: ListOptions
  patch: PatchOptions
  /** What the API changes in a profile before it stores it, on create and on update. Seeded profiles stay as they are. */
  normalise: (profile: Profile) => Profile
  /** Whether enc.key, enc.IV and the values of credential headers come back as `****`. */
  mask: boolean
  titles: 'allow-duplicates' | 'reject-duplicates'
  duplicateStatus: 400 | 409
  /** Names of fields that get, and list with whole items, leave out. */
  getLacks: readonly string[]
  /**
   * What stands in an answer for a field that was never set: null; null, with the text `null` where JSON text is
   * due; an empty object, array or text; or no field at all.
   */
  absent: 'null' | 'null-text' | 'empty' | 'omitted'
  /** Whether null is refused by validation or clears a field. Null for events is documented, and always taken. */
  nulls: 'refuse' | 'take'
  /** Methods for which create requires a body; the documentation says both. */
  bodyFor: 'post-and-put' | 'every-method'
  /** Which channels create takes; `documented` are sms and default. */
  channels: 'any' | 'documented'
  clock: () => Date
}

/** The switches that a caller sets; what is left out keeps its default. */
export type SandboxOverrides = Partial<Omit<SandboxOptions, 'list' | 'patch'>> & {
  list?: Partial<ListOptions>
  patch?: Partial<PatchOptions>
}

const DEFAULTS: SandboxOptions = {
  sid: 'HXSANDBOX',
  apiKey: 'sandbox-api-key',
  port: 0,
  idPrefix: 'SG_',
  latency: 0,
  list: {
    shape: 'array',
    total: null,
    items: 'whole',
    filter: 'exact',
    filterCase: 'sensitive',
    offset: 'row',
    maxLimit: 100,
    limit: 'lower',
    nothing: 'empty',
    order: 'oldest',
  },
  patch: { undocumented: 'take', answer: 'profile' },
  normalise: (profile) => profile,
  mask: false,
  titles: 'allow-duplicates',
  duplicateStatus: 409,
  getLacks: [],
  absent: 'null',
  nulls: 'refuse',
  bodyFor: 'post-and-put',
  channels: 'any',
  clock: () => new Date(),
}

/** The default of every switch, with the caller's on top. Throws where two of them cannot go together. */
export function completeOptions(overrides: SandboxOverrides = {}): SandboxOptions {
  const options: SandboxOptions = {
    ...DEFAULTS,
    ...overrides,
    list: { ...DEFAULTS.list, ...overrides.list },
    patch: { ...DEFAULTS.patch, ...overrides.patch },
  }
  if (options.list.shape === 'array' && options.list.total?.where === 'data') {
    throw new Error("list.total: a bare array has no room for a total in data; use where: 'envelope'")
  }
  return options
}

/** Ready-made values for `normalise`: habits of real servers, none of them documented of this one [assumption]. */
export const NORMALISERS = {
  none: (profile) => profile,
  'trim-url-slash': (profile) => ({ ...profile, url: profile.url.replace(/\/+$/, '') }),
  'lowercase-headers': (profile) => ({
    ...profile,
    headers:
      profile.headers &&
      Object.fromEntries(Object.entries(profile.headers).map(([name, value]) => [name.toLowerCase(), value])),
  }),
} as const satisfies Record<string, SandboxOptions['normalise']>
