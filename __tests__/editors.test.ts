/** What people see while they write a manifest: the JSON Schema in the language service that their editors run. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { getLanguageService, type MarkedString, TextDocument } from 'vscode-json-languageservice'
import { parse } from 'yaml'
import { ROOT } from '../sandbox/runner.ts'
import { ALGORITHMS, CHANNELS, HTTP_METHODS, KNOWN_NAMES, SMS_EVENTS } from '../src/manifest/schema.ts'
import { read as load } from './manifest/reading.ts'
import { manifests, read, yamls } from './pages.ts'

const PATH = 'schema/callback-profiles.schema.json'
const schema = JSON.parse(read(PATH))

const service = getLanguageService({})
service.configure({ schemas: [{ uri: `file:///${PATH}`, fileMatch: ['*'], schema }] })

/** Opens a manifest in which `¦` marks the cursor. */
function open(text: string) {
  const [before = '', after = ''] = text.split('¦')
  const document = TextDocument.create('file:///manifest.json', 'json', 1, before + after)
  const json = service.parseJSONDocument(document)
  return { document, json, cursor: document.positionAt(before.length) }
}

/** What the editor offers at the cursor. */
async function offered(text: string): Promise<string[]> {
  const { document, json, cursor } = open(text)
  const list = await service.doComplete(document, cursor, json)
  return (list?.items ?? []).map(({ label }) => label.replaceAll('"', ''))
}

/** What the editor shows for the word at the cursor, with its markdown undone. */
async function explained(text: string): Promise<string> {
  const { document, json, cursor } = open(text)
  const hover = await service.doHover(document, cursor, json)
  const parts = [hover?.contents ?? []].flat() as MarkedString[]
  return parts.map((part) => String(part).replaceAll(/\\(.)/g, '$1')).join('\n')
}

/** What the editor underlines, and what it says there. */
async function flagged(value: unknown): Promise<(readonly [text: string, message: string])[]> {
  const { document, json } = open(JSON.stringify(value))
  const problems = await service.doValidation(document, json)
  return problems.map(({ range, message }) => [document.getText(range), String(message)])
}

const inProfile = (fields: string): string => `{"profiles":{"a":{"title":"GH A",${fields}}}}`
const { profile: PROFILE, defaults: DEFAULTS, enc: ENC, manifest: MANIFEST } = KNOWN_NAMES
const WITHOUT_TITLE = PROFILE.filter((name) => name !== 'title')

describe('an editor offers', () => {
  test.each<[string, string, readonly string[]]>([
    ['the fields of a manifest in an empty text', '{¦}', MANIFEST],
    ['those that are left', '{"version":1,"profiles":{},¦}', ['$schema', 'defaults', 'prune']],
    ['the fields of a profile by key', '{"profiles":{"a":{¦}}}', PROFILE],
    ['the fields of a profile in a list', '{"profiles":[{¦}]}', PROFILE],
    ['the fields of a profile on its own', '{"title":"GH A",¦}', WITHOUT_TITLE],
    ['the fields of defaults', '{"defaults":{¦},"profiles":{}}', DEFAULTS],
    ['the fields of enc', inProfile('"enc":{¦}'), ENC],
    ['the fields of enc in defaults', '{"defaults":{"enc":{¦}},"profiles":{}}', ENC],
    ['the field of prune', '{"prune":{¦},"profiles":{}}', ['title_prefix']],
    ['methods', inProfile('"http_method":¦'), HTTP_METHODS],
    ['methods in place of a wrong one', inProfile('"http_method":"¦FETCH"'), HTTP_METHODS],
    ['states', inProfile('"state":¦'), ['present', 'absent']],
    ['algorithms', inProfile('"enc":{"algo":¦}'), ALGORITHMS],
    ['channels', inProfile('"channel":¦'), [...CHANNELS, 'null']],
    ['events', inProfile('"events":[¦]'), SMS_EVENTS],
  ])('%s', async (_, text, expected) => {
    expect((await offered(text)).sort()).toEqual([...expected].sort())
  })

  test('what to put into each field of a profile: an example, a choice or a default', async () => {
    for (const name of PROFILE)
      expect(await offered(`{"profiles":{"a":{"${name}":¦}}}`), name).not.toEqual([])
  })
})

interface Described {
  readonly title?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Described>>
}

describe('an editor explains', () => {
  const fields = (owner: Described): [string, Described][] => Object.entries(owner.properties ?? {})
  const { enc } = schema.$defs.profile.properties
  test.each<[string, Described, (field: string) => string]>([
    ['a manifest', schema.else, (field) => `{"profiles":{},"¦${field}":null}`],
    ['a profile', schema.$defs.profile, (field) => `{"profiles":{"a":{"¦${field}":null}}}`],
    ['defaults', schema.else.properties.defaults, (field) => `{"profiles":{},"defaults":{"¦${field}":null}}`],
    ['enc', enc, (field) => inProfile(`"enc":{"¦${field}":null}`)],
    ['prune', schema.else.properties.prune, (field) => `{"profiles":{},"prune":{"¦${field}":null}}`],
  ])('every field of %s', async (_, owner, text) => {
    expect(fields(owner)).not.toEqual([])
    for (const [name, { title = '', description = '' }] of fields(owner)) {
      expect([title, description], name).not.toContain('')
      if (name !== '$schema') expect(await explained(text(name))).toBe(`${title}\n\n${description}`)
    }
  })
})

describe('an editor flags', () => {
  const profile = (fields: object): object => ({ profiles: { a: { title: 'GH A', ...fields } } })
  test.each<[string, unknown, string, string | RegExp]>([
    ['an unknown field', profile({ metod: 'GET' }), '"metod"', 'Property metod is not allowed.'],
    [
      'an unknown field of enc',
      profile({ enc: { mode: 'x', algo: 'AES-128-CFB', key: 'k', IV: 'i' } }),
      '"mode"',
      /not allowed/,
    ],
    [
      'an unknown field of prune',
      { prune: { title_prefix: 'GH ', x: 1 }, profiles: {} },
      '"x"',
      /not allowed/,
    ],
    [
      'a text in place of enc',
      profile({ enc: 'x' }),
      '"x"',
      'expected an object with `algo`, `key` and `IV`',
    ],
    ['a title in defaults', { defaults: { title: 'GH A' }, profiles: {} }, '"title"', /not allowed/],
    ['a wrong method', profile({ http_method: 'FETCH' }), '"FETCH"', /Valid values: "GET", "POST", "PUT"/],
    ['a wrong algorithm', profile({ enc: { algo: 'DES', key: 'k', IV: 'i' } }), '"DES"', /"AES-128-CFB"/],
    [
      'a URL without its scheme',
      profile({ url: 'a.example.com' }),
      '"a.example.com"',
      /^expected an http or/,
    ],
    ['a text in place of an object', profile({ body: 'x' }), '"x"', 'expected an object'],
    ['a number as header', profile({ headers: { 'x-a': 1 } }), '1', 'expected text: put the value in quotes'],
    ['a title with other characters', { title: 'GH/A' }, '"GH/A"', /^expected letters, digits, hyphens/],
    ['a profile without title', { profiles: { a: {} } }, '"a"', 'Missing property "title".'],
    ['a key that is none', { profiles: { 'a b': { id: 'A' } } }, '"a b"', /^expected a key of letters/],
    ['another version', { version: 2, profiles: {} }, '2', 'expected 1'],
    ['a manifest without profiles', { version: 1 }, '{', 'Missing property "profiles".'],
  ])('%s', async (_, value, where, message) => {
    const problems = await flagged(value)
    expect(problems).toEqual([[where, expect.stringMatching(message)]])
  })

  test('what is missing in enc', async () => {
    const problems = await flagged(profile({ enc: { algo: 'AES-128-CFB' } }))
    expect(problems.map(([, message]) => message)).toEqual([
      'Missing property "key".',
      'Missing property "IV".',
    ])
  })
})

describe('an editor takes', () => {
  const EXPRESSION = '${{ fromJSON(env.VALUE) }}'
  test.each(PROFILE)('an expression as %s', async (field) => {
    expect(await flagged({ profiles: { a: { title: 'GH A', [field]: EXPRESSION } } })).toEqual([])
    const inDefaults = DEFAULTS.includes(field) ? { defaults: { [field]: EXPRESSION } } : {}
    expect(await flagged({ ...inDefaults, profiles: {} })).toEqual([])
  })

  test.each([
    ['each field of enc', { enc: Object.fromEntries(ENC.map((name) => [name, EXPRESSION])) }],
    ['a header', { headers: { authorization: `Bearer ${EXPRESSION}` } }],
    ['an event', { events: [EXPRESSION] }],
    ['a previous title', { previous_titles: [EXPRESSION] }],
    ['any value of a body', { body: { a: [EXPRESSION, { b: EXPRESSION }] } }],
  ])('an expression as %s', async (_, fields) => {
    expect(await flagged({ profiles: [{ id: 'A', ...fields }] })).toEqual([])
  })

  test('an expression in the prefix of prune', async () => {
    expect(await flagged({ prune: { title_prefix: EXPRESSION }, profiles: {} })).toEqual([])
  })

  test.each(manifests().map(({ name, text }) => [name, text] as const))('%s', async (_, text) => {
    expect(await flagged(parse(text, { merge: true }))).toEqual([])
  })

  test('whatever the action takes, but for an empty value of another type than the field has', async () => {
    const text = fc.constantFrom(
      'GH A',
      'POST',
      'sms',
      'https://a.example.com',
      'AES-128-CFB',
      'A'.repeat(16),
    )
    const scalar = fc.oneof(text, fc.constantFrom('', 'absent', '${{ env.A }}', 1, true, null))
    const list = fc.array(text, { maxLength: 2 })
    const object = fc.dictionary(fc.constantFrom(...ENC, 'x-a'), scalar, { maxKeys: 4 })
    const fields = (names: readonly string[]) =>
      fc.record(
        Object.fromEntries(
          names.map((name) => {
            const empty = ['events', 'previous_titles'].includes(name) ? list : object
            return [name, fc.oneof(scalar, empty, list.filter(isFull), object.filter(isFull))]
          }),
        ),
        { requiredKeys: [] },
      )
    const needed = { title: 'GH A', http_method: 'GET', url: 'https://a.example.com' }
    const profile = fields(PROFILE).map((some) => ({ ...needed, ...some }))
    const root = fc.oneof(
      profile,
      fc.record({ profiles: fc.array(profile, { maxLength: 1 }) }),
      fc.record(
        { version: fc.constant(1), defaults: fields(DEFAULTS), profiles: fc.record({ a: profile }) },
        { requiredKeys: ['profiles'] },
      ),
    )
    let taken = 0
    await fc.assert(
      fc.asyncProperty(root, async (manifest) => {
        const { errors } = await load(JSON.stringify(manifest), { env: { A: 'GH A' } })
        if (errors.length > 0) return
        taken += 1
        expect(await flagged(manifest)).toEqual([])
      }),
      { numRuns: 2000 },
    )
    expect(taken).toBeGreaterThan(100)
  })
})

const isFull = (value: object): boolean => Object.keys(value).length > 0

test('every comment that tells an editor of the schema leads to it', () => {
  const comments = yamls().flatMap(({ name, text }) =>
    [...text.matchAll(/yaml-language-server: \$schema=(\S+)/g)].map(([, address = '']) => ({
      name,
      address,
    })),
  )
  expect(comments.map(({ name }) => name)).toContain('examples/callback-profiles.yml')
  for (const { name, address } of comments) {
    if (address.startsWith('https:'))
      expect(address).toBe(`https://raw.githubusercontent.com/OWNER/kaleyra-callback-profiles/v1/${PATH}`)
    else expect(existsSync(join(ROOT, dirname(name), address))).toBe(true)
  }
})
