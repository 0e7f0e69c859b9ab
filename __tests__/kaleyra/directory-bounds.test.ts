import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ListOptions } from '../../sandbox/options.ts'
import { type Sandbox, startSandbox } from '../../sandbox/server.ts'
import { createReader, type Reader } from '../../src/kaleyra/client.ts'
import { createDirectory } from '../../src/kaleyra/directory.ts'
import { KaleyraError } from '../../src/kaleyra/error.ts'
import { openAccount, storeOf } from './account.ts'
import { failureOf, openAt } from './api.ts'
import {
  cross,
  FAIR_PAGES,
  FILTERS,
  idsOf,
  listsOf,
  loweredTo,
  OFFSETS,
  ORDERS,
  storedIds,
  TOTALS,
  titlesOf,
  wantedOf,
} from './lists.ts'

describe('a list that ignores `offset`', () => {
  const ignoring = { shape: { under: 'profiles' }, items: 'ids', offset: 'ignored' } as const

  test.each([
    ['pages of 25', { maxLimit: 25 }, 26],
    ['pages of 25', { maxLimit: 25 }, 1000],
    ['a fixed page of 25', { maxLimit: 25, limit: 'ignore' }, 26],
    ['pages of 50', { maxLimit: 50 }, 99],
    ['pages of 100', { maxLimit: 100 }, 101],
    ['pages of up to 1000', { maxLimit: 1000 }, 101],
    ['pages of 7 and a total', { maxLimit: 7, total: TOTALS[1] }, 24],
    ['pages of 40 and a total', { maxLimit: 40, total: TOTALS[2] }, 99],
  ] as const)('and shows %s of a longer account is refused clearly: %o of %i', async (_, list, size) => {
    for (const [filter, order] of cross(FILTERS, ORDERS)) {
      const { reader } = openAccount({
        list: { ...ignoring, ...(list as Partial<ListOptions>), filter, order },
        store: storeOf(titlesOf(size)),
      })
      for (const read of [createDirectory(reader).all(), createDirectory(reader).find(wantedOf(size))]) {
        const { kind, message, hint } = await failureOf(read)
        expect(kind).toBe('refused')
        expect(message).toMatch(
          /^list profiles failed: HTTP 200 — the list shows \d+ profiles whatever `offset` asks for/,
        )
        expect(hint).toContain('open an issue')
      }
    }
  })

  test.each([0, 1, 2, 24, 26, 60, 99])('is read whole where it shows all of %i', async (size) => {
    for (const [filter, total] of cross(FILTERS, TOTALS)) {
      const account = openAccount({ list: { ...ignoring, filter, total }, store: storeOf(titlesOf(size)) })
      const wanted = wantedOf(size)
      expect(idsOf(await createDirectory(account.reader).find(wanted), wanted)).toEqual(
        storedIds(account, wanted),
      )
      expect(account.reads.length).toBeLessThanOrEqual(3)
    }
  })

  test.each([25, 100, 250, 1000])('and any limit is read whole where it shows all of %i', async (size) => {
    const list = { ...ignoring, maxLimit: 1000, limit: 'ignore' } as const
    const account = openAccount({
      list: { ...list, total: TOTALS[1] ?? null },
      store: storeOf(titlesOf(size)),
    })
    expect((await createDirectory(account.reader).all()).profiles).toHaveLength(size)
    const unstated = createDirectory(openAccount({ list, store: storeOf(titlesOf(size)) }).reader).all()
    if (size > 100) expect((await unstated).profiles).toHaveLength(size)
    else expect((await failureOf(unstated)).message).toContain(`the list shows ${size} profiles`)
  })
})

describe('a list whose maximum is below the limit asked for', () => {
  test('and that refuses it is read with the documented default, also when two ask at once', async () => {
    const list = { maxLimit: 25, limit: 'refuse' } as const
    const account = openAccount({ list, store: storeOf(titlesOf(101)) })
    const directory = createDirectory(account.reader)
    const listings = await Promise.all([directory.all(), directory.find(['GH 1'])])
    for (const listing of listings) expect(idsOf(listing, ['GH 1'])).toEqual(['SG_1'])
    expect(listings[0].profiles).toHaveLength(101)
    expect(account.reads.filter((path) => path.includes('limit=100'))).toHaveLength(2)
  })

  test('and even below the default is refused in the words of the API', async () => {
    const { reader } = openAccount({ list: { maxLimit: 7, limit: 'refuse' }, store: storeOf(titlesOf(8)) })
    const { message } = await failureOf(createDirectory(reader).all())
    expect(message).toBe('list profiles failed: HTTP 400 — RBC302 querystring/limit must be <= 7')
  })
})

describe('reads are few', () => {
  const titles = titlesOf(1000)
  const store = storeOf(titles)
  const bounds = { pages: [loweredTo(100)], cases: ['sensitive'] } as const

  test('at most 12 for a thousand whole profiles, scanned or looked for by all their titles', async () => {
    for (const list of listsOf({ ...bounds, filters: ['exact', 'ignored'] })) {
      const account = openAccount({ list: { ...list, items: 'whole' }, store })
      await createDirectory(account.reader).all()
      expect(account.reads.length, JSON.stringify(list)).toBeLessThanOrEqual(12)
      account.reads.length = 0
      await createDirectory(account.reader).find(titles)
      expect(account.reads.length, JSON.stringify(list)).toBeLessThanOrEqual(12)
    }
  })

  test('at most 15 for five titles of a thousand where the filter turns out to be of no use', async () => {
    for (const list of listsOf({ ...bounds, filters: ['ignored', 'page'] })) {
      const account = openAccount({ list, store })
      await createDirectory(account.reader).find(wantedOf(1000).slice(1))
      expect(account.reads.length, JSON.stringify(list)).toBeLessThanOrEqual(15)
    }
  })

  test('at most 8 for five titles of ten thousand with an honest filter, and 5 the next time', async () => {
    const wanted = ['GH 17', 'GH 9998', 'GH 5000', 'GH absent', 'GH 4321']
    const large = storeOf(titlesOf(10_000))
    for (const list of listsOf({ ...bounds, filters: ['exact', 'substring'] })) {
      const account = openAccount({ list, store: large })
      const directory = createDirectory(account.reader)
      expect(idsOf(await directory.find(wanted), wanted)).toEqual(storedIds(account, wanted))
      const first = account.reads.length
      await directory.find(wanted)
      const substrings = list.filter === 'substring' ? 2 : 0
      expect(first, JSON.stringify(list)).toBeLessThanOrEqual(8 + substrings)
      expect(account.reads.length - first).toBeLessThanOrEqual(5 + substrings)
    }
  }, 20_000)

  test('as many as its pages for a title that is a part of a thousand others', async () => {
    for (const total of TOTALS) {
      const list = { shape: { under: 'rows' }, filter: 'prefix', total } as const
      const account = openAccount({ list, store: storeOf(titlesOf(10_000)) })
      expect(idsOf(await createDirectory(account.reader).find(['GH 1']), ['GH 1'])).toEqual(['SG_1'])
      expect(account.reads.length).toBeLessThanOrEqual(3 + 12)
    }
  })

  test.each([
    [0, 1],
    [1, 2],
    [24, 2],
    [99, 2],
  ])('for an account of %i they are at most %i', async (size, most) => {
    for (const list of listsOf({ ...bounds, totals: [null] })) {
      const account = openAccount({ list, store: storeOf(titlesOf(size)) })
      await createDirectory(account.reader).find(wantedOf(size))
      expect(account.reads.length, JSON.stringify(list)).toBeLessThanOrEqual(most)
    }
  })

  test('one is enough where a total says so', async () => {
    const account = openAccount({
      list: { shape: { under: 'rows' }, total: { name: 'total', where: 'data' } },
      store: storeOf(titlesOf(24)),
    })
    await createDirectory(account.reader).find(['GH 1'])
    expect(account.reads).toEqual(['?limit=100&offset=0'])
  })

  test.each([
    ['a stated total', { name: 'total', where: 'envelope' }, 9],
    ['no total', null, 1],
    ['a count of the page only', { name: 'count', where: 'envelope', counts: 'page' }, 1],
  ] as const)('with %s pages are read side by side as far as is safe', async (_, total, most) => {
    for (const offset of OFFSETS) {
      const account = openAccount({ list: { total, offset }, store })
      await createDirectory(account.reader).all()
      expect(account.sideBySide).toBe(most)
    }
  })

  test('a total that is far too high costs one batch of pages at most', async () => {
    const account = openAccount({ store: storeOf(titlesOf(250)) })
    const { reader } = account
    const boasting = createDirectory({
      ...reader,
      list: async (query) => ({ ...(await reader.list(query)), total: 1_000_000_000 }),
    })
    expect((await boasting.all()).profiles).toHaveLength(250)
    expect(account.reads.length).toBeLessThanOrEqual(2 + 32)
  })
})

describe('an account that changes while it is read', () => {
  let count = 0
  beforeEach(() => {
    count = 0
  })

  test('shows every profile that stays where others are added between the pages', async () => {
    for (const list of listsOf({ pages: FAIR_PAGES, cases: ['sensitive'], filters: ['exact'] })) {
      const account = openAccount({
        list,
        store: storeOf(titlesOf(250)),
        meanwhile: (store) => {
          if (account.reads.length % 3 === 0) store.seed({ title: `new ${++count}` })
        },
      })
      const { profiles } = await createDirectory(account.reader).all()
      expect(new Set(profiles.map(({ id }) => id)).size).toBe(profiles.length)
      expect(
        profiles.filter(({ id }) => /^SG_\d+$/.test(id)),
        JSON.stringify(list),
      ).toHaveLength(250)
    }
  })

  test('is read to an end where profiles go between the pages', async () => {
    for (const list of listsOf({ cases: ['sensitive'], filters: ['exact', 'page'] })) {
      const account = openAccount({
        list,
        store: storeOf(titlesOf(101)),
        meanwhile: (store) => void store.remove(store.all()[0]?.profile_id ?? ''),
      })
      const { profiles } = await createDirectory(account.reader).find(wantedOf(101))
      expect(new Set(profiles.map(({ id }) => id)).size).toBe(profiles.length)
    }
  })

  test.each(ORDERS)(
    'as fast as it is read, %s first, does not keep the reading going for ever',
    async (order) => {
      const account = openAccount({
        list: { maxLimit: 1, items: 'ids', order },
        store: storeOf(titlesOf(3)),
        meanwhile: (store) => void store.seed({ title: `new ${++count}` }),
      })
      const result = await createDirectory(account.reader)
        .all()
        .catch((error: unknown) => error)
      if (result instanceof KaleyraError)
        expect(result.message).toContain('the list does not end after 10000 pages')
      else expect(order).toBe('newest')
    },
  )
})

test('a list that would not fit into memory is given up', async () => {
  let reads = 0
  const list: Reader['list'] = async () => {
    reads += 1
    const items = Array.from({ length: 25 }, (_, index) => ({
      id: `SG_${reads}_${index}`,
      status: 1,
      fields: { title: `GH ${reads} ${index}` },
    }))
    return { items, total: null, size: 4 * 1024 * 1024 }
  }
  const listing = createDirectory({ list, get: async () => null }).all()
  expect((await failureOf(listing)).message).toBe(
    'list profiles failed: HTTP 200 — the list is longer than 128 MiB, so the rest of the account cannot be read',
  )
  expect(reads).toBe(33)
})

describe('over HTTP', () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await startSandbox()
    for (const title of titlesOf(60)) sandbox.store.seed({ title })
  })
  afterAll(() => sandbox.close())

  const SHAPES: readonly ListOptions['shape'][] = [
    'array',
    ...['profiles', 'data', 'rows', 'items', 'callback_profiles'].map((under) => ({ under })),
  ]
  const ENVELOPE_TOTALS = TOTALS.map((total) => total && { ...total, where: 'envelope' as const })

  test.each([...cross(SHAPES, ['whole', 'summary', 'ids'] as const)])(
    'a list in the shape %o of %s items is understood',
    async (shape, items) => {
      const totals = shape === 'array' ? ENVELOPE_TOTALS : [...TOTALS, ...ENVELOPE_TOTALS.slice(1)]
      const wanted = wantedOf(60)
      for (const [total, nothing] of cross(totals, ['empty', 'not-found'] as const)) {
        const list: Partial<ListOptions> = { shape, items, total, nothing, maxLimit: 25 }
        Object.assign(sandbox.options.list, list)
        const { find, all } = createDirectory(createReader(openAt(sandbox.origin).send))
        expect(idsOf(await find(wanted), wanted), JSON.stringify(list)).toEqual(storedIds(sandbox, wanted))
        expect((await all()).profiles.map(({ id }) => id).sort()).toEqual(storedIds(sandbox, titlesOf(60)))
      }
    },
  )

  test('items of which nothing but the id is shown are read one by one', async () => {
    Object.assign(sandbox.options.list, { shape: 'array', items: 'untitled', total: null })
    const { find } = createDirectory(createReader(openAt(sandbox.origin).send))
    const wanted = wantedOf(60)
    expect(idsOf(await find(wanted), wanted)).toEqual(storedIds(sandbox, wanted))
  })

  test('a title filter that is refused is not used, and does not make later pages shorter', async () => {
    Object.assign(sandbox.options.list, { shape: 'array', items: 'ids', total: null, maxLimit: 50 })
    sandbox.requests.length = 0
    const refused = { kind: 'status', status: 400 } as const
    for (const title of titlesOf(60)) sandbox.faults.add({ on: { title }, when: 'before', what: refused })
    const { find } = createDirectory(createReader(openAt(sandbox.origin).send))
    expect(idsOf(await find(['GH 59', 'GH 1']), ['GH 1'])).toEqual(storedIds(sandbox, ['GH 1']))
    const asked = sandbox.requests.map(({ query }) => `${query.offset} ${query.title ?? ''}`.trim())
    expect(asked.slice(0, 2)).toEqual(['0', '1'])
    // The test of the filter and the titles go out together.
    expect(asked.slice(2).sort()).toEqual(['0 GH 1', '0 GH 50', '0 GH 59', '51'])
    expect(new Set(sandbox.requests.map(({ query }) => query.limit))).toEqual(new Set([100]))
  })
})
