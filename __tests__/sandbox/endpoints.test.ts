import { expect, test } from 'vitest'
import { call, ORDERS, open } from './calls.ts'

const NOW = '2026-01-02T03:04:05.678Z'
const ENC = { algo: 'AES-128-GCM', key: '0123456789abcdef', IV: 'abcdef0123456789' }
const WHOLE = {
  ...ORDERS,
  response_message: 'Thanks',
  headers: { 'X-Source': 'kaleyra' },
  enc: ENC,
  channel: 'sms',
  events: ['SMS-sent'],
}

test('create answers objects for body and enc, JSON text for headers and events, no channel and no dates', async () => {
  const sandbox = await open()
  const { status, envelope } = await call(sandbox, '', { body: WHOLE })

  expect(status).toBe(201)
  expect(envelope).toEqual({
    code: 'RBC024',
    message: 'Profile created successfully',
    data: {
      ...ORDERS,
      enc: ENC,
      headers: '{"X-Source":"kaleyra"}',
      events: '["SMS-sent"]',
      replacers: {},
      response_message: 'Thanks',
      profile_id: expect.stringMatching(/^SG_[0-9a-f-]{36}$/),
      status: 1,
    },
    error: {},
    status: 201,
  })
})

test('get answers JSON text for headers, body and events, a null body_type, a channel and dates', async () => {
  const sandbox = await open({ clock: () => new Date(NOW) })
  const created = await call(sandbox, '', { body: WHOLE })
  const id = created.envelope.data.profile_id
  const { status, envelope } = await call(sandbox, `/${id}`)

  expect(status).toBe(200)
  expect(envelope).toEqual({
    code: 'RBC024',
    message: 'Profile fetched successfully',
    data: {
      profile_id: id,
      title: ORDERS.title,
      url: ORDERS.url,
      http_method: 'POST',
      headers: '{"X-Source":"kaleyra"}',
      body_type: null,
      body: '{"id":"<id>"}',
      status: 1,
      created_at: NOW,
      modified_at: NOW,
      enc: ENC,
      response_message: 'Thanks',
      channel: 'sms',
      events: '["SMS-sent"]',
      dynamic_variables: null,
      replacers: {},
    },
    error: {},
    status: 200,
  })
})

test('events come back as they were sent, a bare text included', async () => {
  const sandbox = await open()
  const { envelope } = await call(sandbox, '', { body: { ...WHOLE, events: 'SMS-sent' } })
  expect(envelope.data.events).toBe('"SMS-sent"')
})

test('list answers an envelope of its own', async () => {
  const sandbox = await open()
  const { status, envelope } = await call(sandbox)
  expect(status).toBe(200)
  expect(envelope).toEqual({
    code: 'RBC024',
    message: 'Profiles fetched successfully',
    data: [],
    error: {},
    status: 200,
  })
})

test('update changes the fields that are sent and keeps the others', async () => {
  let now = new Date(NOW)
  const sandbox = await open({ clock: () => now })
  const id = sandbox.store.seed({ ...WHOLE, title: 'Before' })
  const before = sandbox.store.get(id)
  now = new Date('2026-02-02T00:00:00.000Z')
  const { status, envelope } = await call(sandbox, `/${id}`, { method: 'PATCH', body: { title: 'After' } })

  expect(status).toBe(200)
  expect(envelope).toMatchObject({
    code: 'RBC024',
    data: { profile_id: id, title: 'After' },
    error: {},
    status: 200,
  })
  expect(sandbox.store.get(id)).toEqual({
    ...before,
    title: 'After',
    modified_at: '2026-02-02T00:00:00.000Z',
  })
})

test('delete answers the id in camel case', async () => {
  const sandbox = await open()
  const id = sandbox.store.seed(ORDERS)
  const { status, envelope } = await call(sandbox, `/${id}`, { method: 'DELETE' })

  expect(status).toBe(200)
  expect(envelope).toEqual({
    code: 'RBC024',
    message: 'Profile deleted successfully',
    data: { profileId: id },
    error: {},
    status: 200,
  })
  expect(sandbox.store.size).toBe(0)
})

test.each([
  ['GET', undefined],
  ['PATCH', {}],
  ['DELETE', undefined],
])('%s of an unknown id answers 404 under the code of a failed validation', async (method, body) => {
  const sandbox = await open()
  const { status, envelope } = await call(sandbox, '/SG_none', { method, body })

  expect(status).toBe(404)
  expect(envelope).toEqual({
    code: 'RBC302',
    message: 'No profile exists with this id',
    data: {},
    error: [{ params: 'No profile exists with id: SG_none' }],
    status: 404,
  })
})

test.each([1, 2, 3] as const)('a profile of status %i shows it beside the HTTP status', async (state) => {
  const sandbox = await open()
  const id = sandbox.store.seed(ORDERS)
  sandbox.store.change(id, { status: state })
  const { envelope } = await call(sandbox, `/${id}`)
  expect(envelope).toMatchObject({ status: 200, data: { status: state } })
})

test('the store can be filled and read by a test', async () => {
  const { store } = await open()
  const first = store.seed({ title: 'First', profile_id: 'stage_1', status: 2 })
  const second = store.seed({ title: 'Second' })

  expect(first).toBe('stage_1')
  expect(store.titles()).toEqual(['First', 'Second'])
  expect(store.all().map(({ status }) => status)).toEqual([2, 1])
  expect(store.remove(second)).toBe(true)
  expect(store.remove(second)).toBe(false)
  expect(() => store.change(second, { status: 3 })).toThrow(`No profile exists with id: ${second}`)
})

const UNAUTHORISED = {
  code: 'RBC001',
  message: 'Incorrect SID or API key.',
  data: [],
  error: { error: 'Incorrect SID or API key.' },
}

test.each([
  ['a wrong key', 'HXSANDBOX', { 'api-key': 'wrong' }],
  ['no key', 'HXSANDBOX', {}],
  ['a wrong sid', 'HXOTHER', { 'api-key': 'sandbox-api-key' }],
])('%s is answered by the gateway', async (_, sid, headers: Record<string, string>) => {
  const { url, requests, store } = await open()
  const response = await fetch(`${url}/v1/${sid}/callback/profiles`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(ORDERS),
  })
  expect(response.status).toBe(401)
  expect(await response.json()).toEqual(UNAUTHORISED)
  expect(store.size).toBe(0)
  expect(requests).toMatchObject([{ authorised: false, status: 401, body: undefined }])
})

test.each([
  ['GET', '/'],
  ['GET', '/v1/HXSANDBOX/callback/profile'],
  ['GET', '/v2/HXSANDBOX/callback/profiles'],
  ['GET', '/v1/HXSANDBOX/callback/profiles/SG_1/more'],
  ['GET', '/v1/HXSANDBOX/callback/profiles/%zz'],
  ['PUT', '/v1/HXSANDBOX/callback/profiles/SG_1'],
  ['PATCH', '/v1/HXSANDBOX/callback/profiles'],
  ['DELETE', '/v1/HXSANDBOX/callback/profiles'],
  ['OPTIONS', '/v1/HXSANDBOX/callback/profiles'],
])('%s %s is not routed, which is said before the credential is looked at', async (method, path) => {
  const { url } = await open()
  const response = await fetch(url + path, { method })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'RBC618', data: [], error: {} })
})

test('sid, key and prefix of ids can be chosen', async () => {
  const sandbox = await open({ sid: 'HX1', apiKey: 'another key', idPrefix: 'IN_' })
  const { status, envelope } = await call(sandbox, '', { body: ORDERS })
  expect(status).toBe(201)
  expect(envelope.data.profile_id).toMatch(/^IN_/)
})
