import { describe, expect, test } from 'vitest'
import { read, readProfile, withoutPlaces } from './reading.ts'

const CHARACTERS =
  'expected letters, digits, hyphens, underscores and single spaces, with no space at either end'
const METHODS = 'expected one of GET, POST, PUT, DELETE'

describe('a field is refused with what was expected', () => {
  test.each<[field: string, value: unknown, message: string]>([
    ['title', 'GH', 'expected 3 or more characters, found "GH"'],
    ['title', '', 'expected 3 or more characters, found ""'],
    ['title', 'GH Orders!', `${CHARACTERS}, found "GH Orders!"`],
    ['title', 'Größe', `${CHARACTERS}, found "Größe"`],
    ['title', ' GH Orders', `${CHARACTERS}, found " GH Orders"`],
    ['title', 'GH Orders ', `${CHARACTERS}, found "GH Orders "`],
    ['title', 'GH  Orders', `${CHARACTERS}, found "GH  Orders"`],
    ['title', 'GH\nOrders', `${CHARACTERS}, found "GH\\nOrders"`],
    ['title', `${'x'.repeat(300)}!`, CHARACTERS],
    ['title', 12345, 'expected a title: text of 3 or more characters, found 12345'],
    ['title', null, 'expected a title: text of 3 or more characters, found nothing'],
    ['title', ['GH Orders'], 'expected a title: text of 3 or more characters, found a list'],

    ['http_method', 'PATCH', `${METHODS}, found "PATCH"`],
    ['http_method', 'post', `${METHODS}, found "post" — did you mean \`POST\`?`],
    ['http_method', 'DELET', `${METHODS}, found "DELET" — did you mean \`DELETE\`?`],
    ['http_method', true, `${METHODS}, found true`],
    ['http_method', null, `${METHODS}, found nothing`],

    ['url', 'ftp://hooks.example.com', 'expected a URL that starts with https:// or http://'],
    ['url', '', 'expected a URL that starts with https:// or http://'],
    ['url', 42, 'expected an http or https URL as text, found a number'],
    ['url', null, 'expected an http or https URL as text, found nothing'],

    ['body', 'text', 'expected an object, found a text'],
    ['body', ['a'], 'expected an object, found a list'],
    ['body', 5, 'expected an object, found a number'],

    ['response_message', ['a', 'b'], 'expected text, found a list'],
    ['response_message', { a: 1 }, 'expected text, found an object'],

    ['headers', 'x-a: b', 'expected an object of header names and values, found a text'],
    ['headers', ['x-a: b'], 'expected an object of header names and values, found a list'],

    ['enc', 'AES-256-GCM', 'expected an object with `algo`, `key` and `IV`, found a text'],
    ['channel', 5, 'expected one of sms, default, voice, email, whatsapp, found 5'],
    ['events', { a: 1 }, 'expected a list of event names, found an object'],
    ['events', 5, 'expected a list of event names, found a number'],

    ['id', '', 'expected a profile id'],
    ['id', 'SG_1/../x', 'expected a profile id'],
    ['id', 7, 'expected a profile id as text, found a number'],
    ['state', 'gone', 'expected `present` or `absent`, found "gone"'],
    ['state', 'abscent', 'expected `present` or `absent`, found "abscent" — did you mean `absent`?'],
    ['previous_titles', 'GH Billing', 'expected a list of titles, found a text'],
  ])('%s: %j', async (field, value, message) => {
    const { errors, manifest } = await readProfile({ [field]: value })

    expect(withoutPlaces(errors)).toEqual([`profiles.orders.${field}: ${message}`])
    expect(manifest).toBeNull()
  })
})

describe('a part of a field is refused where it stands', () => {
  const KEY = '0123456789abcdef'
  const ENC = { algo: 'AES-128-GCM', key: KEY, IV: KEY }
  const NAME = 'expected a header name: letters, digits and hyphens'
  const LINE = 'expected text without line breaks or control characters'

  test.each<[path: string, fields: object, message: string]>([
    ['headers.x a', { headers: { 'x a': 'b' } }, NAME],
    ['headers.x:a', { headers: { 'x:a': 'b' } }, NAME],
    ['headers.', { headers: { '': 'b' } }, NAME],
    ['headers.x-a', { headers: { 'x-a': 'b\r\nx-evil: 1' } }, LINE],
    ['headers.x-a', { headers: { 'x-a': 'b\n' } }, LINE],
    ['headers.x-a', { headers: { 'x-a': 'b\u0000' } }, LINE],
    ['headers.x-a', { headers: { 'x-a': 5 } }, 'expected text: put the value in quotes, found a number'],
    ['headers.x-a', { headers: { 'x-a': true } }, 'expected text: put the value in quotes, found a boolean'],
    ['headers.x-a', { headers: { 'x-a': null } }, 'expected text: put the value in quotes, found nothing'],
    ['headers.title', { headers: { title: 5 } }, 'expected text: put the value in quotes, found a number'],
    [
      'headers.X-A',
      { headers: { 'x-a': '1', 'X-A': '2' } },
      'this header stands here twice: names ignore case',
    ],
    ['events[0]', { channel: 'sms', events: [5] }, 'expected an event name as text, found a number'],
    ['previous_titles[1]', { previous_titles: ['GH Old', 5] }, 'expected a title as text, found a number'],
    [
      'enc.algo',
      { enc: { ...ENC, algo: 'aes-128-gcm' } },
      'found "aes-128-gcm" — did you mean `AES-128-GCM`?',
    ],
    ['enc.algo', { enc: { ...ENC, algo: 'AES-256-CBC' } }, 'found "AES-256-CBC" — did you mean'],
    ['enc.algo', { enc: { key: KEY, IV: KEY } }, 'it is missing: expected one of AES-128-CFB'],
    ['enc.key', { enc: { algo: ENC.algo, IV: KEY } }, 'it is missing: expected the encryption key as text'],
    ['enc.IV', { enc: { algo: ENC.algo, key: KEY } }, 'it is missing: expected the initialisation vector'],
    [
      'enc.key',
      { enc: { ...ENC, key: 1234567890123456 } },
      'expected the encryption key as text, found a number',
    ],
    ['enc.iv', { enc: { ...ENC, iv: KEY } }, 'unknown field — did you mean `IV`?'],
    ['enc.mode', { enc: { ...ENC, mode: 'GCM' } }, 'unknown field'],
  ])('%s of %j', async (path, fields, message) => {
    const { errors } = await readProfile(fields)

    expect(withoutPlaces(errors)).toEqual([expect.stringContaining(`profiles.orders.${path}: `)])
    expect(errors[0]).toContain(message)
  })

  test.each([
    ['AES-128-CFB', 16],
    ['AES-192-CFB', 24],
    ['AES-256-CFB', 32],
    ['AES-128-GCM', 16],
    ['AES-192-GCM', 24],
    ['AES-256-GCM', 32],
  ])('the key of %s has %i characters, and the IV 16', async (algo, length) => {
    const IV = 'i'.repeat(16)
    const right = await readProfile({ enc: { algo, key: 'k'.repeat(length), IV } })
    const wrong = await readProfile({ enc: { algo, key: 'k'.repeat(length + 1), IV: `${IV}i` } })

    expect(right.errors).toEqual([])
    expect(withoutPlaces(wrong.errors)).toEqual([
      `profiles.orders.enc.key: expected ${length} characters for ${algo}, found ${length + 1}`,
      'profiles.orders.enc.IV: expected 16 characters, found 17',
    ])
  })
})

describe('a field is taken', () => {
  test.each<[field: string, value: unknown]>([
    ['title', 'abc'],
    ['title', 'Callback_Profile_Test-1'],
    ['http_method', 'PUT'],
    ['url', 'http://hooks.example.com/a?to=<mobile>&s=<status>'],
    ['body', { list: [1, null, 'x', { deep: [true] }], '<key>': '<value>', constructor: 1 }],
    ['response_message', 'Thank you, <source>'],
    ['headers', { 'X-Token_1.a': 'a b\tc', "!#$%&'*+": 'ü' }],
    ['enc', { algo: 'AES-128-CFB', key: 'k'.repeat(16), IV: 'i'.repeat(16), params: { any: [1] } }],
    ['id', 'SG_0f8fad5b-d9cb-469f-a165-70867728950e'],
    ['state', 'present'],
    ['previous_titles', ['GH Billing', 'old!']],
  ])('%s: %j', async (field, value) => {
    const { errors, warnings } = await readProfile({ [field]: value })

    expect([...errors, ...warnings]).toEqual([])
  })
})

describe('an unknown field', () => {
  test.each([
    ['titel', 'unknown field — did you mean `title`?'],
    ['httpMethod', 'unknown field — did you mean `http_method`?'],
    ['http-method', 'unknown field — did you mean `http_method`?'],
    ['method', 'unknown field — did you mean `http_method`?'],
    ['callbackUrl', 'unknown field — did you mean `url`?'],
    ['profile_id', 'unknown field — did you mean `id`?'],
    ['Headers', 'unknown field — did you mean `headers`?'],
    ['previous_title', 'unknown field — did you mean `previous_titles`?'],
    ['retries', 'unknown field'],
    ['constructor', 'unknown field'],
    ['toString', 'unknown field'],
    ['algo', 'unknown field here: it belongs to `enc`'],
    ['title_prefix', 'unknown field here: it belongs to `prune`'],
    ['defaults', 'unknown field here: it belongs to the top of the manifest'],
    ['x'.repeat(5000), 'unknown field'],
  ])('%s of a profile', async (name, message) => {
    const { errors } = await readProfile({ [name]: 1 })

    expect(withoutPlaces(errors)).toEqual([`profiles.orders.${name}: ${message}`])
  })

  test.each([
    ['profile: {}', ['1:1  profile: unknown field — did you mean `profiles`?']],
    ['verison: 1\nprofiles: {}', ['1:1  verison: unknown field — did you mean `version`?']],
    ['profiles: {}\nurl: x', ['2:1  url: unknown field here: it belongs to a profile']],
    [
      'profiles: {}\ndefaults: { title: x }',
      ['2:13  defaults.title: unknown field here: it belongs to a profile'],
    ],
    ['profiles: {}\ndefaults: { ulr: x }', ['2:13  defaults.ulr: unknown field — did you mean `url`?']],
    [
      'profiles: {}\ndefaults: { enc: { algorithm: x } }',
      [
        '2:13  defaults.enc.key: it is missing',
        '2:13  defaults.enc.IV: it is missing',
        '2:20  defaults.enc.algorithm: unknown field — did you mean `algo`?',
      ],
    ],
    [
      'profiles: {}\nprune: { title-prefix: GH }',
      ['2:10  prune.title-prefix: unknown field — did you mean `title_prefix`?'],
    ],
  ])('around the profiles: %j', async (text, expected) => {
    const { errors } = await read(text)

    expect(errors).toEqual(expected.map((error) => expect.stringContaining(`m.yml:${error}`)))
  })
})

describe('around the profiles is refused', () => {
  test.each([
    ['version: 2\nprofiles: {}', '1:10  version: expected 1, found 2'],
    ['version: "1"\nprofiles: {}', '1:10  version: expected 1, found "1"'],
    ['profiles: text', '1:11  profiles: expected profiles by key, or a list of profiles, found a text'],
    ['profiles: 5', '1:11  profiles: expected profiles by key, or a list of profiles, found a number'],
    ['profiles:\n  a: text', '2:3  profiles.a: expected an object with the fields of a profile'],
    ['profiles:\n  a:', '2:3  profiles.a: expected an object with the fields of a profile'],
    ['profiles:\n  - text', '2:5  profiles[0]: expected an object with the fields of a profile'],
    ['profiles: {}\nprune: GH', '2:8  prune: expected an object with `title_prefix`, found a text'],
    [
      'profiles: {}\nprune: { title_prefix: GH }',
      '2:24  prune.title_prefix: expected 3 or more characters, found "GH"',
    ],
    [
      'profiles: {}\nprune: { title_prefix: 5 }',
      '2:24  prune.title_prefix: expected the start of a title as text, found 5',
    ],
    ['profiles: {}\nprune: { title_prefix: "GH*" }', '2:24  prune.title_prefix: expected letters, digits'],
    ['profiles: {}\nprune: { title_prefix: "   " }', '2:24  prune.title_prefix: expected letters, digits'],
    ['profiles: {}\ndefaults: text', '2:11  defaults: '],
    ['- a\n- b', '1:1  expected `profiles:` with callback profiles, or a single profile'],
    ['text', '1:1  expected `profiles:` with callback profiles, or a single profile'],
    ['', '1:1  it is empty: expected `profiles:` with callback profiles'],
    ['# nothing but a comment\n', '1:1  it is empty: expected `profiles:` with callback profiles'],
    ['version: 1', '1:1  profiles: it is missing: expected profiles by key, or a list of profiles'],
  ])('%j', async (text, expected) => {
    const { errors, manifest } = await read(text)

    expect(errors).toEqual([expect.stringContaining(`m.yml:${expected}`)])
    expect(manifest).toBeNull()
  })
})

test('all problems of all files are reported in one run, from top to bottom', async () => {
  const { errors } = await read({
    'b.yml': 'profiles:\n  a:\n    url: nowhere\n    titel: GH A\n    http_method: FETCH\n',
    'a.yml':
      'profiles:\n  c: { title: GH C, http_method: GET, url: "https://h.example.com", retries: 3 }\n  c: {}\n',
  })

  expect(errors).toEqual([
    'a.yml:3:3  profiles.c: this key stands here a second time, first on line 2',
    'b.yml:3:10  profiles.a.url: expected a URL that starts with https:// or http://',
    'b.yml:4:5  profiles.a.titel: unknown field — did you mean `title`?',
    'b.yml:5:18  profiles.a.http_method: expected one of GET, POST, PUT, DELETE, found "FETCH"',
    'a.yml:2:69  profiles.c.retries: unknown field',
  ])
})
