import { expect, test } from 'vitest'
import type { SandboxOptions } from '../../sandbox/options.ts'
import { NORMALISERS } from '../../sandbox/server.ts'
import { call, ORDERS, open } from './calls.ts'

const ENC = { algo: 'AES-128-GCM', key: '0123456789abcdef', IV: 'abcdef0123456789' }
const UNDOCUMENTED = { headers: { a: 'b' }, enc: ENC, events: ['SMS-sent'], status: 3 }

test.each([
  ['take', 200, { title: 'After', ...UNDOCUMENTED }],
  ['ignore', 200, { title: 'After', headers: null, enc: null, events: null, status: 1 }],
  ['refuse', 400, { title: 'Before', headers: null, enc: null, events: null, status: 1 }],
] as const)('PATCH can %s undocumented fields', async (undocumented, expected, stored) => {
  const sandbox = await open({ patch: { undocumented } })
  const id = sandbox.store.seed({ title: 'Before' })
  const { status, envelope } = await call(sandbox, `/${id}`, {
    method: 'PATCH',
    body: { title: 'After', ...UNDOCUMENTED },
  })
  expect(status).toBe(expected)
  expect(sandbox.store.get(id)).toMatchObject(stored)
  if (expected === 400) {
    expect(envelope).toMatchObject({
      code: 'RBC302',
      error: [{ body: 'body must NOT have additional properties' }],
    })
  }
})

test('PATCH that ignores a field does not validate it', async () => {
  const sandbox = await open({ patch: { undocumented: 'ignore' } })
  const id = sandbox.store.seed({ title: 'Before' })
  expect((await call(sandbox, `/${id}`, { method: 'PATCH', body: { enc: {} } })).status).toBe(200)
})

test('PATCH never changes a channel', async () => {
  const sandbox = await open()
  const id = sandbox.store.seed({ title: 'Before', channel: 'sms' })
  await call(sandbox, `/${id}`, { method: 'PATCH', body: { channel: 'voice' } })
  expect(sandbox.store.get(id)?.channel).toBe('sms')
})

test('PATCH clears a field by null where null is taken', async () => {
  const sandbox = await open({ nulls: 'take' })
  const id = sandbox.store.seed({ ...ORDERS, enc: ENC })
  expect((await call(sandbox, `/${id}`, { method: 'PATCH', body: { enc: null } })).status).toBe(200)
  expect(sandbox.store.get(id)?.enc).toBeNull()
})

test('PATCH can answer no data', async () => {
  const sandbox = await open({ patch: { answer: 'empty' } })
  const id = sandbox.store.seed({ title: 'Before' })
  const { envelope } = await call(sandbox, `/${id}`, { method: 'PATCH', body: { title: 'After' } })
  expect(envelope).toMatchObject({ data: {}, status: 200 })
  expect(Object.keys(envelope.data)).toEqual([])
  expect(sandbox.store.titles()).toEqual(['After'])
})

test.each([
  ['none', { url: 'https://example.com/a/', headers: { 'X-A': 'B' } }],
  ['trim-url-slash', { url: 'https://example.com/a', headers: { 'X-A': 'B' } }],
  ['lowercase-headers', { url: 'https://example.com/a/', headers: { 'x-a': 'B' } }],
] as const)(
  'the normaliser %s works on create and on update, not on what is seeded',
  async (name, stored) => {
    const sandbox = await open({ normalise: NORMALISERS[name] })
    const raw = { ...ORDERS, url: 'https://example.com/a/', headers: { 'X-A': 'B' } }
    const seeded = sandbox.store.seed(raw)
    expect(sandbox.store.get(seeded)).toMatchObject(raw)

    await call(sandbox, `/${seeded}`, { method: 'PATCH', body: raw })
    await call(sandbox, '', { body: raw })
    expect(sandbox.store.all()).toMatchObject([stored, stored])
  },
)

test('a mask hides the encryption key and credential headers in every answer, and not in the store', async () => {
  const sandbox = await open({ mask: true })
  const headers = { Authorization: 'Bearer 1', 'X-Api-Key': 'k', 'x-source': 'kaleyra' }
  const shown = JSON.stringify({ Authorization: '****', 'X-Api-Key': '****', 'x-source': 'kaleyra' })
  const masked = { enc: { algo: ENC.algo, key: '****', IV: '****' }, headers: shown }

  const created = await call(sandbox, '', { body: { ...ORDERS, headers, enc: ENC } })
  const id = created.envelope.data.profile_id
  const fetched = await call(sandbox, `/${id}`)
  const list = await call(sandbox)
  const updated = await call(sandbox, `/${id}`, { method: 'PATCH', body: {} })
  for (const { envelope } of [created, fetched, updated]) expect(envelope.data).toMatchObject(masked)
  expect(list.envelope.data).toMatchObject([masked])
  expect(sandbox.store.all()).toMatchObject([{ headers, enc: ENC }])
})

test.each([409, 400] as const)(
  'a second profile of one title can be refused with %i',
  async (duplicateStatus) => {
    const sandbox = await open({ titles: 'reject-duplicates', duplicateStatus })
    sandbox.store.seed(ORDERS)
    const other = sandbox.store.seed({ title: 'Other' })

    const created = await call(sandbox, '', { body: ORDERS })
    const renamed = await call(sandbox, `/${other}`, { method: 'PATCH', body: { title: ORDERS.title } })
    const kept = await call(sandbox, `/${other}`, { method: 'PATCH', body: { title: 'Other' } })
    expect([created.status, renamed.status, kept.status]).toEqual([duplicateStatus, duplicateStatus, 200])
    expect(created.envelope.code).toBe('RBC302')
    expect(sandbox.store.titles()).toEqual([ORDERS.title, 'Other'])
  },
)

test('a second profile of one title is taken by default', async () => {
  const sandbox = await open()
  sandbox.store.seed(ORDERS)
  expect((await call(sandbox, '', { body: ORDERS })).status).toBe(201)
  expect(sandbox.store.titles()).toEqual([ORDERS.title, ORDERS.title])
})

test('get can lack fields, and whole items of list lack them too', async () => {
  const sandbox = await open({ getLacks: ['channel', 'events'] })
  const id = sandbox.store.seed({ ...ORDERS, channel: 'sms', events: ['SMS-sent'] })
  const { envelope } = await call(sandbox, `/${id}`)
  expect(envelope.data).not.toHaveProperty('channel')
  expect(envelope.data).not.toHaveProperty('events')
  expect((await call(sandbox)).envelope.data).toEqual([envelope.data])
})

test.each<[SandboxOptions['absent'], object, object]>([
  ['null', { headers: null, events: null, enc: null }, { body: null, channel: null, headers: null }],
  [
    'null-text',
    { headers: 'null', events: 'null', enc: null },
    { body: 'null', channel: null, headers: 'null' },
  ],
  ['empty', { headers: '{}', events: '[]', enc: {} }, { body: '{}', channel: '', headers: '{}' }],
])('fields never set are shown as %s', async (absent, created, fetched) => {
  const sandbox = await open({ absent })
  const body = { title: 'Orders', http_method: 'GET', url: ORDERS.url }
  const { envelope } = await call(sandbox, '', { body })
  expect(envelope.data).toMatchObject(created)
  expect((await call(sandbox, `/${envelope.data.profile_id}`)).envelope.data).toMatchObject(fetched)
})

test('fields never set can be left out', async () => {
  const sandbox = await open({ absent: 'omitted' })
  const id = sandbox.store.seed({ title: 'Orders' })
  const { envelope } = await call(sandbox, `/${id}`)
  for (const name of ['headers', 'body', 'events', 'enc', 'channel', 'response_message']) {
    expect(envelope.data).not.toHaveProperty(name)
  }
})

test('every answer can take its time', async () => {
  const sandbox = await open({ latency: 30 })
  const before = performance.now()
  await call(sandbox)
  expect(performance.now() - before).toBeGreaterThan(25)
})
