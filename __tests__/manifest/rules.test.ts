import { describe, expect, test } from 'vitest'
import { fieldsOf, read, readProfile, withoutPlaces } from './reading.ts'

describe('what is needed', () => {
  test.each<[what: string, fields: object, missing: string[]]>([
    [
      'a title, a method and a URL',
      { title: undefined, http_method: undefined, url: undefined },
      ['title', 'http_method', 'url'],
    ],
    ['a body with POST', { body: undefined }, ['body']],
    ['a body with PUT', { http_method: 'PUT', body: undefined }, ['body']],
    ['no body with GET', { http_method: 'GET', body: undefined }, []],
    ['no body with DELETE', { http_method: 'DELETE', body: undefined }, []],
    [
      'nothing but the title of an absent profile',
      { state: 'absent', http_method: undefined, url: undefined, body: undefined },
      [],
    ],
    ['the title of an absent profile', { state: 'absent', title: undefined }, ['title']],
    [
      'nothing but the id of a pinned profile',
      { id: 'SG_1', title: undefined, http_method: undefined, url: undefined, body: undefined },
      [],
    ],
    ['a body with the POST of a pinned profile', { id: 'SG_1', body: undefined }, ['body']],
  ])('is %s', async (_, fields, missing) => {
    const { errors } = await readProfile(fields)

    expect(withoutPlaces(errors)).toEqual(
      missing.map((name) => expect.stringContaining(`profiles.orders.${name}: \`${name}\` is missing: `)),
    )
  })

  test('is shown at the key of the profile that lacks it', async () => {
    const { errors } = await read(
      'profiles:\n  orders:\n    title: GH Orders\n    url: https://h.example.com\n',
    )

    expect(errors).toEqual([
      'm.yml:2:3  profiles.orders.http_method: `http_method` is missing: expected one of GET, POST, PUT, DELETE',
    ])
  })
})

describe('a body', () => {
  test.each([
    ['body: { at: .nan }', 'body.at: expected a JSON value: JSON has no such number'],
    ['body: { at: [-.inf] }', 'body.at[0]: expected a JSON value: JSON has no such number'],
    [
      'body: { id: 12345678901234567890 }',
      'body.id: expected a number of at most 15 digits: put a longer one in quotes',
    ],
  ])('cannot hold what JSON cannot carry: %s', async (body, message) => {
    const { errors } = await read(`title: GH A\nhttp_method: POST\nurl: https://h.example.com\n${body}\n`)

    expect(withoutPlaces(errors)).toEqual([message])
  })

  test('keeps dates, versions and words as YAML 1.2 reads them', async () => {
    const { entries } = await read(
      '%YAML 1.1\n---\ntitle: GH A\nhttp_method: POST\nurl: https://h.example.com\nbody: { at: 2024-01-31, on: yes, v: 1.10, x: 0x10, n: ~, 1: 2, true: no }\n',
    )

    expect(entries[0]?.profile.fields.body).toEqual({
      at: '2024-01-31',
      on: 'yes',
      v: 1.1,
      x: 16,
      n: null,
      1: 2,
      true: 'no',
    })
  })
})

describe('events and channel', () => {
  const OTHER = 'expected SMS-sent: channel `sms` has no other event'
  const NONE = 'expected no events: they need `channel: sms`'
  test.each<[fields: object, message: string | null]>([
    [{ channel: 'sms', events: ['SMS-sent'] }, null],
    [{ channel: 'SMS', events: 'SMS-sent' }, null],
    [{ channel: 'sms' }, null],
    [{ channel: 'sms', events: [] }, null],
    [
      { channel: 'sms', events: ['SMS-sent', 'sms-sent'] },
      `${OTHER}, found "sms-sent" — did you mean \`SMS-sent\`?`,
    ],
    [{ channel: 'sms', events: 'delivered' }, `${OTHER}, found "delivered"`],
    [{ events: ['SMS-sent'] }, NONE],
    [{ channel: 'default', events: ['SMS-sent'] }, NONE],
    [{ channel: null, events: 'SMS-sent' }, NONE],
    [{ channel: null, events: [''] }, null],
    [{ id: 'SG_1', events: ['SMS-sent'] }, null],
    [{ channel: 'whatsapp', events: ['anything'] }, null],
  ])('%j', async (fields, message) => {
    const { errors } = await readProfile(fields)

    expect(withoutPlaces(errors)).toEqual(message === null ? [] : [`profiles.orders.events: ${message}`])
  })

  test.each([
    ['voise', ' — did you mean `voice`?'],
    ['rcs', ''],
    ['whatsapp', ''],
    [' sms', ' — did you mean `sms`?'],
  ])('the channel %j passes with a warning', async (channel, suggestion) => {
    const { warnings, manifest } = await readProfile({ channel })

    expect(withoutPlaces(warnings)).toEqual([
      `profiles.orders.channel: Kaleyra documents only \`sms\` and the default channel: this one is passed on as it is${suggestion}`,
    ])
    expect(manifest?.entries[0]?.profile.fields.channel).toBe(channel)
  })

  test.each([
    ['SMS', 'sms'],
    ['default', null],
    ['Default', null],
    ['', null],
    [null, null],
  ])('the channel %j is declared as %j, without a warning', async (channel, declared) => {
    expect((await readProfile({ channel })).warnings).toEqual([])
    expect(await fieldsOf({ channel })).toHaveProperty('channel', declared)
  })
})

describe('null, {}, [] and [""] mean that a field is empty', () => {
  const FIELDS = ['body', 'headers', 'enc', 'channel', 'events', 'response_message']
  const EMPTY = [null, {}, [], ['']]
  test.each(FIELDS.flatMap((field) => EMPTY.map((value): [string, unknown] => [field, value])))(
    '%s: %j',
    async (field, value) => {
      expect(await fieldsOf({ [field]: value })).toHaveProperty(field, null)
    },
  )

  test('and a field that is left out is not managed', async () => {
    const { title, http_method, url } = await fieldsOf({ http_method: 'GET', body: undefined })
    expect(await fieldsOf({ http_method: 'GET', body: undefined })).toEqual({ title, http_method, url })
  })

  test('an event that is a bare text is a list of one', async () => {
    expect(await fieldsOf({ channel: 'sms', events: 'SMS-sent' })).toHaveProperty('events', ['SMS-sent'])
  })
})
