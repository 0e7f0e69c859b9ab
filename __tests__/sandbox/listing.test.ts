import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutPage } from '../../sandbox/listing.ts'
import { completeOptions, type ListOptions } from '../../sandbox/options.ts'
import { createStore } from '../../sandbox/store.ts'
import { call, listed, ORDERS, open } from './calls.ts'

const TITLES = ['GH Orders', 'GH Orders 2', 'gh orders', 'Old GH Orders', 'Payments']

interface Listing {
  list: Partial<ListOptions>
  query?: string
  titles: string[]
}

test.each<Listing>([
  { list: {}, titles: TITLES },
  { list: { order: 'newest' }, titles: TITLES.toReversed() },
  { list: {}, query: '?limit=2&offset=1', titles: ['GH Orders 2', 'gh orders'] },
  { list: {}, query: '?offset=9', titles: [] },
  { list: { maxLimit: 3 }, query: '?limit=100', titles: TITLES.slice(0, 3) },
  { list: { maxLimit: 3, limit: 'ignore' }, query: '?limit=1', titles: TITLES.slice(0, 3) },
  { list: { maxLimit: 3, limit: 'refuse' }, query: '?limit=3', titles: TITLES.slice(0, 3) },
  { list: { offset: 'page' }, query: '?limit=2&offset=1', titles: ['gh orders', 'Old GH Orders'] },
  {
    list: { offset: 'page', maxLimit: 3 },
    query: '?limit=9&offset=1',
    titles: ['Old GH Orders', 'Payments'],
  },
  { list: { offset: 'ignored' }, query: '?limit=2&offset=1', titles: ['GH Orders', 'GH Orders 2'] },
  { list: {}, query: '?title=GH%20Orders', titles: ['GH Orders'] },
  { list: {}, query: '?title=Nothing', titles: [] },
  { list: { filterCase: 'insensitive' }, query: '?title=GH%20Orders', titles: ['GH Orders', 'gh orders'] },
  { list: { filter: 'prefix' }, query: '?title=GH%20Orders', titles: ['GH Orders', 'GH Orders 2'] },
  {
    list: { filter: 'substring' },
    query: '?title=GH%20Orders',
    titles: ['GH Orders', 'GH Orders 2', 'Old GH Orders'],
  },
  { list: { filter: 'ignored' }, query: '?title=GH%20Orders', titles: TITLES },
  { list: { filter: 'page' }, query: '?title=Payments&limit=2', titles: [] },
  { list: { filter: 'page' }, query: '?title=Payments&limit=2&offset=4', titles: ['Payments'] },
])('list with $list answers $query with $titles', async ({ list, query, titles }) => {
  const sandbox = await open({ list })
  for (const title of TITLES) sandbox.store.seed({ title })
  expect(await listed(sandbox, query)).toEqual(titles)
})

test('a page holds 25 profiles where no limit is given', async () => {
  const sandbox = await open()
  for (let number = 0; number < 30; number += 1) sandbox.store.seed({ title: `Title ${number}` })
  expect(await listed(sandbox)).toHaveLength(25)
})

test.each<[Partial<ListOptions>, object]>([
  [{ shape: { under: 'profiles' } }, { data: { profiles: [{ title: 'AAA' }] } }],
  [
    { shape: { under: 'rows' }, total: { name: 'count', where: 'data' } },
    { data: { rows: [{ title: 'AAA' }], count: 2 } },
  ],
  [
    { shape: { under: 'rows' }, total: { name: 'total', where: 'envelope' } },
    { data: { rows: [{ title: 'AAA' }] }, total: 2 },
  ],
  [{ total: { name: 'total', where: 'envelope' } }, { data: [{ title: 'AAA' }], total: 2 }],
  [{ total: { name: 'total', where: 'envelope', counts: 'matches' } }, { total: 2 }],
  [{ total: { name: 'total', where: 'envelope', counts: 'all' } }, { total: 3 }],
  [{ total: { name: 'count', where: 'envelope', counts: 'page' } }, { count: 1 }],
])('list with %o has the shape %o', async (list, shape) => {
  const sandbox = await open({ list: { ...list, items: 'ids', filter: 'prefix' } })
  for (const title of ['AAA', 'AAA 2', 'BBB']) sandbox.store.seed({ title })
  const { envelope } = await call(sandbox, '?title=AAA&limit=1')
  expect(envelope).toMatchObject(shape)
})

test('a limit above the maximum can be refused', async () => {
  const sandbox = await open({ list: { maxLimit: 25, limit: 'refuse' } })
  expect((await call(sandbox, '?limit=25')).status).toBe(200)
  expect(await call(sandbox, '?limit=26')).toMatchObject({
    status: 400,
    envelope: { code: 'RBC302', error: [{ querystring: 'querystring/limit must be <= 25' }] },
  })
})

test('a page that holds nothing can be answered 404', async () => {
  const sandbox = await open({ list: { nothing: 'not-found' } })
  sandbox.store.seed(ORDERS)
  expect((await call(sandbox)).status).toBe(200)
  for (const query of ['?title=Nothing', '?offset=1']) {
    expect(await call(sandbox, query)).toMatchObject({ status: 404, envelope: { code: 'RBC302', data: {} } })
  }
})

test('a total in the data of a bare array is no valid combination', async () => {
  const list: Partial<ListOptions> = { total: { name: 'total', where: 'data' } }
  await expect(open({ list })).rejects.toThrow('list.total: a bare array has no room for a total')
})

test.each<[ListOptions['items'], string[]]>([
  ['untitled', ['profile_id']],
  ['ids', ['profile_id', 'title']],
  ['summary', ['profile_id', 'title', 'http_method', 'url', 'status', 'created_at']],
])('items of the kind %s have the fields %j', async (items, names) => {
  const sandbox = await open({ list: { items } })
  sandbox.store.seed(ORDERS)
  const { envelope } = await call(sandbox)
  expect(Object.keys(envelope.data[0] as object).sort()).toEqual(names.toSorted())
})

test('whole items are what get answers', async () => {
  const sandbox = await open()
  const id = sandbox.store.seed(ORDERS)
  const [list, get] = await Promise.all([call(sandbox), call(sandbox, `/${id}`)])
  expect(list.envelope.data).toEqual([get.envelope.data])
})

test('pages of any size, put together, are the whole list', () => {
  const size = fc.integer({ min: 1, max: 40 })
  const property = fc.property(
    fc.nat({ max: 60 }),
    size,
    size,
    fc.constantFrom('row', 'page'),
    (count, limit, maxLimit, offset) => {
      const store = createStore('SG_', () => new Date(0))
      for (let number = 0; number < count; number += 1) store.seed({ title: `Title ${number}` })
      const options = completeOptions({ list: { maxLimit, offset } }).list
      const step = offset === 'row' ? Math.min(limit, maxLimit) : 1

      const seen: string[] = []
      for (let position = 0; seen.length < count; position += step) {
        const { page, total } = cutPage(store.all(), { limit, offset: position }, options)
        expect(page.length).toBeGreaterThan(0)
        expect(total).toBe(count)
        seen.push(...page.map(({ title }) => title))
      }
      expect(seen).toEqual(store.titles())
    },
  )
  fc.assert(property)
})
