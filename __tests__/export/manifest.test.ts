import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ROOT } from '../../sandbox/runner.ts'
import { type ExportedManifest, manifestOf } from '../../src/export/manifest.ts'
import type { RemoteProfile } from '../../src/profile.ts'
import { createRedactor } from '../../src/redactor.ts'

const ENC = { algo: 'AES-128-GCM', key: '0123456789abcdef', IV: 'fedcba9876543210' }

/** A whole GET profile without anything else, but for these fields. */
function remote(title: unknown, fields: object = {}, id = `SG_${title}`.replaceAll(' ', '_')): RemoteProfile {
  const empty = { body: null, response_message: null, headers: null, enc: null, channel: null, events: null }
  const needed = { title, http_method: 'GET', url: 'https://hooks.example.com/a' }
  return { id, status: 1, fields: { ...needed, ...empty, ...fields } as RemoteProfile['fields'] }
}

const entriesOf = ({ text }: ExportedManifest): Record<string, Record<string, unknown>> =>
  parse(text).profiles
/** The only entry of an export of one profile, and the notes on it. */
function exported(fields: object, title: unknown = 'Orders'): [Record<string, unknown>, readonly string[]] {
  const manifest = manifestOf([remote(title, fields, 'SG_1')])
  return [Object.values(entriesOf(manifest))[0] ?? {}, manifest.notes]
}

describe('a credential that stands in another text', () => {
  const redactor = createRedactor()
  redactor.add([{ value: 's3cret/text', mask: true }])
  const exportedWith = (fields: object, title = 'Orders') => {
    const manifest = manifestOf([remote(title, fields, 'SG_1')], redactor.split)
    return { manifest, entry: Object.values(entriesOf(manifest))[0] ?? {} }
  }

  test('is a reference there, spelt as it stands', () => {
    const { manifest, entry } = exportedWith({
      http_method: 'POST',
      url: 'https://h.example.com/s3cret/text?x=s3cret%2Ftext',
      headers: { 'x-token': 's3cret/text' },
      body: { a: ['x s3cret/text y', { b: '${{ s3cret/text' }] },
      response_message: 's3cret/text',
    })
    expect(entry).toMatchObject({
      url: 'https://h.example.com/${{ env.ORDERS_URL }}?x=${{ env.ORDERS_URL_2 }}',
      headers: { 'x-token': '${{ env.ORDERS_URL }}' },
      body: { a: ['x ${{ env.ORDERS_URL }} y', { b: '$${{ ${{ env.ORDERS_URL }}' }] },
      response_message: '${{ env.ORDERS_URL }}',
    })
    expect(manifest.references).toEqual([
      { name: 'ORDERS_URL', value: 's3cret/text' },
      { name: 'ORDERS_URL_2', value: 's3cret%2Ftext' },
    ])
    expect(manifest.text).not.toMatch(/s3cret/)
  })

  test('keeps a body out whose names hold it: no expression can stand there', () => {
    const { manifest, entry } = exportedWith({ http_method: 'GET', body: { deep: [{ 's3cret/text': 1 }] } })
    expect(entry.body).toBeUndefined()
    expect(manifest.notes).toEqual(['orders: body is left out: a name in it holds a secret'])
    expect(manifest.text).not.toContain('s3cret')
  })

  test('is neither in the key nor in what is said of the title', () => {
    const { manifest } = exportedWith({}, 'GH s3cret/text')
    expect(manifest.profiles).toEqual([{ key: 'gh', title: 'GH ***', id: 'SG_1' }])
    expect(manifest.text + manifest.notes.join()).not.toContain('s3cret')
  })
})

test('an account becomes a manifest that people can read', () => {
  const { text } = manifestOf([
    remote('GH Status', { url: 'https://hooks.example.com/a?to=<mobile>&token=abcdef' }),
    remote('GH Orders SMS', {
      http_method: 'POST',
      channel: 'sms',
      events: ['SMS-sent'],
      headers: { authorization: 'Bearer abc', 'x-source': 'kaleyra' },
      body: { id: '<id>', note: 'literally ${{ this }}', on: '12:30' },
      enc: ENC,
    }),
    remote('Chat  bot', { http_method: 'PUT', response_message: 'one\ntwo' }, 'SG_7'),
  ])
  expect(text).toMatchInlineSnapshot(`
    "# yaml-language-server: $schema=https://raw.githubusercontent.com/OWNER/kaleyra-callback-profiles/v1/schema/callback-profiles.schema.json
    version: 1
    profiles:
      # titled "Chat  bot"
      # title is left out: expected letters, digits, hyphens, underscores and single spaces, with no space at either end, found "Chat  bot"
      chat-bot:
        id: SG_7
        http_method: PUT
        url: https://hooks.example.com/a
        body: {}
        response_message: |-
          one
          two

      gh-orders-sms:
        title: GH Orders SMS
        http_method: POST
        url: https://hooks.example.com/a
        channel: sms
        events:
          - SMS-sent
        headers:
          authorization: \${{ env.GH_ORDERS_SMS_HEADER_AUTHORIZATION }}
          x-source: \${{ env.GH_ORDERS_SMS_HEADER_X_SOURCE }}
        body:
          id: <id>
          note: literally $\${{ this }}
          "on": "12:30"
        enc:
          algo: AES-128-GCM
          key: \${{ env.GH_ORDERS_SMS_ENC_KEY }}
          IV: \${{ env.GH_ORDERS_SMS_ENC_IV }}

      gh-status:
        title: GH Status
        http_method: GET
        url: https://hooks.example.com/a?to=<mobile>&token=\${{ env.GH_STATUS_URL_TOKEN }}
    "
  `)
})

test('the schema that editors are told of is that of the README', () => {
  const [line = ''] = manifestOf([]).text.split('\n')
  expect(line).toMatch(/^# yaml-language-server: \$schema=https:/)
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8').split('\n')).toContain(line)
})

test('an empty account becomes a manifest without profiles', () => {
  expect(parse(manifestOf([]).text)).toEqual({ version: 1, profiles: {} })
})

test('the order in which the account lists its profiles makes no difference', () => {
  const account = ['b', 'a', 'A', 'a!', 'a 2', 'GH X', '日本'].map((title, index) =>
    remote(title.padEnd(3, '-'), { headers: { 'x-a': `value ${index % 3}` } }),
  )
  expect(manifestOf(account.toReversed())).toEqual(manifestOf(account))
})

test('keys are unique and sorted', () => {
  const titles = ['Orders', 'orders!', 'Orders 2', 'ORDERS', '2FA', 'Ärger', 'constructor']
  const { profiles } = manifestOf(titles.map((title) => remote(title)))
  expect(profiles.map(({ key, title }) => [key, title])).toEqual([
    ['_2fa', '2FA'],
    ['constructor', 'constructor'],
    ['orders', 'ORDERS'],
    ['orders-2', 'Orders'],
    ['orders-2-2', 'Orders 2'],
    ['orders-3', 'orders!'],
    ['rger', 'Ärger'],
  ])
})

test.each(['ab', 'GH  Orders', ' Orders', 'Örders', 'Orders: EU', ''])(
  'the title %j, which a manifest refuses, is left out and the entry pinned',
  (title) => {
    const [entry, notes] = exported({}, title)
    expect(entry).toEqual({ id: 'SG_1', http_method: 'GET', url: 'https://hooks.example.com/a' })
    expect(notes).toEqual([expect.stringContaining('title is left out: expected')])
  },
)

test('profiles that share a title, ignoring case, are pinned without it', () => {
  const manifest = manifestOf([
    remote('Orders', {}, 'SG_1'),
    remote('ORDERS', {}, 'SG_2'),
    remote('Orders', {}, 'SG_3'),
    remote('Others', {}, 'SG_4'),
  ])
  const entries = entriesOf(manifest)
  expect(Object.values(entries).map(({ id, title }) => [id, title])).toEqual([
    ['SG_2', undefined],
    ['SG_1', undefined],
    ['SG_3', undefined],
    [undefined, 'Others'],
  ])
  expect(manifest.text).toContain('  # titled "ORDERS"\n  # title is left out: another profile')
})

test('a profile is not taken for the new half of an interrupted replacement', () => {
  const manifest = manifestOf([
    remote('Orders', {}, 'SG_1'),
    remote('Orders__replaced', {}, 'SG_2'),
    remote('Orders__replaced', {}, 'SG_3'),
    remote('Others', {}, 'SG_4'),
    remote('Others__replaced', {}, 'SG_5'),
  ])
  expect(Object.values(entriesOf(manifest)).map(({ id, title }) => [id, title])).toEqual([
    ['SG_1', 'Orders'],
    ['SG_2', undefined],
    ['SG_3', undefined],
    [undefined, 'Others'],
    [undefined, 'Others__replaced'],
  ])
})

test.each([
  ['masked header', 'headers', { headers: { authorization: '****', 'x-a': 'b' } }, 'masked'],
  ['masked key', 'enc', { enc: { ...ENC, key: '••••••••' } }, 'masked'],
  ['masked credential in the URL', 'url', { url: 'https://a.example/?token=****' }, 'masked'],
  ['enc with parameters', 'enc', { enc: { ...ENC, params: { salt: 'x' } } }, '`params` may hold secrets'],
  ['enc with more', 'enc', { enc: { ...ENC, mode: 'x' } }, 'unknown field'],
  ['key of a wrong length', 'enc', { enc: { ...ENC, key: 'short' } }, 'expected 16 characters'],
  ['unknown algorithm', 'enc', { enc: { ...ENC, algo: 'DES' } }, 'expected one of AES'],
  ['header that is no text', 'headers', { headers: { a: 1 } }, 'expected text'],
  ['header with a line break', 'headers', { headers: { a: 'b\nc' } }, 'without line breaks'],
  ['header that no variable can hold', 'headers', { headers: { a: '\ud800' } }, 'environment variable'],
  ['header twice', 'headers', { headers: { a: 'b', A: 'c' } }, 'twice'],
  ['header name', 'headers', { headers: { 'a b': 'c' } }, 'expected a header name'],
  ['events of the default channel', 'events', { events: ['SMS-sent'] }, 'expected no events'],
  ['unknown event', 'events', { channel: 'sms', events: ['SMS-read'] }, 'expected SMS-sent'],
  ['other scheme', 'url', { url: 'ftp://a.example' }, 'expected a URL'],
  ['no URL', 'url', { url: undefined }, 'does not show it'],
  ['other method', 'http_method', { http_method: 'PATCH' }, 'expected one of GET'],
  ['reserved name', 'body', { body: JSON.parse('{ "a": { "__proto__": 1 } }') }, 'reserved'],
  ['number beyond all', 'body', { body: { a: JSON.parse('1e999') } }, 'expected'],
  ['expression as a name', 'body', { body: { '${{ a }}': 1 } }, 'expression'],
  ['deep body', 'body', { body: JSON.parse(`{"a":${'['.repeat(200)}${']'.repeat(200)}}`) }, 'levels'],
])('a field that a manifest cannot hold is left out: %s', (_, field, fields, reason) => {
  const [entry, notes] = exported({ response_message: 'kept', ...fields })
  expect(entry).not.toHaveProperty(field)
  expect(entry).toMatchObject({ title: 'Orders', response_message: 'kept' })
  expect(entry.id).toBe(['url', 'http_method'].includes(field) ? 'SG_1' : undefined)
  expect(notes).toEqual([expect.stringContaining(`orders: ${field} is left out: `)])
  expect(notes[0]).toContain(reason)
})

test('a method whose body is left out is left out too', () => {
  const [entry, notes] = exported({ http_method: 'POST', body: JSON.parse('{ "__proto__": 1 }') })
  expect(entry).toEqual({ id: 'SG_1', title: 'Orders', url: 'https://hooks.example.com/a' })
  expect(notes).toHaveLength(2)
})

test.each([
  ['POST', { body: {} }],
  ['PUT', { body: {} }],
  ['GET', {}],
  ['DELETE', {}],
])('an empty body of %s', (http_method, expected) => {
  const [entry] = exported({ http_method })
  expect(entry).toEqual({ title: 'Orders', url: 'https://hooks.example.com/a', http_method, ...expected })
})

test('a channel that is not sms is written as it is, empty parameters of enc too', () => {
  const [entry] = exported({ channel: 'WhatsApp', enc: { ...ENC, params: null } })
  expect(entry).toMatchObject({ channel: 'WhatsApp', enc: { params: null } })
})

test('a profile whose id a manifest refuses is left out where it would have to be pinned', () => {
  const manifest = manifestOf([remote('no', {}, 'a/b'), remote('yes', {}, 'c/d')])
  expect(Object.keys(entriesOf(manifest))).toEqual(['yes'])
  expect(manifest.profiles.map(({ id }) => id)).toEqual(['c/d'])
  expect(manifest.notes).toEqual(['no is left out: a manifest cannot hold profile a/b'])
  expect(manifest.text).toContain('# no is left out: a manifest cannot hold profile a/b')
})

test('every header value, key and credential becomes a reference; equal ones share the first', () => {
  const manifest = manifestOf([
    remote('Github', { headers: { 'X-Token': 'one', 'x.token': 'two', plain: 'kaleyra', none: '' } }),
    remote('Others', { headers: { 'X-Token': 'two' }, enc: { ...ENC, IV: ENC.key } }),
    remote('Zero', { url: 'https://me:pass@a.example/?key=two&to=<to>&signature=<id>&token=&n=1' }),
  ])
  const { github, others, zero } = entriesOf(manifest)
  expect(github?.headers).toEqual({
    'X-Token': '${{ env._GITHUB_HEADER_X_TOKEN }}',
    'x.token': '${{ env._GITHUB_HEADER_X_TOKEN_2 }}',
    plain: '${{ env._GITHUB_HEADER_PLAIN }}',
    none: '',
  })
  expect(others?.headers).toEqual({ 'X-Token': '${{ env._GITHUB_HEADER_X_TOKEN_2 }}' })
  expect(others?.enc).toEqual({
    algo: 'AES-128-GCM',
    key: '${{ env.OTHERS_ENC_KEY }}',
    IV: '${{ env.OTHERS_ENC_KEY }}',
  })
  expect(zero?.url).toBe(
    'https://${{ env.ZERO_URL_USER }}@a.example/?key=${{ env._GITHUB_HEADER_X_TOKEN_2 }}&to=<to>&signature=<id>&token=&n=1',
  )
  expect(manifest.references).toEqual([
    { name: '_GITHUB_HEADER_X_TOKEN', value: 'one' },
    { name: '_GITHUB_HEADER_X_TOKEN_2', value: 'two' },
    { name: '_GITHUB_HEADER_PLAIN', value: 'kaleyra' },
    { name: 'OTHERS_ENC_KEY', value: ENC.key },
    { name: 'ZERO_URL_USER', value: 'me:pass' },
  ])
})

test('literal expressions are escaped in every text', () => {
  const [entry] = exported({
    http_method: 'POST',
    url: 'https://a.example/${{x}}?y=$${{',
    body: { a: ['${{ a }}', { b: '$${{ b }} ${{' }] },
    response_message: '${{',
  })
  expect(entry).toMatchObject({
    url: 'https://a.example/$${{x}}?y=$$${{',
    body: { a: ['$${{ a }}', { b: '$$${{ b }} $${{' }] },
    response_message: '$${{',
  })
})

test('a manifest that is too large to be loaded is exported with a note', () => {
  const { notes } = manifestOf([remote('Orders', { response_message: 'x'.repeat(1024 * 1024) })])
  expect(notes).toEqual([expect.stringMatching(/^The file has \d+ bytes, .* 1048576: split it/)])
})
