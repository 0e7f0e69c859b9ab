import { describe, expect, test } from 'vitest'
import { MAX_PROFILES } from '../../src/manifest/load.ts'
import { read } from './reading.ts'

const REST = 'http_method: GET, url: "https://h.example.com"'
const keysOf = async (text: string | Record<string, string>): Promise<string[]> =>
  (await read(text)).entries.map(({ key }) => key)

describe('profiles are declared', () => {
  test('by key, in the order of the file', async () => {
    const { entries } = await read(`profiles:
  orders-sms: { title: GH Orders SMS, ${REST} }
  _2: { title: GH Two, ${REST}, id: SG_1, state: absent, previous_titles: [GH Zwei] }
`)

    expect(entries.map(({ key, profile }) => [key, profile])).toEqual([
      [
        'orders-sms',
        {
          id: null,
          state: 'present',
          previous_titles: [],
          fields: { title: 'GH Orders SMS', http_method: 'GET', url: 'https://h.example.com' },
        },
      ],
      [
        '_2',
        {
          id: 'SG_1',
          state: 'absent',
          previous_titles: ['GH Zwei'],
          fields: { title: 'GH Two', http_method: 'GET', url: 'https://h.example.com' },
        },
      ],
    ])
  })

  test('in a list: the key is the title in kebab-case', async () => {
    expect(
      await keysOf(`profiles:\n  - { title: GH Orders_SMS 2, ${REST} }\n  - { title: --abc--, ${REST} }`),
    ).toEqual(['gh-orders-sms-2', 'abc'])
  })

  test('as a single profile, without anything around it', async () => {
    expect(await keysOf(`{ title: GH Orders, ${REST} }`)).toEqual(['gh-orders'])
  })

  test("as the documentation's JSON sample, as it is pasted", async () => {
    const { entries, errors } = await read(`{
    "title": "Callback_Profile_Test_1", // the name, 3 characters or more
\t"http_method": "POST",
    "url": "https:\\/\\/webhook.site\\/d1?x=//y",
    "body": {
        "mobile": "<mobile>", "emoji": "\\ud83d\\ude00" // any JSON
    },
    "response_message": "Thank you",
    "headers": {"x-team": "orders"},
    "enc": {"algo": "AES-128-CFB", "key": "0123456789abcdef", "IV": "fedcba9876543210"},
    "channel":"sms",
    "events": "SMS-sent",
}`)

    expect(errors).toEqual([])
    expect(entries[0]?.key).toBe('callback-profile-test-1')
    expect(entries[0]?.profile.fields).toEqual({
      title: 'Callback_Profile_Test_1',
      http_method: 'POST',
      url: 'https://webhook.site/d1?x=//y',
      body: { mobile: '<mobile>', emoji: '😀' },
      response_message: 'Thank you',
      headers: { 'x-team': 'orders' },
      enc: { algo: 'AES-128-CFB', key: '0123456789abcdef', IV: 'fedcba9876543210' },
      channel: 'sms',
      events: ['SMS-sent'],
    })
  })

  test('in several files, which are one manifest', async () => {
    const files = {
      'a.yml': `profiles: { a: { title: GH A, ${REST} } }`,
      'b.json': '{ "title": "GH B", "http_method": "GET", "url": "https://h.example.com" }',
      'c.yml': `profiles: [{ title: GH C, ${REST} }]`,
    }
    expect(await keysOf(files)).toEqual(['a', 'gh-b', 'gh-c'])
  })

  test.each(['profiles:', 'profiles: {}', 'profiles: []', 'profiles: ~\nversion: 1'])(
    'not at all: %j',
    async (text) => {
      expect((await read(text)).manifest).toEqual({ entries: [], prune: null })
    },
  )
})

describe('a key', () => {
  const EXPECTED =
    'expected a key of letters, digits, hyphens and underscores, first a letter or an underscore'
  test.each(['2nd', 'a b', 'ä', '-a', '""', 'true.x', '1.5'])('%s is refused', async (key) => {
    const { errors } = await read(`profiles:\n  ${key}: { title: GH A, ${REST} }`)

    expect(errors).toEqual([expect.stringMatching(`^m\\.yml:2:3  profiles\\.[^:]*: ${EXPECTED}$`)])
  })

  test.each(['true', 'null', 'constructor', 'toString', '_'])('%s is a name like any other', async (key) => {
    expect(await keysOf(`profiles:\n  ${key}: { title: GH A, ${REST} }`)).toEqual([key])
  })

  test('__proto__ is reserved', async () => {
    const { errors } = await read(`profiles:\n  __proto__: { title: GH A, ${REST} }`)
    expect(errors).toEqual(['m.yml:2:3  profiles.__proto__: expected another name: this one is reserved'])
  })

  test.each([
    ['title: 2nd orders', 'the title makes `2nd-orders`, which is no valid key'],
    ['title: ---', 'no key can be made of this title'],
    ['title: "GH ${{ env.STAGE }}"', 'no key can be made of this title'],
  ])('that a title in a list cannot make is asked for: %s', async (title, why) => {
    const { errors } = await read(`profiles:\n  - { ${title}, ${REST} }`, { env: { STAGE: 'test' } })

    expect(errors).toEqual([
      `m.yml:2:5  profiles[0].title: ${why}: write \`profiles\` as a map and choose a key`.replace(
        '2:5',
        '2:7',
      ),
    ])
  })

  test('is asked for where a pinned profile in a list has no title', async () => {
    const { errors } = await read('profiles:\n  - id: SG_1\n    http_method: GET\n')
    expect(errors).toEqual([
      'm.yml:2:5  profiles[0]: no key can be made of this title: write `profiles` as a map and choose a key',
    ])
  })

  test.each(['2nd orders', 'GH ${{ env.STAGE }}'])(
    'of a single profile of the title %j is `profile`',
    async (title) => {
      const { entries } = await read(`{ title: "${title}", ${REST} }`, { env: { STAGE: 'test' } })
      expect(entries.map(({ key }) => key)).toEqual(['profile'])
    },
  )
})

describe('prune', () => {
  test('is a prefix of titles, with a space at its end or not', async () => {
    const { manifest } = await read('prune: { title_prefix: "GH " }\nprofiles: {}')
    expect(manifest?.prune).toMatchObject({ title_prefix: 'GH ', written: 'GH ' })
  })

  test('may be made by an expression', async () => {
    const text = 'prune: { title_prefix: "${{ env.STAGE }} " }\nprofiles: {}'
    const { manifest } = await read(text, { env: { STAGE: 'test' } })

    expect(manifest?.prune).toMatchObject({ title_prefix: 'test ', written: '${{ env.STAGE }} ' })
    expect((await read(text, { env: { STAGE: 't' } })).errors).toEqual([
      'm.yml:1:24  prune.title_prefix: expected 3 or more characters',
    ])
    expect((await read(text)).errors).toEqual([
      expect.stringContaining('prune.title_prefix: `env.STAGE` is unset'),
    ])
    expect((await read(text, { offline: true })).errors).toEqual([])
  })

  test('stands once in a manifest', async () => {
    const text = '\nprune: { title_prefix: GH A }\nprofiles: {}'
    const { errors } = await read({ 'a.yml': text, 'b.yml': text })
    expect(errors).toEqual([
      'b.yml:2:1  prune: only one `prune` may stand in a manifest; the other is at a.yml:2:1',
    ])
  })
})

test('expressions cannot make the list of profiles', async () => {
  const { errors, manifest } = await read(
    'prune: { title_prefix: GH A }\nprofiles: ${{ fromJSON(env.ALL) }}',
    {
      env: { ALL: '{}' },
    },
  )

  expect(errors).toEqual([
    'm.yml:2:11  profiles: expected profiles by key, or a list of profiles, found a text',
  ])
  expect(manifest).toBeNull()
})

test(`more than ${MAX_PROFILES} profiles are refused at the first one too many`, async () => {
  const { errors } = await read(`profiles:\n${'  - {}\n'.repeat(MAX_PROFILES + 1)}`)

  expect(errors).toEqual([
    'm.yml:5002:5  profiles[5000]: a manifest may declare 5000 profiles, this one has 5001: split it over several steps',
  ])
})
