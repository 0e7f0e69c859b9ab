import { describe, expect, test } from 'vitest'
import type { SandboxOverrides } from '../../sandbox/server.ts'
import { createReader, createWriter } from '../../src/kaleyra/client.ts'
import { failureOf, openAt, openSandbox, serve, successOf } from './api.ts'

const ENC = { algo: 'AES-128-GCM', key: '0123456789abcdef', IV: 'abcdef0123456789' }
const FIELDS = {
  title: 'GH Orders',
  http_method: 'POST',
  url: 'https://hooks.example.com/a',
  body: { id: '<id>' },
  response_message: 'thanks',
  headers: { 'x-a': 'b' },
  enc: ENC,
  channel: 'sms',
  events: ['SMS-sent'],
}
const BARE = { title: 'GH Bare', http_method: 'POST', url: 'https://hooks.example.com/a' }
const EMPTY = { body: null, response_message: null, headers: null, enc: null, channel: null, events: null }

const openClient = async (overrides: SandboxOverrides = {}) => {
  const { sandbox, send } = await openSandbox(overrides, { retries: 0 })
  return { sandbox, reader: createReader(send), writer: createWriter(send) }
}

/** A reader of an API that answers everything with one envelope. */
const readerOf = async (data: unknown, beside: object = {}, status = 200) => {
  const body = { ...JSON.parse(successOf(data)), ...beside }
  const origin = await serve((_, response) => response.writeHead(status).end(JSON.stringify(body)))
  return createReader(openAt(origin, { retries: 0 }).send)
}

describe('get', () => {
  test.each(['null', 'null-text', 'empty', 'omitted'] as const)(
    'reads a whole profile where absent fields are %s',
    async (absent) => {
      const { sandbox, reader } = await openClient({ absent })
      const full = sandbox.store.seed(FIELDS)
      const bare = sandbox.store.seed({ ...BARE, status: 2 })
      expect(await reader.get(full)).toEqual({ id: full, status: 1, fields: FIELDS })
      expect(await reader.get(bare)).toEqual({ id: bare, status: 2, fields: { ...BARE, ...EMPTY } })
    },
  )

  test('of an id that does not exist is null', async () => {
    const { reader } = await openClient()
    expect(await reader.get('SG_none')).toBeNull()
  })

  test('asks for exactly the id, whatever it holds', async () => {
    const { sandbox, reader } = await openClient({ idPrefix: 'SG/ä ?&%2F_' })
    const id = sandbox.store.seed(BARE)
    expect((await reader.get(id))?.id).toBe(id)
  })

  test('reads a profile that stands in a list', async () => {
    const reader = await readerOf([{ profile_id: 'SG_1', title: 'GH A' }])
    expect(await reader.get('SG_1')).toMatchObject({ id: 'SG_1', fields: { title: 'GH A' } })
  })

  test('takes no answer about another profile', async () => {
    const reader = await readerOf({ profile_id: 'SG_2', title: 'GH A' })
    const { kind, message } = await failureOf(reader.get('SG_1'))
    expect(kind).toBe('refused')
    expect(message).toMatch(/^read profile SG_1 failed: HTTP 200 — .*: it is about another profile \(SG_2\)$/)
  })

  test.each([
    ['404 of a proxy', 404, '<html>', 'misrouted'],
    ['404 of another API', 404, '{"message":"no Route matched"}', 'misrouted'],
    ['400', 400, '{"code":"RBC302","message":"no"}', 'refused'],
    ['a list', 200, successOf([]), 'refused'],
    ['nothing', 200, successOf(null), 'refused'],
    ['a profile without an id', 200, successOf({ title: 'GH A' }), 'refused'],
  ])('does not take %s for a profile that does not exist', async (_, status, body, kind) => {
    const origin = await serve((_, response) => response.writeHead(status).end(body))
    const error = await failureOf(createReader(openAt(origin, { retries: 0 }).send).get('SG_1'))
    expect([error.kind, error.operation]).toEqual([kind, 'read profile SG_1'])
  })

  test('names the field whose value makes no sense', async () => {
    const reader = await readerOf({ profile_id: 'SG_1', title: 'GH A', headers: 7 })
    const { message, hint } = await failureOf(reader.get('SG_1'))
    expect(message).toBe(
      'read profile SG_1 failed: HTTP 200 — the answer is not what the API is known to send: an unexpected value in `headers` of profile SG_1',
    )
    expect(hint).toMatch(/`api-url`.*open an issue/)
  })
})

describe('list', () => {
  const item = { profile_id: 'SG_1', title: 'GH A' }

  test.each<[string, unknown, string[]]>([
    ['a bare array', [item], ['SG_1']],
    ['an empty array', [], []],
    ['an array under a name', { profiles: [item] }, ['SG_1']],
    ['an empty array under a name', { profiles: [] }, []],
    ['an array beside others', { columns: ['a'], links: [{ rel: 'next' }], profiles: [item] }, ['SG_1']],
    ['an empty array beside others', { columns: ['a'], profiles: [] }, []],
    ['an empty array before it', { errors: [], profiles: [item] }, ['SG_1']],
    ['a lone profile', { ...item, events: [], headers: '{}' }, ['SG_1']],
    ['an empty object', {}, []],
    ['null', null, []],
    ['null under a name', { profiles: null, total: 0, limit: 100 }, []],
  ])('reads %s', async (_, data, ids) => {
    const { items } = await (await readerOf(data)).list({ limit: 25, offset: 0 })
    expect(items.map(({ id }) => id)).toEqual(ids)
  })

  test.each<[string, unknown]>([
    ['a text', 'profiles'],
    ['a number', 7],
    ['nothing at all', undefined],
    ['an object without a list', { message: 'ok' }],
    ['a list of texts', { profiles: ['SG_1'] }],
    ['items without an id', { profiles: [{ title: 'GH A' }] }],
    ['items without an id beside an empty list', { errors: [], profiles: [{ title: 'GH A' }] }],
    ['an item that is no profile', [item, null]],
    ['an id that leads elsewhere in a path', [{ profile_id: '..' }]],
    ['an id that is too long', [{ profile_id: 'x'.repeat(201) }]],
    ['an id that cannot be printed', [{ profile_id: 'SG_1\n::error::x' }]],
    ['an id of nothing but spaces', [{ profile_id: '   ' }]],
  ])('never takes %s for an account without profiles', async (_, data) => {
    const { kind, message } = await failureOf((await readerOf(data)).list({ limit: 25, offset: 0 }))
    expect(kind).toBe('refused')
    expect(message).toMatch(
      /^list profiles failed: HTTP 200 — the answer is not what the API is known to send: no /,
    )
  })

  test('leaves unknown what an item does not show, or shows oddly', async () => {
    const reader = await readerOf([{ ...item, url: 7, headers: null }])
    const { items } = await reader.list({ limit: 25, offset: 0 })
    expect(items).toEqual([{ id: 'SG_1', status: null, fields: { title: 'GH A', headers: null } }])
  })

  test.each<[string, unknown, object, number | null]>([
    ['no total', [item], {}, null],
    ['a total in the envelope', [item], { total: 60 }, 60],
    ['a total in data', { profiles: [item], total: 60 }, {}, 60],
    ['a total of what is shown', { profiles: [item], total: 1 }, {}, 1],
    ['a count of the page', { profiles: [item], count: 1 }, {}, null],
    ['a count of all', { profiles: [item], count: 60 }, {}, 60],
    ['both', { profiles: [item], count: 1, total_count: 60 }, {}, 60],
    ['a total one level deeper', { profiles: [item], meta: { totalRecords: 60, count: 1 } }, {}, 60],
    ['a total in the envelope, one level deeper', [item], { pagination: { recordsTotal: 60 } }, 60],
    ['pages', { profiles: [item], total_pages: 60, page_count: 7 }, {}, null],
    ['the number of the account', { profiles: [item], account: 60, account_id: 61 }, {}, null],
    ['a total that is too low', { profiles: [item, { profile_id: 'SG_2' }], total: 1 }, {}, null],
    ['a total that is no number', { profiles: [item], total: 'many' }, {}, null],
  ])('finds %s', async (_, data, beside, total) => {
    const page = await (await readerOf(data, beside)).list({ limit: 25, offset: 0 })
    expect(page.total).toBe(total)
  })

  test('asks for a page, and for a title in a form that every server decodes', async () => {
    const { sandbox, reader } = await openClient()
    sandbox.store.seed({ title: 'GH Ä & 100%+_' })
    expect((await reader.list({ limit: 100, offset: 0, title: 'GH Ä & 100%+_' })).items).toHaveLength(1)
    expect((await reader.list({ limit: 7, offset: 1 })).items).toHaveLength(0)
    expect(sandbox.requests.map(({ query }) => query)).toEqual([
      { limit: 100, offset: 0, title: 'GH Ä & 100%+_' },
      { limit: 7, offset: 1 },
    ])
    const paths: (string | undefined)[] = []
    const origin = await serve(({ url }, response) => {
      paths.push(url)
      response.end(successOf([]))
    })
    await createReader(openAt(origin).send).list({ limit: 1, offset: 0, title: 'GH A' })
    expect(paths[0]).toMatch(/\?limit=1&offset=0&title=GH%20A$/)
  })

  test.each([
    ['404 of the API', { code: 'RBC302', message: 'No profiles exist' }, true],
    ['404 of something else', { message: 'no Route matched' }, false],
  ])('takes %s for an empty page: %o, %s', async (_, body, empty) => {
    const origin = await serve((_, response) => response.writeHead(404).end(JSON.stringify(body)))
    const page = createReader(openAt(origin).send).list({ limit: 25, offset: 0 })
    if (empty) expect(await page).toEqual({ items: [], total: null, size: 0 })
    else expect((await failureOf(page)).kind).toBe('misrouted')
  })
})

describe('a writer', () => {
  test('creates a profile and returns its id', async () => {
    const { sandbox, writer } = await openClient()
    const id = await writer.create(FIELDS, 'GH Orders')
    expect(sandbox.store.all()).toMatchObject([{ profile_id: id, ...FIELDS }])
  })

  test.each<[string, unknown, string | null]>([
    ['profile_id', { profile_id: 'SG_1' }, 'SG_1'],
    ['profileId', { profileId: 'SG_1' }, 'SG_1'],
    ['a list of one', [{ profile_id: 'SG_1' }], 'SG_1'],
    ['nothing', {}, null],
    ['null', null, null],
  ])('reads the id of a create from %s, or says that it may have landed', async (_, data, id) => {
    const origin = await serve((_, response) => response.writeHead(201).end(successOf(data)))
    const created = createWriter(openAt(origin).send).create(FIELDS, 'GH Orders')
    if (id !== null) expect(await created).toBe(id)
    else {
      const { message, mayHaveLanded } = await failureOf(created)
      expect(message).toBe(
        'create profile "GH Orders" failed: HTTP 201 — a success answer without a profile id',
      )
      expect(mayHaveLanded).toBe(true)
    }
  })

  test.each(['profile', 'empty'] as const)(
    'updates a profile, whether the answer holds the %s or not',
    async (answer) => {
      const { sandbox, writer } = await openClient({ patch: { answer } })
      const id = sandbox.store.seed(FIELDS)
      await writer.update(id, { url: 'https://hooks.example.com/b' }, 'GH Orders')
      expect(sandbox.store.get(id)).toMatchObject({ ...FIELDS, url: 'https://hooks.example.com/b' })
      expect(sandbox.writes().map(({ method, body }) => [method, body])).toEqual([
        ['PATCH', { url: 'https://hooks.example.com/b' }],
      ])
    },
  )

  test('removes a profile, also one that is gone already', async () => {
    const { sandbox, writer } = await openClient()
    const id = sandbox.store.seed(FIELDS)
    await writer.remove(id, 'GH Orders')
    await writer.remove(id, 'GH Orders')
    expect(sandbox.store.size).toBe(0)
  })

  test('removes a profile whose deletion was answered by nothing', async () => {
    const { sandbox, send } = await openSandbox()
    const id = sandbox.store.seed(FIELDS)
    sandbox.faults.add({ on: { nth: 1 }, when: 'after', what: { kind: 'reset' } })
    await createWriter(send).remove(id, 'GH Orders')
    expect(sandbox.requests.map(({ status }) => status)).toEqual([0, 404])
  })

  test.each([
    [
      'update profile "GH Orders" (SG_none)',
      (writer: ReturnType<typeof createWriter>) => writer.update('SG_none', {}, 'GH Orders'),
    ],
    [
      'create profile "GH Orders"',
      (writer: ReturnType<typeof createWriter>) => writer.create({ title: 'x' }, 'GH Orders'),
    ],
  ])('says what failed: %s', async (operation, write) => {
    const { writer } = await openClient()
    const error = await failureOf(write(writer))
    expect([error.kind, error.operation, error.message.startsWith(`${operation} failed: HTTP 40`)]).toEqual([
      'refused',
      operation,
      true,
    ])
  })
})
