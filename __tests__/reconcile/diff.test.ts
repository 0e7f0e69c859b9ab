import { describe, expect, test } from 'vitest'
import { difference } from '../../src/reconcile/diff.ts'
import { declared } from '../declared.ts'
import { differing, ENC, NOTHING, remote } from './comparison.ts'

describe('what means the same is no difference', () => {
  test.each<[string, object, object]>([
    ['an object and its JSON text', { body: { a: 1 } }, { body: '{"a":1}' }],
    ['an object and an object', { body: { a: 1 } }, { body: { a: 1 } }],
    [
      'keys in another order, at any depth',
      { body: { a: { x: [1, { k: null, l: true }], y: 'ü' }, b: 0 } },
      { body: '{"b":0,"a":{"y":"\\u00fc","x":[1,{"l":true,"k":null}]}}' },
    ],
    ['a method in lower case', { http_method: 'GET' }, { http_method: 'get' }],
    ['headers as JSON text', { headers: { 'X-A': 'one' } }, { headers: '{"X-A":"one"}' }],
    [
      'header names in other case',
      { headers: { 'X-A': 'one', 'x-b': 'two' } },
      { headers: '{"X-B":"two","x-a":"one"}' },
    ],
    ['events as text', { channel: 'sms', events: ['SMS-sent'] }, { channel: 'sms', events: 'SMS-sent' }],
    ['events as a list', { channel: 'sms', events: 'SMS-sent' }, { channel: 'sms', events: ['SMS-sent'] }],
    [
      'events as JSON text of a list',
      { channel: 'sms', events: 'SMS-sent' },
      { channel: 'sms', events: '["SMS-sent"]' },
    ],
    [
      'events as JSON text of a text',
      { channel: 'sms', events: ['SMS-sent'] },
      { channel: 'sms', events: '"SMS-sent"' },
    ],
    ['a channel in upper case', { channel: 'sms' }, { channel: 'SMS' }],
    ['another channel in other case', { channel: 'whatsapp' }, { channel: 'WhatsApp' }],
    ['enc as JSON text', { enc: ENC }, { enc: JSON.stringify(ENC) }],
  ])('%s', async (_, fields, account) => {
    expect(await differing(fields, account)).toEqual(NOTHING)
  })

  test.each(['body', 'headers'])('every spelling of an empty %s', async (name) => {
    for (const declaredValue of [null, {}, [], ['']])
      for (const value of [null, undefined, {}, [], '', '{}', '[]', 'null'])
        expect(await differing({ [name]: declaredValue }, { [name]: value })).toEqual(NOTHING)
  })

  test('every spelling of no events', async () => {
    for (const value of [null, undefined, [], [''], '', '[]', '[""]', 'null'])
      expect(await differing({ events: null }, { events: value })).toEqual(NOTHING)
  })

  test('every spelling of the default channel', async () => {
    for (const channel of [null, 'default', 'Default'])
      for (const value of [null, undefined, '', 'default', 'DEFAULT'])
        expect(await differing({ channel }, { channel: value })).toEqual(NOTHING)
  })

  test('every spelling of no encryption and of no response message', async () => {
    for (const value of [null, undefined, {}, '', '{}', { algo: null, key: '', IV: null }])
      expect(await differing({ enc: null }, { enc: value })).toEqual(NOTHING)
    for (const value of [null, undefined, ''])
      expect(await differing({ response_message: '' }, { response_message: value })).toEqual(NOTHING)
  })

  test('a field that is not declared, whatever the account holds', async () => {
    const account = {
      body: { a: 1 },
      headers: { 'x-a': 'one' },
      enc: ENC,
      channel: 'sms',
      response_message: 'Hi',
    }
    expect(await differing({}, account)).toEqual(NOTHING)
  })
})

describe('what differs is sent whole and shown in its smallest parts', () => {
  const sms = { channel: 'sms', events: ['SMS-sent'] }
  test.each<[string, object, object, readonly unknown[]]>([
    ['title', { title: 'GH Orders' }, { title: 'GH orders' }, ['title', '"GH orders"', '"GH Orders"']],
    ['http_method', { http_method: 'DELETE' }, {}, ['http_method', '"GET"', '"DELETE"']],
    [
      'url',
      {},
      { url: 'https://hooks.example.com/orders/' },
      ['url', '"https://hooks.example.com/orders/"', '"https://hooks.example.com/orders"'],
    ],
    ['response_message', { response_message: 'Hi' }, {}, ['response_message', null, '"Hi"']],
    [
      'response_message',
      { response_message: null },
      { response_message: 'Hi' },
      ['response_message', '"Hi"', null],
    ],
    ['channel', { channel: 'sms' }, { channel: null }, ['channel', null, '"sms"']],
    ['channel', { channel: 'default' }, { channel: 'sms' }, ['channel', '"sms"', null]],
    ['events', sms, { channel: 'sms', events: '["SMS-read"]' }, ['events', '["SMS-read"]', '["SMS-sent"]']],
    ['events', sms, { channel: 'sms', events: null }, ['events', null, '["SMS-sent"]']],
    ['body', { body: { a: { b: 1, c: 2 } } }, { body: '{"a":{"b":1,"c":3}}' }, ['body.a.c', '3', '2']],
    ['body', { body: { a: [1, 2] } }, { body: '{"a":[2,1]}' }, ['body.a', '[2,1]', '[1,2]']],
    ['body', { body: { a: '1' } }, { body: '{"a":1}' }, ['body.a', '1', '"1"']],
    ['body', { body: {} }, { body: '{"a":1}' }, ['body.a', '1', null]],
    ['body', { body: { a: 1 } }, { body: null }, ['body.a', null, '1']],
    [
      'enc',
      { enc: { ...ENC, algo: 'AES-128-GCM' } },
      { enc: ENC },
      ['enc.algo', '"AES-128-CFB"', '"AES-128-GCM"'],
    ],
    [
      'headers',
      { headers: { 'x-a': 'one' } },
      { headers: '{"x-a":"two"}' },
      ['headers.x-a', '(secret)', '(secret)'],
    ],
    ['headers', { headers: { 'x-a': 'one' } }, {}, ['headers.x-a', null, '(secret)']],
    ['headers', { headers: null }, { headers: '{"X-A":"one"}' }, ['headers.x-a', '(secret)', null]],
  ])('%s: %j against %j', async (name, fields, account, shown) => {
    expect(await differing(fields, account)).toEqual({ ...NOTHING, names: [name], shown: [shown] })
  })

  test('several parts of several fields', async () => {
    const found = await differing(
      { body: { a: 1, b: 2 }, enc: ENC, headers: { 'x-a': 'one', 'x-b': 'two' } },
      {
        body: '{"a":0}',
        enc: { ...ENC, key: 'another-key-here', IV: 'another-IV--here' },
        headers: '{"x-b":"2"}',
      },
    )
    expect(found.names).toEqual(['body', 'headers', 'enc'])
    expect(found.shown.map(([path]) => path)).toEqual([
      'body.a',
      'body.b',
      'headers.x-a',
      'headers.x-b',
      'enc.key',
      'enc.IV',
    ])
  })

  test('everything that is declared, where the profile does not exist', async () => {
    const { fields, changes } = difference(
      await declared({ body: { a: 1 }, headers: { 'x-a': 'one' } }),
      null,
    )
    expect(fields).toEqual(['title', 'http_method', 'url', 'body', 'headers'])
    expect(changes.map(({ from }) => from)).toEqual([null, null, null, null, null])
    expect(changes.at(-1)).toEqual({ path: 'headers.x-a', from: null, to: '(secret)' })
  })
})

test('a channel that may be the same by another name is told apart from a difference', async () => {
  const { fields, otherChannel } = difference(
    await declared({ channel: 'whatsapp' }),
    remote({ channel: 'wa' }),
  )
  expect(fields).toEqual([])
  expect(otherChannel).toEqual({ path: 'channel', from: '"wa"', to: '"whatsapp"' })
})

describe('a field that the answer does not hold', () => {
  test('is unknown in a list, and empty in a whole profile', async () => {
    const entry = await declared({ body: { a: 1 }, response_message: null })
    expect(difference(entry, remote({}, false))).toMatchObject({
      fields: [],
      unknown: expect.arrayContaining(['body', 'response_message']),
    })
    expect(difference(entry, remote({}))).toMatchObject({ fields: ['body'], unknown: [] })
  })
})
