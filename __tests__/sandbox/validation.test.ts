import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, type SandboxOverrides, startSandbox } from '../../sandbox/server.ts'
import { call, ORDERS, open } from './calls.ts'

const KEYS = { 128: 'k'.repeat(16), 192: 'k'.repeat(24), 256: 'k'.repeat(32) }
const ENC = { algo: 'AES-256-GCM', key: KEYS[256], IV: 'i'.repeat(16) }
const METHODLESS = { title: 'Orders', url: ORDERS.url }

let shared: Sandbox
beforeAll(async () => {
  shared = await startSandbox()
})
afterAll(() => shared.close())

interface Refusal {
  body?: unknown
  says: string
}

const REFUSED_BY_CREATE: Refusal[] = [
  { body: {}, says: "body must have required property 'title'" },
  { body: [], says: 'body must be object' },
  { body: { title: 'Orders' }, says: "body must have required property 'http_method'" },
  { body: { title: 'Orders', http_method: 'GET' }, says: "body must have required property 'url'" },
  { body: { ...METHODLESS, http_method: 'POST' }, says: "body must have required property 'body'" },
  { body: { ...METHODLESS, http_method: 'PUT' }, says: "body must have required property 'body'" },
  { body: { ...ORDERS, title: 'ab' }, says: 'body/title must NOT have fewer than 3 characters' },
  { body: { ...ORDERS, title: 'Orders!' }, says: 'body/title must match pattern "^[A-Za-z0-9 _-]+$"' },
  { body: { ...ORDERS, title: 12345 }, says: 'body/title must be string' },
  { body: { ...ORDERS, title: null }, says: 'body/title must be string' },
  {
    body: { ...ORDERS, http_method: 'HEAD' },
    says: 'body/http_method must be equal to one of the allowed values',
  },
  { body: { ...ORDERS, url: 'ftp://example.com' }, says: 'body/url must match pattern "^https?://\\S+$"' },
  { body: { ...ORDERS, body: '{}' }, says: 'body/body must be object' },
  { body: { ...ORDERS, body: null }, says: 'body/body must be object' },
  { body: { ...ORDERS, response_message: true }, says: 'body/response_message must be string' },
  { body: { ...ORDERS, headers: { 'x-count': 1 } }, says: 'body/headers/x-count must be string' },
  { body: { ...ORDERS, headers: '{}' }, says: 'body/headers must be object' },
  { body: { ...ORDERS, channel: 1 }, says: 'body/channel must be string' },
  { body: { ...ORDERS, events: [1] }, says: 'body/events/0 must be string' },
  { body: { ...ORDERS, events: {} }, says: 'body/events must be array,string,null' },
  { body: { ...ORDERS, enc: null }, says: 'body/enc must be object' },
  { body: { ...ORDERS, enc: {} }, says: "body/enc must have required property 'algo'" },
  { body: { ...ORDERS, enc: { algo: ENC.algo } }, says: "body/enc must have required property 'key'" },
  {
    body: { ...ORDERS, enc: { algo: ENC.algo, key: ENC.key, iv: ENC.IV } },
    says: "body/enc must have required property 'IV'",
  },
  {
    body: { ...ORDERS, enc: { ...ENC, algo: 'AES-256-CBC' } },
    says: 'body/enc/algo must be equal to one of the allowed values',
  },
  {
    body: { ...ORDERS, enc: { ...ENC, key: KEYS[192] } },
    says: 'body/enc/key must NOT have fewer than 32 characters',
  },
  {
    body: { ...ORDERS, enc: { ...ENC, algo: 'AES-192-CFB' } },
    says: 'body/enc/key must NOT have more than 24 characters',
  },
  {
    body: { ...ORDERS, enc: { ...ENC, IV: 'short' } },
    says: 'body/enc/IV must NOT have fewer than 16 characters',
  },
  { body: '{"title":', says: "Body is not valid JSON but content-type is set to 'application/json'" },
]

test.each(REFUSED_BY_CREATE)('create refuses: $says', async ({ body, says }) => {
  const before = shared.store.size
  const { status, envelope } = await call(shared, '', { body })

  expect(status).toBe(400)
  expect(envelope).toEqual({ code: 'RBC302', message: says, data: {}, error: [{ body: says }], status: 400 })
  expect(shared.store.size).toBe(before)
})

test.each<[string, object]>([
  ['a GET without a body', { ...METHODLESS, http_method: 'GET' }],
  ['a DELETE without a body', { ...METHODLESS, http_method: 'DELETE' }],
  ['a PUT with an empty body', { ...ORDERS, http_method: 'PUT', body: {} }],
  ['placeholders in the URL', { ...METHODLESS, http_method: 'GET', url: 'http://example.com/?to=<mobile>' }],
  ['no events', { ...ORDERS, events: null }],
  ['an unknown channel', { ...ORDERS, channel: 'whatsapp' }],
  ['enc with params', { ...ORDERS, enc: { ...ENC, params: { a: 1 } } }],
  ...Object.entries(KEYS).flatMap(([bits, key]) =>
    ['CFB', 'GCM'].map((mode) => {
      const algo = `AES-${bits}-${mode}`
      return [algo, { ...ORDERS, enc: { ...ENC, algo, key } }] satisfies [string, object]
    }),
  ),
])('create takes %s', async (_, body) => {
  expect((await call(shared, '', { body })).status).toBe(201)
})

test('create ignores properties that it does not know, the id and the status among them', async () => {
  const sandbox = await open()
  const body = { ...ORDERS, profile_id: 'SG_mine', status: 3, colour: 'red' }
  const { envelope } = await call(sandbox, '', { body })

  const [profile] = sandbox.store.all()
  expect(profile).toMatchObject({ ...ORDERS, status: 1 })
  expect(profile?.profile_id).not.toBe('SG_mine')
  expect({ ...profile, ...envelope.data }).not.toHaveProperty('colour')
})

test.each([
  ['?limit=abc', 'querystring/limit must be integer'],
  ['?limit=', 'querystring/limit must be integer'],
  ['?limit=1.5', 'querystring/limit must be integer'],
  ['?limit=0', 'querystring/limit must be >= 1'],
  ['?offset=-1', 'querystring/offset must be >= 0'],
  ['?offset=1&offset=2', 'querystring/offset must be integer'],
  ['?title=a&title=b', 'querystring/title must be string'],
])('list refuses %s', async (query, says) => {
  const { status, envelope } = await call(shared, query)
  expect(status).toBe(400)
  expect(envelope).toMatchObject({ code: 'RBC302', message: says, error: [{ querystring: says }] })
})

test('a title made of digits is a text', async () => {
  const sandbox = await open()
  sandbox.store.seed({ title: '12345' })
  const { envelope } = await call(sandbox, '?title=12345')
  expect(envelope.data).toHaveLength(1)
})

test.each<Refusal>([
  { body: { title: 'ab' }, says: 'body/title must NOT have fewer than 3 characters' },
  { body: { http_method: 'post' }, says: 'body/http_method must be equal to one of the allowed values' },
  { body: { enc: {} }, says: "body/enc must have required property 'algo'" },
  { body: { status: 4 }, says: 'body/status must be equal to one of the allowed values' },
  { body: 'null', says: 'body must be object' },
])('update refuses: $says', async ({ body, says }) => {
  const id = shared.store.seed(ORDERS)
  const before = shared.store.get(id)
  const { status, envelope } = await call(shared, `/${id}`, { method: 'PATCH', body })
  expect(status).toBe(400)
  expect(envelope).toMatchObject({ code: 'RBC302', error: [{ body: says }] })
  expect(shared.store.get(id)).toBe(before)
})

test('a content-type of JSON with no body is refused, as Fastify does', async () => {
  const sandbox = await open()
  const id = sandbox.store.seed(ORDERS)
  const headers = { 'content-type': 'application/json' }
  const { status, envelope } = await call(sandbox, `/${id}`, { method: 'DELETE', headers })
  expect(status).toBe(400)
  expect(envelope.code).toBe('RBC302')
})

test.each<[SandboxOverrides, object, number]>([
  [{ nulls: 'take' }, { ...ORDERS, headers: null, enc: null, response_message: null, channel: null }, 201],
  [{ nulls: 'take' }, { ...ORDERS, title: null }, 400],
  [{ bodyFor: 'every-method' }, { ...METHODLESS, http_method: 'GET' }, 400],
  [{ bodyFor: 'every-method' }, ORDERS, 201],
  [{ channels: 'documented' }, { ...ORDERS, channel: 'sms' }, 201],
  [{ channels: 'documented' }, { ...ORDERS, channel: 'default' }, 201],
  [{ channels: 'documented' }, { ...ORDERS, channel: 'voice' }, 400],
])('with %o create answers %o with %i', async (overrides, body, expected) => {
  const sandbox = await open(overrides)
  expect((await call(sandbox, '', { body })).status).toBe(expected)
})
