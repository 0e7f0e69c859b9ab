import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ListOptions } from '../../sandbox/options.ts'
import type { ListQuery } from '../../src/kaleyra/client.ts'
import { createDirectory } from '../../src/kaleyra/directory.ts'
import { openAccount, storeOf } from './account.ts'
import { failureOf } from './api.ts'
import {
  CASES,
  FAIR_PAGES,
  FILTERS,
  idsOf,
  listsOf,
  loweredTo,
  OFFSETS,
  ORDERS,
  SOME_PAGES,
  storedIds,
  TINY_PAGES,
  TOTALS,
  titlesOf,
  wantedOf,
} from './lists.ts'

const SIZES = [0, 1, 2, 24, 25, 26, 99, 100, 101, 250, 1000]

/** Large accounts take long to read, above all in tiny pages, so that fewer of the other switches are tried with them. */
const listsFor = (size: number): Partial<ListOptions>[] => {
  if (size < 250) return listsOf({ cases: size < 99 ? CASES : ['insensitive'] })
  return [
    ...listsOf({ pages: FAIR_PAGES, cases: ['insensitive'], filters: ['substring', 'ignored', 'page'] }),
    ...listsOf({ pages: TINY_PAGES, cases: ['sensitive'], totals: TOTALS.slice(0, 2), filters: ['page'] }),
  ]
}

describe('whatever the list is like', () => {
  test.each(SIZES)('find returns every profile of each wanted title of %i exactly once', async (size) => {
    const [wanted, store] = [wantedOf(size), storeOf(titlesOf(size))]
    for (const list of listsFor(size)) {
      const account = openAccount({ list, store })
      const found = await createDirectory(account.reader).find(wanted)
      expect(idsOf(found, wanted), JSON.stringify(list)).toEqual(storedIds(account, wanted))
    }
  })

  test.each(SIZES)('all, and find of all titles, return each of %i profiles exactly once', async (size) => {
    const titles = titlesOf(size)
    const store = storeOf(titles)
    for (const list of listsOf({
      filters: ['exact'],
      cases: ['sensitive'],
      pages: size < 250 ? [...TINY_PAGES, ...FAIR_PAGES] : FAIR_PAGES,
    })) {
      const account = openAccount({ list, store })
      const directory = createDirectory(account.reader)
      const expected = storedIds(account, titles)
      const [all, found] = [await directory.all(), await directory.find(titles)]
      expect(idsOf(all, titles), JSON.stringify(list)).toEqual(expected)
      expect(idsOf(found, titles), JSON.stringify(list)).toEqual(expected)
      expect([all.whole, all.profiles.length]).toEqual([true, size])
    }
  })

  test('what was learnt of it serves the next find as well', async () => {
    const store = storeOf(titlesOf(250))
    for (const list of listsOf({ pages: SOME_PAGES, cases: ['insensitive'] })) {
      const account = openAccount({ list, store })
      const directory = createDirectory(account.reader)
      for (const title of ['GH 249', 'GH 1', 'GH absent', 'GH 0', 'gh 2']) {
        expect(idsOf(await directory.find([title]), [title]), JSON.stringify({ list, title })).toEqual(
          storedIds(account, [title]),
        )
      }
    }
  })

  test('a total that counts the page alone does not end it', async () => {
    for (const where of ['data', 'envelope'] as const) {
      const totals = [{ name: 'total', where, counts: 'page' } as const]
      for (const list of listsOf({ pages: FAIR_PAGES, totals, cases: ['sensitive'] })) {
        const account = openAccount({ list, store: storeOf(titlesOf(101)) })
        expect((await createDirectory(account.reader).all()).profiles, JSON.stringify(list)).toHaveLength(101)
      }
    }
  })

  test.each([0, 10, 25, 60, 250])(
    'a list of %i that shows its last page again beyond its end is read',
    async (size) => {
      for (const list of listsOf({
        pages: [loweredTo(25)],
        filters: ['exact', 'ignored'],
        offsets: ['row'],
      })) {
        const { reader } = openAccount({ list, store: storeOf(titlesOf(size)) })
        const last = Math.max(0, size - 25)
        const clamped = {
          ...reader,
          list: (query: ListQuery) => reader.list({ ...query, offset: Math.min(query.offset, last) }),
        }
        const all = createDirectory(clamped).all()
        if (size === 25 && list.total?.name !== 'total' && list.total?.name !== 'total_count')
          await failureOf(all)
        else expect((await all).profiles, JSON.stringify(list)).toHaveLength(size)
      }
    },
  )

  test.each([0, 1, 24, 25, 60, 250])('a list of %i that counts pages from 1 is read', async (size) => {
    const wanted = wantedOf(size)
    for (const list of listsOf({ pages: SOME_PAGES, offsets: ['page'], cases: ['insensitive'] })) {
      const account = openAccount({ list, store: storeOf(titlesOf(size)) })
      const directory = createDirectory({
        ...account.reader,
        list: (query: ListQuery) => account.reader.list({ ...query, offset: Math.max(0, query.offset - 1) }),
      })
      for (const titles of [wanted, wanted.slice(0, 1)])
        expect(idsOf(await directory.find(titles), titles), JSON.stringify(list)).toEqual(
          storedIds(account, titles),
        )
    }
  })

  test('a profile that appears later is found by the next find', async () => {
    const store = storeOf(titlesOf(101))
    for (const list of listsOf({ pages: SOME_PAGES, cases: ['sensitive'] })) {
      const account = openAccount({ list, store })
      const directory = createDirectory(account.reader)
      expect(idsOf(await directory.find(['GH new']), ['GH new'])).toEqual([])
      const id = store.seed({ title: 'GH new' })
      expect(idsOf(await directory.find(['GH new']), ['GH new']), JSON.stringify(list)).toEqual([id])
      store.remove(id)
    }
  })

  test('accounts, switches and titles at random', async () => {
    const title = fc.oneof(
      fc.constantFrom('GH A', 'GH AB', 'gh a', 'GH A_1', 'GH-A', 'A'),
      fc.string({ minLength: 3, maxLength: 12, unit: fc.constantFrom('a', 'B', ' ', '-', '_', '7') }),
    )
    const list = fc.record({
      shape: fc.constantFrom<ListOptions['shape']>({ under: 'profiles' }, { under: 'data' }),
      items: fc.constantFrom<ListOptions['items']>('whole', 'summary', 'ids', 'untitled'),
      total: fc.constantFrom(...TOTALS),
      filter: fc.constantFrom(...FILTERS),
      filterCase: fc.constantFrom(...CASES),
      offset: fc.constantFrom(...OFFSETS),
      maxLimit: fc.constantFrom(1, 2, 3, 5, 25, 30, 100),
      limit: fc.constantFrom('lower', 'ignore'),
      nothing: fc.constantFrom('empty', 'not-found'),
      order: fc.constantFrom(...ORDERS),
    })
    const property = fc.asyncProperty(
      list,
      fc.array(title, { maxLength: 140 }),
      fc.array(title, { maxLength: 5 }),
      fc.array(fc.nat(), { maxLength: 5 }),
      async (options, titles, others, picks) => {
        const account = openAccount({ list: options as ListOptions, store: storeOf(titles) })
        const directory = createDirectory(account.reader)
        const wanted = [...others, ...picks.flatMap((pick) => titles[pick % titles.length] ?? [])]
        expect(idsOf(await directory.find(wanted), wanted)).toEqual(storedIds(account, wanted))
        const last = titles.slice(-1)
        expect(idsOf(await directory.find(last), last)).toEqual(storedIds(account, last))
      },
    )
    await fc.assert(property, { numRuns: 300 })
  })
})
