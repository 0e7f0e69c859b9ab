/** Random accounts, manifests, API behaviours, faults and interruptions. */
import fc from 'fast-check'
import type { Fault, Malfunction, SandboxOverrides } from '../../sandbox/server.ts'

/** One profile on the account before the run. */
export interface Held {
  readonly title: string
  readonly http_method: string
  readonly url: string
  readonly body: Record<string, unknown> | null
  readonly headers: Record<string, string> | null
  readonly enc: { algo: string; key: string; IV: string } | null
  readonly channel: string | null
  readonly events: string[] | null
  readonly response_message: string | null
  readonly status: 1 | 2 | 3
}

/** One declared profile; `pinned` takes the id of the account's first profile of that title, where there is one. */
export type Wanted = { readonly title: string; readonly pinned: boolean } & Readonly<Record<string, unknown>>

/** Everything that a schedule is made of. */
export interface Schedule {
  readonly account: readonly Held[]
  readonly entries: readonly Wanted[]
  readonly prune: boolean
  readonly inputs: Readonly<Record<string, string>>
  readonly switches: SandboxOverrides
  readonly faults: readonly Fault[]
  /** The run is cancelled when the sandbox has seen this many requests; null for never. */
  readonly cancelAt: number | null
}

export const PRUNE_PREFIX = 'TF '
const TITLES = ['GH A', 'GH B', 'GH C', 'TF A', 'TF B', 'TF C']
const OLD_TITLES = ['GH Old', 'TF Old']
const URLS = ['https://a.example.com/x', 'https://b.example.com/y?to=<mobile>', 'https://c.example.com']
const BODIES = [{ id: '<id>' }, { id: '<id>', at: { time: '<time>' } }]
const HEADERS = [{ 'x-source': 'one' }, { 'X-Source': 'two', authorization: 'Bearer abc' }]
const ENCS = [
  { algo: 'AES-128-GCM', key: '0123456789abcdef', IV: 'fedcba9876543210' },
  { algo: 'AES-256-CFB', key: '0123456789abcdef0123456789abcdef', IV: 'fedcba9876543210' },
]

const channel = fc.constantFrom<Pick<Held, 'channel' | 'events'>>(
  { channel: null, events: null },
  { channel: null, events: null },
  { channel: 'sms', events: ['SMS-sent'] },
)

const held: fc.Arbitrary<Held> = fc
  .record({
    title: fc.constantFrom(...TITLES, ...OLD_TITLES, 'GH a', 'GH A__replaced', 'XX Else'),
    http_method: fc.constantFrom('POST', 'GET'),
    url: fc.constantFrom(...URLS),
    body: fc.constantFrom(null, ...BODIES),
    headers: fc.constantFrom(null, ...HEADERS),
    enc: fc.constantFrom(null, null, ...ENCS),
    response_message: fc.constantFrom(null, 'thanks'),
    status: fc.constantFrom(1 as const, 1 as const, 2 as const, 3 as const),
    channel,
  })
  .map(({ channel: both, ...fields }) => ({ ...fields, ...both }))

const present: fc.Arbitrary<Wanted> = fc
  .record({
    title: fc.constantFrom(...TITLES),
    http_method: fc.constantFrom('POST', 'GET'),
    url: fc.constantFrom(...URLS),
    body: fc.constantFrom(...BODIES),
    headers: fc.constantFrom(undefined, null, ...HEADERS),
    enc: fc.constantFrom(undefined, undefined, null, ...ENCS),
    response_message: fc.constantFrom(undefined, null, 'thanks', 'welcome'),
    channel: fc.option(channel, { nil: undefined }),
    previous_titles: fc.constantFrom(undefined, undefined, ['GH Old'], ['TF Old']),
    pinned: fc.boolean(),
  })
  .map(({ channel: both, ...fields }) => ({ ...fields, ...both }))

const absent: fc.Arbitrary<Wanted> = fc
  .constantFrom(...TITLES)
  .map((title) => ({ title, state: 'absent', pinned: false }))

const entries = fc
  .uniqueArray(fc.oneof({ arbitrary: present, weight: 4 }, { arbitrary: absent, weight: 1 }), {
    maxLength: 4,
    selector: ({ title }) => title,
  })
  .map((all) => {
    const taken = new Set<string>()
    return all.map((entry) => {
      const old = entry.previous_titles as string[] | undefined
      if (old === undefined || !taken.has(old[0] ?? '')) {
        if (old?.[0] !== undefined) taken.add(old[0])
        return entry
      }
      const { previous_titles: _, ...rest } = entry
      return rest
    })
  })

const malfunction: fc.Arbitrary<Malfunction> = fc.constantFrom<Malfunction>(
  { kind: 'reset' },
  { kind: 'close' },
  { kind: 'hang' },
  { kind: 'cut' },
  { kind: 'junk' },
  { kind: 'empty', status: 200 },
  { kind: 'empty', status: 503 },
  { kind: 'html', status: 502 },
  { kind: 'failure-in-success' },
  { kind: 'status', status: 408 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, headers: { 'retry-after': '2' } },
)

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    on: fc.record({ nth: fc.integer({ min: 1, max: 14 }) }),
    when: fc.constantFrom('before' as const, 'after' as const, 'late' as const),
    lateBy: fc.record({ requests: fc.integer({ min: 1, max: 3 }) }),
    what: malfunction,
  }),
  fc.record({
    on: fc.record({ nth: fc.integer({ min: 1, max: 14 }) }),
    when: fc.constant('before' as const),
    what: fc.constantFrom<Malfunction>({ kind: 'status', status: 429 }, { kind: 'status', status: 400 }),
  }),
)

const switches: fc.Arbitrary<SandboxOverrides> = fc.record({
  list: fc.record({
    shape: fc.constantFrom('array' as const, { under: 'profiles' }, { under: 'items' }),
    total: fc.constantFrom(null, null, { name: 'total', where: 'envelope' as const }),
    items: fc.constantFrom('whole' as const, 'summary' as const, 'ids' as const),
    filter: fc.constantFrom('exact' as const, 'prefix' as const, 'substring' as const, 'ignored' as const),
    offset: fc.constantFrom('row' as const, 'page' as const),
    maxLimit: fc.constantFrom(1, 2, 3, 100, 100),
    order: fc.constantFrom('oldest' as const, 'newest' as const),
  }),
  patch: fc.record({
    undocumented: fc.constantFrom('take' as const, 'ignore' as const, 'refuse' as const),
    answer: fc.constantFrom('profile' as const, 'empty' as const),
  }),
  mask: fc.constantFrom(false, false, true),
  absent: fc.constantFrom('null' as const, 'null-text' as const, 'empty' as const, 'omitted' as const),
  nulls: fc.constantFrom('refuse' as const, 'take' as const),
  bodyFor: fc.constantFrom('post-and-put' as const, 'every-method' as const),
  titles: fc.constantFrom('allow-duplicates' as const, 'reject-duplicates' as const),
})

/** Any schedule. Late writes land within three requests: later ones cannot be told from those that never land. */
export const schedule: fc.Arbitrary<Schedule> = fc.record({
  account: fc.array(held, { maxLength: 6 }),
  entries,
  prune: fc.boolean(),
  inputs: fc.record({
    'allow-delete': fc.constantFrom('true', 'true', 'false'),
    'max-deletes': fc.constantFrom('5', '5', '1'),
    'rewrite-secrets': fc.constantFrom('false', 'true'),
    'on-existing': fc.constantFrom('update', 'update', 'update', 'keep'),
    concurrency: fc.constantFrom('1', '3'),
    retries: fc.constantFrom('1', '3'),
  }),
  switches,
  faults: fc.array(fault, { maxLength: 3 }),
  cancelAt: fc.option(fc.integer({ min: 1, max: 14 }), { freq: 3 }),
})
