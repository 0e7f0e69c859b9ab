import { describe, expect, test } from 'vitest'
import { read } from './reading.ts'

const PROFILE = 'title: GH A, url: "https://h.example.com"'
const fields = async (text: string): Promise<Record<string, unknown>> => {
  const { entries, errors } = await read(text)
  const [entry] = entries
  if (entry === undefined) throw new Error(errors.join('\n'))
  return entry.profile.fields
}

describe('defaults', () => {
  test('stand under the fields of every profile of their file, and of no other', async () => {
    const { errors, entries } = await read({
      'a.yml': `defaults: { http_method: GET, body: { a: 1 } }\nprofiles: { a: { ${PROFILE}, body: { b: 2 } } }`,
      'b.yml': 'profiles: { b: { title: GH B, url: "https://h.example.com", http_method: PUT, body: {} } }',
    })

    expect(errors).toEqual([])
    expect(entries.map(({ profile }) => [profile.fields.http_method, profile.fields.body])).toEqual([
      ['GET', { b: 2 }],
      ['PUT', null],
    ])
  })

  test.each([
    [
      'by name, ignoring case',
      'headers: { X-Team: own, x-c: "3" }',
      { 'x-b': '2', 'X-Team': 'own', 'x-c': '3' },
    ],
    ['unless the profile leaves them out', '', { 'x-team': 'default', 'x-b': '2' }],
    ['unless the profile empties them: null', 'headers: null', null],
    ['unless the profile empties them: {}', 'headers: {}', null],
    ['unless the profile empties them: []', 'headers: []', null],
  ])('merge headers %s', async (_, own, merged) => {
    const text = `defaults: { http_method: GET, headers: { x-team: default, x-b: "2" } }
profiles: { a: { ${PROFILE}, ${own} } }`
    expect(await fields(text)).toHaveProperty('headers', merged)
  })

  test('may be empty in any spelling, and are overridden by an empty field', async () => {
    expect((await read('defaults:\nprofiles:')).errors).toEqual([])
    const text = `defaults: { http_method: POST, headers: [], enc: {}, body: [""], response_message: Hi }
profiles: { a: { ${PROFILE}, response_message: null } }`
    expect(await fields(text)).toMatchObject({ headers: null, enc: null, body: null, response_message: null })
  })

  test('that are wrong are reported once, where they stand', async () => {
    const { errors } = await read(`defaults:
  http_method: post
  headers: { "x a": b }
  enc: { algo: AES-128-GCM, key: short, IV: short }
profiles:
  a: { ${PROFILE}, body: {} }
  b: { title: GH B, url: "https://h.example.com", body: {}, headers: { x-c: d } }
`)

    expect(errors).toEqual([
      'm.yml:2:16  defaults.http_method: expected one of GET, POST, PUT, DELETE, found "post" — did you mean `POST`?',
      'm.yml:3:14  defaults.headers.x a: expected a header name: letters, digits and hyphens',
      'm.yml:4:34  defaults.enc.key: expected 16 characters for AES-128-GCM, found 5',
      'm.yml:4:45  defaults.enc.IV: expected 16 characters, found 5',
    ])
  })

  test.each([
    ['no object', '5', 'a number'],
    ['an expression as a whole', '"${{ fromJSON(env.DEFAULTS) }}"', 'a text'],
  ])('that are %s are reported', async (_, defaults, found) => {
    const { errors } = await read(`defaults: ${defaults}\nprofiles:`, { env: { DEFAULTS: '{}' } })
    expect(errors).toEqual([
      `m.yml:1:11  defaults: expected an object with fields of a profile, found ${found}`,
    ])
  })

  test('that name a header twice are reported at its second name', async () => {
    const { errors } = await read(`defaults: { http_method: GET, headers: { x-a: b, X-A: c } }
profiles: { a: { ${PROFILE} } }`)
    expect(errors).toEqual([
      'm.yml:1:50  defaults.headers.X-A: this header stands here twice: names ignore case',
    ])
  })

  test('may hold expressions, whose values are checked in the profiles', async () => {
    const text = `defaults: { http_method: "\${{ env.METHOD }}" }\nprofiles: { a: { ${PROFILE} } }`
    expect((await read(text, { env: { METHOD: 'GET' } })).errors).toEqual([])
    expect((await read(text, { env: { METHOD: 'FETCH' } })).errors).toEqual([
      'm.yml:1:26  defaults.http_method: expected one of GET, POST, PUT, DELETE',
    ])
    expect((await read(text)).errors).toEqual([
      expect.stringContaining('defaults.http_method: `env.METHOD` is unset'),
    ])
  })

  test('cannot hold what belongs to one profile', async () => {
    const { errors } = await read(
      'defaults: { title: GH A, id: SG_1, state: absent, previous_titles: [] }\nprofiles: {}',
    )
    expect(errors).toHaveLength(4)
    for (const error of errors) expect(error).toContain('unknown field here: it belongs to a profile')
  })
})
