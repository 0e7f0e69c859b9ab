import { expect, test } from 'vitest'
import { fieldsOf, read, readProfile, type Surroundings, withoutPlaces } from './reading.ts'

const offline: Surroundings = { offline: true }
const URL_OF = '${{ env.URL }}'

test('the value of an expression has to keep the rules, and is not shown', async () => {
  const wrong = await readProfile(
    { url: URL_OF, title: '${{ env.T }}', body: '${{ fromJSON(env.B) }}' },
    {
      env: { URL: 'ftp://s3cret', T: 's3cret!', B: '["s3cret"]' },
    },
  )
  expect(withoutPlaces(wrong.errors)).toEqual([
    'profiles.orders.title: expected letters, digits, hyphens, underscores and single spaces, with no space at either end',
    'profiles.orders.url: expected a URL that starts with https:// or http://',
    'profiles.orders.body: expected an object, found a list',
  ])
  expect(await fieldsOf({ url: URL_OF }, { env: { URL: 'https://h.example.com' } })).toHaveProperty(
    'url',
    'https://h.example.com',
  )
})

test('a literal `${{` has to keep the rules, too', async () => {
  for (const surroundings of [{}, offline]) {
    const { errors } = await readProfile({ url: 'ftp://$${{x}}' }, surroundings)
    expect(withoutPlaces(errors)).toEqual([
      'profiles.orders.url: expected a URL that starts with https:// or http://',
    ])
  }
})

test.each<[fields: object]>([
  [{ url: URL_OF }],
  [{ title: '${{ env.T }}' }],
  [{ http_method: '${{ env.M }}', body: undefined }],
  [{ body: '${{ fromJSON(env.B) }}' }],
  [{ body: { a: '${{ env.B }}' } }],
  [{ headers: '${{ fromJSON(env.H) }}' }],
  [{ headers: { 'x-a': '${{ env.H }}' } }],
  [{ enc: '${{ fromJSON(env.E) }}' }],
  [{ enc: { algo: '${{ env.A }}', key: 'k', IV: '${{ env.I }}' } }],
  [{ enc: { algo: 'AES-128-GCM', key: '${{ env.K }}', IV: '${{ env.I }}' } }],
  [{ channel: '${{ env.C }}', events: '${{ env.V }}' }],
  [{ channel: 'sms', events: ['${{ env.V }}'] }],
  [{ previous_titles: ['${{ env.P }}'], state: '${{ env.S }}', id: '${{ env.I }}' }],
])('without evaluation the rules of the value are not checked: %j', async (fields) => {
  const { errors, warnings } = await readProfile(fields, offline)
  expect([...errors, ...warnings]).toEqual([])
})

test('without evaluation all else is checked', async () => {
  const { errors } = await readProfile(
    {
      headers: { 'x a': '${{ env.H }}', 'x-b': '${{ secrets.B }}' },
      enc: { algo: 'AES-1', key: '${{ env.K }}', iv: '${{' },
    },
    offline,
  )
  expect(withoutPlaces(errors).map((error) => error.slice(0, 60))).toEqual([
    expect.stringContaining('profiles.orders.headers.x a: expected a header name'),
    expect.stringContaining('profiles.orders.headers.x-b: `secrets.B` is out of reach'),
    expect.stringContaining('profiles.orders.enc.algo: expected one of'),
    expect.stringContaining('profiles.orders.enc.iv: unknown field'),
    expect.stringContaining('profiles.orders.enc.iv: the expression has no closing'),
  ])
})

test('a name of the body cannot hold one', async () => {
  const { errors } = await readProfile({ body: { a: { '${{ env.A }}': 1 } } })
  expect(withoutPlaces(errors)).toEqual([
    'profiles.orders.body.a.${{ env.A }}: expected a name without an expression: only values are evaluated',
  ])
})

test('an expression counts however its braces are spelt', async () => {
  const text = 'title: GH A\nhttp_method: GET\nurl: "https://h.example.com/\\x24\\x7b{ env.STAGE }}"\n'
  const { entries } = await read(text, { env: { STAGE: 'test' } })
  expect(entries[0]?.profile.fields.url).toBe('https://h.example.com/test')
})

test('an entry tells what is written, and which values made it', async () => {
  const headers = { authorization: 'Bearer ${{ env.TOKEN }}', 'x-a': 'b' }
  const { entries } = await readProfile({ headers }, { env: { TOKEN: 's3cret' } })

  expect(entries[0]?.written.headers).toEqual(headers)
  expect(entries[0]?.profile.fields.headers).toEqual({ authorization: 'Bearer s3cret', 'x-a': 'b' })
  expect([...(entries[0]?.made ?? [])]).toEqual([
    ['headers.authorization', expect.objectContaining({ value: 'Bearer s3cret', variables: ['s3cret'] })],
  ])
})

test('what an expression gives is not nested too deeply', async () => {
  const B = `{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`
  const { errors } = await readProfile({ body: '${{ fromJSON(env.B) }}' }, { env: { B } })
  expect(errors).toEqual([expect.stringContaining('expected at most 100 levels of nesting')])
})
