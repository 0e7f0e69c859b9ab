import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { idOf, parseEnvelope, parseProfile, saysFailure, toRequest } from '../../src/kaleyra/wire.ts'
import type { ProfileFields } from '../../src/profile.ts'

const ENC = { algo: 'AES-128-GCM', key: '0123456789abcdef', IV: 'abcdef0123456789' }
const FIELDS: ProfileFields = {
  title: 'GH Orders',
  http_method: 'POST',
  url: 'https://hooks.example.com/a?to=<mobile>',
  body: { id: '<id>' },
  response_message: 'thanks',
  headers: { 'x-a': 'b' },
  enc: ENC,
  channel: 'sms',
  events: ['SMS-sent'],
}
const { title, http_method, url } = FIELDS

const read = (data: unknown, whole = true) => parseProfile(data, whole)
const fieldsOf = (data: object, whole = true) => read({ profile_id: 'SG_1', ...data }, whole).profile?.fields

describe('a profile is the same', () => {
  test.each<[string, object]>([
    [
      'as create answers',
      {
        ...FIELDS,
        headers: '{"x-a":"b"}',
        events: '["SMS-sent"]',
        replacers: {},
        profile_id: 'SG_1',
        status: 1,
      },
    ],
    [
      'as get answers',
      {
        ...FIELDS,
        profile_id: 'SG_1',
        headers: '{"x-a":"b"}',
        body_type: null,
        body: '{"id":"<id>"}',
        status: 1,
        created_at: '2026-01-01T00:00:00.000Z',
        events: '["SMS-sent"]',
        dynamic_variables: null,
        replacers: {},
      },
    ],
    ['with objects everywhere', { ...FIELDS, profile_id: 'SG_1', status: 1 }],
    [
      'with JSON text everywhere',
      {
        ...FIELDS,
        profileId: 'SG_1',
        status: '1',
        body: '{"id":"<id>"}',
        headers: '{"x-a":"b"}',
        enc: JSON.stringify(ENC),
        events: '"SMS-sent"',
      },
    ],
    [
      'with the bare event',
      { ...FIELDS, id: 'SG_1', status: 1, events: 'SMS-sent', http_method: 'post', channel: 'SMS' },
    ],
    ['with empty options', { ...FIELDS, profile_id: 'SG_1', status: 1, enc: { ...ENC, params: null } }],
    ['with other empty options', { ...FIELDS, profile_id: 'SG_1', status: 1, enc: { ...ENC, params: {} } }],
  ])('%s', (_, data) => {
    expect(read(data)).toEqual({ profile: { id: 'SG_1', status: 1, fields: FIELDS }, problem: null })
  })

  test('with options of its encryption', () => {
    const enc = { ...ENC, params: { tag: 16 } }
    expect(fieldsOf({ enc: JSON.stringify(enc) })?.enc).toEqual(enc)
  })
})

describe('an empty field is null', () => {
  test.each<[keyof ProfileFields, unknown[]]>([
    ['body', [null, {}, [], '', '{}', '[]', 'null', '""']],
    ['headers', [null, {}, [], '', '{}', '[]', 'null', '""']],
    ['events', [null, [], [''], '', '[]', '[""]', 'null', '""', {}, '{}']],
    [
      'enc',
      [
        null,
        {},
        '',
        '{}',
        'null',
        { algo: null, key: null, IV: null },
        { algo: '', key: '', IV: '' },
        { params: {} },
      ],
    ],
    ['response_message', [null, '', {}, []]],
    ['channel', [null, '', 'default', 'Default', ' ', {}, []]],
  ])('%s, in any of its spellings', (name, spellings) => {
    for (const value of spellings) {
      for (const whole of [true, false])
        expect([value, fieldsOf({ [name]: value }, whole)?.[name]]).toEqual([value, null])
    }
  })
})

describe('a field that is left out', () => {
  test('is empty in a whole profile, but for those that every profile has', () => {
    expect(fieldsOf({ title })).toEqual({
      title,
      body: null,
      response_message: null,
      headers: null,
      enc: null,
      channel: null,
      events: null,
    })
    expect(fieldsOf({ title: null, http_method: null, url: null })).not.toHaveProperty('title')
  })

  test('is unknown in an item of a list', () => {
    expect(fieldsOf({ title, url, status: 1 }, false)).toEqual({ title, url })
    expect(fieldsOf({}, false)).toEqual({})
  })
})

describe('a value that no reading makes sense of', () => {
  const IMPOSSIBLE: [keyof ProfileFields, unknown[]][] = [
    ['title', [1, true, {}, []]],
    ['http_method', [1, true, {}, []]],
    ['url', [1, true, {}, []]],
    ['body', [1, true, 'text', ['a'], '[1]', '1', 'true']],
    ['response_message', [1, true, ['a'], { a: 1 }]],
    ['headers', [1, true, 'text', ['a'], '"a"']],
    ['enc', [1, true, 'text', ['a'], '[1]']],
    ['channel', [1, true, ['sms'], { a: 1 }]],
    ['events', [1, true, [1], '[1]', '1', { a: 1 }, [null]]],
  ]
  test.each(IMPOSSIBLE)('in %s is a problem that names the field and the profile', (name, values) => {
    for (const value of values) {
      const problem = `an unexpected value in \`${name}\` of profile SG_1`
      expect([value, read({ profile_id: 'SG_1', [name]: value })]).toEqual([
        value,
        { profile: null, problem },
      ])
    }
  })

  test.each(IMPOSSIBLE)(
    'in %s of an item of a list is unknown, and the rest of the list is read',
    (name, values) => {
      for (const value of values) {
        expect([value, fieldsOf({ title, [name]: value }, false)]).toEqual([
          value,
          name === 'title' ? {} : { title },
        ])
      }
    },
  )

  test('does not put a long id into the message', () => {
    expect(read({ profile_id: 'x'.repeat(5000), url: 1 }).problem?.length).toBeLessThan(200)
  })
})

describe('what the API stores is not interpreted', () => {
  test.each([
    ['a body', 'body', '{"__proto__":{"a":1},"constructor":"b"}'],
    ['headers', 'headers', '{"__proto__":"a","constructor":"b"}'],
  ] as const)('%s may have names of the prototype', (_, name, json) => {
    const value = fieldsOf({ [name]: json })?.[name] as object
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(({} as { a?: unknown }).a).toBeUndefined()
  })

  test('header values that are no text become what they are in JSON', () => {
    expect(fieldsOf({ headers: '{"a":1,"b":true,"c":null,"d":"e"}' })?.headers).toEqual({
      a: '1',
      b: 'true',
      c: 'null',
      d: 'e',
    })
  })

  test('an answer with names of the prototype is read', () => {
    const envelope = parseEnvelope(
      '{"__proto__":{"status":500},"data":{"__proto__":{"title":"x"},"profile_id":"SG_1"}}',
    )
    expect(envelope).toMatchObject({ status: null, data: { profile_id: 'SG_1' } })
    expect(read(envelope?.data, false).profile?.fields).toEqual({})
  })
})

describe('an id', () => {
  test.each<[unknown, string | null]>([
    [{ profile_id: 'SG_1' }, 'SG_1'],
    [{ profileId: 'SG_1' }, 'SG_1'],
    [{ id: 'SG_1' }, 'SG_1'],
    [{ id: 7 }, '7'],
    [{ profile_id: null, profileId: 'SG_1' }, 'SG_1'],
    [{ profile_id: '', id: 'SG_1' }, 'SG_1'],
    [{ profile_id: 'SG_1', id: 'row-1' }, 'SG_1'],
    [{}, null],
    [{ profile_id: '' }, null],
    [{ profile_id: {} }, null],
    [{ profile_id: true }, null],
    [[{ profile_id: 'SG_1' }], null],
    ['SG_1', null],
    [null, null],
    [undefined, null],
  ])('in %j is %j', (data, id) => {
    expect(idOf(data)).toBe(id)
    expect(read(data)[id === null ? 'problem' : 'profile']).not.toBeNull()
  })

  test.each([null, undefined, 1, 'a', [], {}])('is missing in %j, which is a problem', (data) => {
    expect(read(data)).toEqual({ profile: null, problem: 'no profile id (`profile_id`)' })
  })
})

describe('an envelope', () => {
  test.each(['', ' ', '{', 'null', '1', '"data"', '[]', '{}', '{"ok":true}', '<html></html>'])(
    'is not %j',
    (text) => {
      expect(parseEnvelope(text)).toBeNull()
    },
  )

  test('is recognised by any of its properties, and keeps what stands beside them', () => {
    expect(parseEnvelope('{"data":[1],"total":60}')).toEqual({
      code: '',
      message: '',
      data: [1],
      issues: [],
      status: null,
      rest: { total: 60 },
      size: 23,
    })
    for (const name of ['code', 'message', 'data', 'error'])
      expect(parseEnvelope(`{"${name}":null}`)).not.toBeNull()
  })

  test.each<[unknown, { part: string; text: string }[]]>([
    [{}, []],
    [[], []],
    [null, []],
    [undefined, []],
    ['', []],
    [false, []],
    ['bad', [{ part: '', text: 'bad' }]],
    [['bad'], [{ part: '', text: 'bad' }]],
    [[{ body: 'bad' }], [{ part: 'body', text: 'bad' }]],
    [{ error: 'bad' }, [{ part: 'error', text: 'bad' }]],
    [[{ body: { path: 'title' } }], [{ part: 'body', text: '{"path":"title"}' }]],
    [
      [{ body: 'a' }, { params: 'b' }],
      [
        { part: 'body', text: 'a' },
        { part: 'params', text: 'b' },
      ],
    ],
  ])('with the error %j fails for %j', (error, issues) => {
    const envelope = parseEnvelope(JSON.stringify({ data: {}, error }))
    expect(envelope?.issues).toEqual(issues)
    expect(envelope && saysFailure(envelope)).toBe(issues.length > 0)
  })

  test('is none that is nested more than 200 levels deep, however it is spelt', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
    expect(parseEnvelope(`{"data":${nested(199)}}`)).not.toBeNull()
    for (const data of [nested(200), nested(100_000), `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`])
      expect(parseEnvelope(`{"data":${data}}`)).toBeNull()
    expect(parseEnvelope(JSON.stringify({ data: `"\\"${nested(500)}` }))).not.toBeNull()
    expect(parseEnvelope(`{"data":[${'[],'.repeat(500)}[]]}`)).not.toBeNull()
  })

  test('bounds what it keeps of a long failure', () => {
    const long = 'x'.repeat(30_000)
    const envelope = parseEnvelope(JSON.stringify({ message: long, error: Array(100).fill({ body: long }) }))
    expect(envelope?.issues).toHaveLength(50)
    for (const text of [envelope?.message, ...(envelope?.issues ?? []).map((issue) => issue.text)])
      expect(text?.length).toBe(20_000)
  })
})

describe('a request', () => {
  const empty = {
    ...FIELDS,
    body: null,
    response_message: null,
    headers: null,
    enc: null,
    channel: null,
    events: null,
  }

  test('that creates holds every field that is not empty, and always a body', () => {
    expect(toRequest(FIELDS, 'create')).toEqual(FIELDS)
    expect(toRequest(empty, 'create')).toEqual({ title, http_method, url, body: {} })
    expect(toRequest({ title, http_method: 'GET', url }, 'create')).toEqual({
      title,
      http_method: 'GET',
      url,
      body: {},
    })
  })

  test('that updates holds the fields given, and clears each by the empty value of its type', () => {
    expect(toRequest({ url }, 'update')).toEqual({ url })
    expect(toRequest(empty, 'update')).toEqual({
      title,
      http_method,
      url,
      body: {},
      response_message: '',
      headers: {},
      enc: null,
      channel: null,
      events: [],
    })
  })

  test('that is read again as an answer says what was sent', () => {
    const fields = fc.record({
      title: fc.string(),
      http_method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
      url: fc.webUrl(),
      body: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1, maxKeys: 5 }),
      headers: fc.dictionary(fc.string(), fc.string(), { minKeys: 1 }),
      events: fc.constant(['SMS-sent']),
    })
    const property = fc.property(fields, (given) => {
      const sent = JSON.parse(JSON.stringify(toRequest(given as Partial<ProfileFields>, 'create')))
      const texts = {
        body: JSON.stringify(sent.body),
        headers: JSON.stringify(sent.headers),
        events: JSON.stringify(sent.events),
      }
      const expected = JSON.parse(JSON.stringify(given))
      for (const data of [sent, { ...sent, ...texts }]) expect(fieldsOf(data, false)).toEqual(expected)
    })
    fc.assert(property)
  })
})
