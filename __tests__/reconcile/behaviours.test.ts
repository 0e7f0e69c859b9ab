/** The same scenarios under every plausible PATCH and list: what is declared comes true, and a second run writes nothing. */
import { afterAll, describe, expect, test } from 'vitest'
import {
  NORMALISERS,
  type Profile,
  type ProfileInput,
  type Sandbox,
  type SandboxOverrides,
  startSandbox,
} from '../../sandbox/server.ts'
import { type Acted, act, idsOf } from '../action.ts'
import { told } from './accounts.ts'

const PATCHES: Readonly<Record<string, SandboxOverrides>> = {
  'takes all': { patch: { undocumented: 'take' } },
  'ignores undocumented fields': { patch: { undocumented: 'ignore', answer: 'empty' } },
  'refuses undocumented fields': { patch: { undocumented: 'refuse' }, nulls: 'take' },
  'normalises a value': { normalise: NORMALISERS['lowercase-headers'], absent: 'omitted' },
}

const LISTS: Readonly<Record<string, SandboxOverrides['list']>> = {
  'whole items in a bare array': {},
  'summaries under a name, with a total': {
    shape: { under: 'profiles' },
    total: { name: 'total', where: 'data' },
    items: 'summary',
    maxLimit: 2,
    offset: 'page',
  },
  'ids and titles, newest first, with no filter': {
    items: 'ids',
    filter: 'ignored',
    order: 'newest',
    maxLimit: 1,
  },
  'ids alone, with 404 for nothing': { items: 'untitled', nothing: 'not-found', filter: 'prefix' },
  'whole items of a refused limit, with a filter by substring': {
    limit: 'refuse',
    maxLimit: 25,
    filter: 'substring',
    filterCase: 'insensitive',
  },
}

const URL = 'https://hooks.example.com/a'
const NEW_URL = 'https://hooks.example.com/b?to=<mobile>'
const ENC = { algo: 'AES-128-CFB', key: '0123456789abcdef', IV: 'fedcba9876543210' }
const NEW_ENC = { algo: 'AES-256-GCM', key: '0123456789abcdef0123456789abcdef', IV: '0123456789abcdef' }

const held = (fields: Partial<ProfileInput> = {}): ProfileInput => ({
  profile_id: 'SG_old',
  title: 'GH A',
  url: URL,
  body: { id: '<id>' },
  ...fields,
})
const wanted = (fields: object = {}): object => ({
  title: 'GH A',
  http_method: 'POST',
  url: URL,
  body: { id: '<id>' },
  ...fields,
})
const OTHER = held({ profile_id: 'SG_other', title: 'XX Other' })

interface Scenario {
  /** What the account holds beside a profile that is nobody's business. */
  readonly account: readonly ProfileInput[]
  readonly profiles: Readonly<Record<string, object>>
  readonly prune?: string
  readonly inputs?: Readonly<Record<string, string>>
  readonly mask?: boolean
  /** The verb of the first profile; of two, the second where PATCH takes documented fields only. */
  readonly verb: string | readonly [taken: string, untaken: string]
  /** What the account holds of profiles in the end, without the other one. */
  readonly result: readonly Partial<Profile>[]
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a profile is created': {
    account: [],
    profiles: {
      a: wanted({ headers: { 'X-Team': 'orders' }, enc: ENC, channel: 'sms', events: 'SMS-sent' }),
    },
    verb: 'create',
    result: [{ title: 'GH A', url: URL, enc: ENC, channel: 'sms' }],
  },
  'documented fields are updated': {
    account: [held({ headers: { 'x-kept': 'yes' } })],
    profiles: {
      a: wanted({ http_method: 'PUT', url: NEW_URL, body: { to: '<mobile>' }, response_message: 'x' }),
    },
    verb: 'update',
    result: [
      {
        profile_id: 'SG_old',
        http_method: 'PUT',
        url: NEW_URL,
        body: { to: '<mobile>' },
        response_message: 'x',
        headers: { 'x-kept': 'yes' },
      },
    ],
  },
  'headers, enc and events are updated': {
    account: [held({ channel: 'sms', headers: { 'x-team': 'old' }, enc: ENC, response_message: 'kept' })],
    profiles: {
      a: wanted({ headers: { 'X-Team': 'orders' }, enc: NEW_ENC, channel: 'sms', events: ['SMS-sent'] }),
    },
    verb: ['update', 'replace'],
    result: [{ title: 'GH A', enc: NEW_ENC, channel: 'sms', response_message: 'kept' }],
  },
  'documented and other fields are updated together': {
    account: [held({ response_message: 'kept' })],
    profiles: { a: wanted({ url: NEW_URL, headers: { 'x-team': 'orders' } }) },
    verb: ['update', 'replace'],
    result: [{ title: 'GH A', url: NEW_URL, headers: { 'x-team': 'orders' }, response_message: 'kept' }],
  },
  'fields are cleared': {
    account: [held({ response_message: 'x', body: { id: '<id>' } })],
    profiles: { a: wanted({ response_message: null, body: {} }) },
    verb: 'update',
    result: [{ profile_id: 'SG_old', title: 'GH A', url: URL }],
  },
  'headers are cleared': {
    account: [held({ headers: { 'x-team': 'orders' } })],
    profiles: { a: wanted({ headers: null }) },
    verb: ['update', 'replace'],
    result: [{ title: 'GH A' }],
  },
  'a profile is renamed': {
    account: [held({ title: 'GH Old', headers: { 'x-kept': 'yes' } })],
    profiles: { a: wanted({ previous_titles: ['GH Old'] }) },
    verb: 'update',
    result: [{ profile_id: 'SG_old', title: 'GH A', headers: { 'x-kept': 'yes' } }],
  },
  'a pinned profile is renamed beside another one of its old title': {
    account: [held({ title: 'GH Old' }), held({ profile_id: 'SG_rival', title: 'GH Old' })],
    profiles: { a: { id: 'SG_old', title: 'GH A' } },
    verb: 'update',
    result: [
      { profile_id: 'SG_old', title: 'GH A' },
      { profile_id: 'SG_rival', title: 'GH Old' },
    ],
  },
  'a profile is replaced for its channel': {
    account: [held({ headers: { 'x-kept': 'yes' }, enc: ENC, response_message: 'kept' })],
    profiles: { a: wanted({ channel: 'sms', events: ['SMS-sent'] }) },
    verb: 'replace',
    result: [
      {
        title: 'GH A',
        channel: 'sms',
        headers: { 'x-kept': 'yes' },
        enc: ENC,
        response_message: 'kept',
        body: { id: '<id>' },
      },
    ],
  },
  'what an interrupted replacement left is renamed back': {
    account: [held({ title: 'GH A__replaced' })],
    profiles: { a: wanted() },
    verb: 'update',
    result: [{ profile_id: 'SG_old', title: 'GH A' }],
  },
  'what a nearly complete replacement left is deleted': {
    account: [held({ title: 'GH A__replaced' }), held({ profile_id: 'SG_new', channel: 'sms' })],
    profiles: { a: wanted({ channel: 'sms' }) },
    verb: 'unchanged',
    result: [{ profile_id: 'SG_new', title: 'GH A', channel: 'sms' }],
  },
  'a profile is deleted': {
    account: [held()],
    profiles: { a: { title: 'GH A', state: 'absent' } },
    verb: 'delete',
    result: [],
  },
  'profiles are pruned': {
    account: [
      held(),
      held({ profile_id: 'SG_1', title: 'GH B' }),
      held({ profile_id: 'SG_2', title: 'GH C' }),
    ],
    profiles: { a: wanted() },
    prune: 'GH ',
    verb: 'unchanged',
    result: [{ profile_id: 'SG_old', title: 'GH A' }],
  },
  'a difference is kept': {
    account: [held()],
    profiles: { a: wanted({ url: NEW_URL }) },
    inputs: { 'on-existing': 'keep' },
    verb: 'report',
    result: [{ profile_id: 'SG_old', url: URL }],
  },
  'secrets that are shown masked are left alone': {
    account: [held({ headers: { authorization: 'Bearer old' }, enc: ENC })],
    profiles: {
      a: wanted({ headers: { authorization: 'Bearer new' }, enc: { ...ENC, key: 'fedcba9876543210' } }),
    },
    mask: true,
    verb: 'unchanged',
    result: [{ profile_id: 'SG_old', headers: { authorization: 'Bearer old' }, enc: ENC }],
  },
}

const running: Sandbox[] = []
afterAll(() => Promise.all(running.map((sandbox) => sandbox.close())))

/** A sandbox for both kinds of account, each started when it is first asked for. */
function sandboxes(overrides: SandboxOverrides): (mask: boolean) => Promise<Sandbox> {
  const started = new Map<boolean, Promise<Sandbox>>()
  const start = async (mask: boolean): Promise<Sandbox> => {
    const sandbox = await startSandbox({ ...overrides, mask })
    running.push(sandbox)
    return sandbox
  }
  return (mask) => {
    const sandbox = started.get(mask) ?? start(mask)
    started.set(mask, sandbox)
    return sandbox
  }
}

function fill({ store, requests }: Sandbox, account: readonly ProfileInput[]): void {
  for (const { profile_id } of store.all()) store.remove(profile_id)
  for (const profile of [OTHER, ...account]) store.seed(profile)
  requests.length = 0
}

const run = (sandbox: Sandbox, { profiles, prune, inputs }: Scenario, more: object = {}): Promise<Acted> =>
  act({
    sandbox,
    profiles: { profiles, ...(prune === undefined ? {} : { prune: { title_prefix: prune } }) },
    inputs: { 'allow-delete': 'true', ...inputs, ...more },
  })

const others = ({ store }: Sandbox): Profile[] =>
  store
    .all()
    .filter(({ title }) => title !== OTHER.title)
    .toSorted((a, b) => a.title.localeCompare(b.title))

/** Every deletion must come right after a read of the profile that it deletes. */
function expectReadBeforeDelete({ requests }: Sandbox): void {
  for (const [index, { method, path }] of requests.entries()) {
    if (method !== 'DELETE') continue
    const before = requests.slice(0, index).findLast((request) => request.path === path)
    expect(before).toMatchObject({ method: 'GET', status: 200 })
  }
}

describe.each(Object.entries(PATCHES))('where PATCH %s', (_, patch) => {
  describe.each(Object.entries(LISTS))('and the list shows %s', (_shape, list) => {
    const open = sandboxes({ ...patch, ...(list === undefined ? {} : { list }) })
    const taken = (patch.patch?.undocumented ?? 'take') === 'take'

    test.each(Object.entries(SCENARIOS))('%s', async (_name, scenario) => {
      const sandbox = await open(scenario.mask ?? false)
      fill(sandbox, scenario.account)
      const acted = await run(sandbox, scenario)
      expect(acted.exitCode, told(acted)).toBe(0)
      const verb = typeof scenario.verb === 'string' ? scenario.verb : scenario.verb[taken ? 0 : 1]
      expect(JSON.parse(acted.outputs.profiles ?? '[]')[0]).toMatchObject({ key: 'a', action: verb })
      expect(others(sandbox)).toMatchObject(scenario.result)
      expect(sandbox.store.get('SG_other')).toMatchObject(OTHER)
      const [first] = others(sandbox)
      expect(idsOf(acted)).toEqual(first === undefined ? {} : { a: first.profile_id })
      if (verb === 'replace' || verb === 'create') expect(first?.profile_id).not.toBe('SG_old')
      else if (scenario.account.length === 1 && first !== undefined) expect(first.profile_id).toBe('SG_old')
      if (scenario.prune !== undefined) expectReadBeforeDelete(sandbox)

      sandbox.requests.length = 0
      const again = await run(sandbox, scenario)
      expect(again.exitCode, told(again)).toBe(0)
      expect(sandbox.writes(), told(again)).toEqual([])
      expect(idsOf(again)).toEqual(idsOf(acted))
      expect(again.outputs).toMatchObject({ changed: 'false', 'has-changes': 'false' })
    })
  })
})

describe('cleared fields are empty', () => {
  test.each(Object.entries(PATCHES))('where PATCH %s', async (_, patch) => {
    const sandbox = await sandboxes(patch)(false)
    fill(sandbox, [held({ response_message: 'x', headers: { 'x-a': 'b' }, enc: ENC })])
    const acted = await run(sandbox, {
      account: [],
      profiles: { a: wanted({ response_message: null, headers: {}, enc: null, body: {} }) },
      verb: '',
      result: [],
    })
    expect(acted.exitCode, told(acted)).toBe(0)
    const [profile] = others(sandbox)
    for (const name of ['response_message', 'headers', 'enc', 'body'] as const)
      expect([null, '', {}]).toContainEqual(profile?.[name])
  })
})

describe('where PATCH does not take a field and no replacement is permitted, the field and the permission are named', () => {
  const scenario = SCENARIOS['documented and other fields are updated together'] as Scenario
  const pinned = {
    ...scenario,
    profiles: { a: { id: 'SG_old', url: NEW_URL, headers: { 'x-team': 'orders' } } },
  }

  test.each<[string, 'ignore' | 'refuse', Scenario, object, RegExp]>([
    [
      'is ignored, without allow-delete',
      'ignore',
      scenario,
      { 'allow-delete': 'false' },
      /answered success but did not take headers\.x-team\. A replacement would, but .*`allow-delete: true`\. The id then changes/,
    ],
    [
      'is refused, without allow-delete',
      'refuse',
      scenario,
      { 'allow-delete': 'false' },
      /does not take headers\.x-team \(HTTP 400: .*must NOT have additional properties.*\)\. A replacement would, but .*`allow-delete: true`/,
    ],
    [
      'is refused, without deletions left',
      'refuse',
      scenario,
      { 'max-deletes': '0' },
      /does not take headers\.x-team .*`max-deletes` is used up: raise it/,
    ],
    [
      'is refused, for a pinned profile',
      'refuse',
      pinned,
      {},
      /a pinned profile is never replaced: remove `id`/,
    ],
  ])('a field that %s', async (_, undocumented, given, inputs, message) => {
    const sandbox = await sandboxes({ patch: { undocumented } })(false)
    fill(sandbox, given.account)
    const acted = await run(sandbox, given, inputs)
    expect(acted.exitCode).toBe(1)
    expect(acted.annotations).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })])
    expect(others(sandbox)).toMatchObject([{ profile_id: 'SG_old', url: NEW_URL, headers: null }])
    expect(acted.outputs).toMatchObject({
      changed: 'true',
      failed: '1',
      updated: '0',
      'profile-id-a': 'SG_old',
    })
  })

  test('deletions that are left are counted while profiles are written side by side', async () => {
    const sandbox = await sandboxes({ patch: { undocumented: 'ignore' } })(false)
    const keys = Array.from({ length: 6 }, (_, index) => `p${index}`)
    fill(
      sandbox,
      keys.map((key) => held({ profile_id: key, title: `GH ${key}` })),
    )
    const profiles = Object.fromEntries(
      keys.map((key) => [key, wanted({ title: `GH ${key}`, headers: { 'x-team': key } })]),
    )
    const acted = await run(sandbox, { account: [], profiles, verb: '', result: [] }, { 'max-deletes': '2' })
    expect(acted.outputs).toMatchObject({ replaced: '2', failed: '4' })
    expect(keys.filter((key) => sandbox.store.get(key) === undefined)).toHaveLength(2)
    expect(others(sandbox)).toHaveLength(6)
  })
})

describe('rewrite-secrets sends what is shown masked', () => {
  const scenario = SCENARIOS['secrets that are shown masked are left alone'] as Scenario

  test.each([
    ['takes all', 'update'],
    ['ignores undocumented fields', 'update'],
    ['refuses undocumented fields', 'replace'],
  ])('where PATCH %s', async (name, verb) => {
    const sandbox = await sandboxes(PATCHES[name] ?? {})(true)
    fill(sandbox, scenario.account)
    const acted = await run(sandbox, scenario, { 'rewrite-secrets': 'true' })
    expect(acted.exitCode, told(acted)).toBe(0)
    expect(JSON.parse(acted.outputs.profiles ?? '[]')).toMatchObject([
      { action: verb, changed: ['headers.authorization', 'enc.key', 'enc.IV'] },
    ])
    const [write] = sandbox.writes()
    expect(write).toMatchObject({
      method: 'PATCH',
      body: { headers: { authorization: 'Bearer new' }, enc: { key: 'fedcba9876543210' } },
    })
    expect(JSON.stringify(sandbox.writes())).not.toContain('****')
    if (name === 'ignores undocumented fields') return
    expect(others(sandbox)).toMatchObject([{ headers: { authorization: 'Bearer new' } }])
    sandbox.requests.length = 0
    expect((await run(sandbox, scenario)).exitCode).toBe(0)
    expect(sandbox.writes()).toEqual([])
  })
})

describe('a value that the API changes fails the step and names the field', () => {
  const url = `${URL}/`

  test.each<[string, readonly ProfileInput[], object, RegExp]>([
    [
      'on create',
      [],
      wanted({ url }),
      /other values in profile SG_.*url is "https:.*\/a" instead of "https:.*\/a\/"/,
    ],
    [
      'on update',
      [held({ url: NEW_URL })],
      wanted({ url }),
      /update profile "GH A" \(SG_old\) failed: .*url is .*\/a" instead of .*The API changes or ignores it: write it in the manifest/,
    ],
  ])('%s', async (_, account, profile, message) => {
    const sandbox = await sandboxes({ normalise: NORMALISERS['trim-url-slash'] })(false)
    fill(sandbox, account)
    const acted = await run(sandbox, { account, profiles: { a: profile }, verb: '', result: [] })
    expect(acted.exitCode).toBe(1)
    expect(acted.annotations).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })])
    expect(others(sandbox)).toMatchObject([{ title: 'GH A', url: URL }])
    expect(idsOf(acted)).toEqual({ a: others(sandbox)[0]?.profile_id })
  })

  test('but another name of a channel does not', async () => {
    const sandbox = await sandboxes({
      normalise: (profile) => ({ ...profile, channel: profile.channel && 'wa' }),
    })(false)
    fill(sandbox, [])
    const scenario = { account: [], profiles: { a: wanted({ channel: 'whatsapp' }) }, verb: '', result: [] }
    const acted = await run(sandbox, scenario)
    expect(acted.exitCode, told(acted)).toBe(0)
    const moved = { ...scenario, profiles: { a: wanted({ channel: 'whatsapp', url: NEW_URL }) } }
    expect((await run(sandbox, moved)).exitCode).toBe(0)
    expect(others(sandbox)).toMatchObject([{ channel: 'wa', url: NEW_URL }])
  })

  test('of a title is named, although the profile is not found by it', async () => {
    const sandbox = await sandboxes({
      normalise: (profile) => ({ ...profile, title: profile.title.replaceAll('_', '-') }),
    })(false)
    fill(sandbox, [])
    const scenario = { account: [], profiles: { a: wanted({ title: 'GH_A' }) }, verb: '', result: [] }
    const acted = await run(sandbox, scenario)
    expect(told(acted)).toMatch(
      /title is "GH-A" instead of "GH_A".*write it in the manifest as the account shows it/,
    )
  })
})
