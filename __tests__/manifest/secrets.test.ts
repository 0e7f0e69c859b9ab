import { describe, expect, test } from 'vitest'
import { NEEDED, read } from './reading.ts'

/** Stands in place of a key, a header's value, a value of the body. No problem may repeat it. */
const SECRET = 's3cr3tVALUE'

const profile = (lines: string): string => `profiles:
  orders:
    title: GH Orders
    http_method: POST
    url: https://hooks.example.com
${lines}
`

describe('a literal secret is not repeated in a problem', () => {
  test.each([
    [
      'a key of a wrong length',
      `    body: {}\n    enc: { algo: AES-256-GCM, key: ${SECRET}, IV: ${SECRET} }`,
    ],
    ['a key of an unknown algorithm', `    body: {}\n    enc: { algo: AES, key: ${SECRET}, IV: ${SECRET} }`],
    [
      'a key that is an object',
      `    body: {}\n    enc: { algo: AES-256-GCM, key: { ${SECRET}: 1 }, IV: [${SECRET}] }`,
    ],
    ['enc that is a text', `    body: {}\n    enc: ${SECRET}`],
    ['enc that is a list', `    body: {}\n    enc: [${SECRET}]`],
    ['a header with a line break', `    body: {}\n    headers: { x-a: "${SECRET}\\r\\n${SECRET}" }`],
    ['a header that is a list', `    body: {}\n    headers: { title: [${SECRET}], state: { a: ${SECRET} } }`],
    ['headers that are a text', `    body: {}\n    headers: "authorization: ${SECRET}"`],
    ['headers that are a list', `    body: {}\n    headers: ["authorization: ${SECRET}"]`],
    ['a body that is a text', `    body: ${SECRET}`],
    ['a body that is a list', `    body: [${SECRET}]`],
    ['a body with a bad number', `    body: { a: ${SECRET}, b: .nan }`],
    ['a url with credentials', `    body: {}\n    url2: 1\n    id: "https://u:${SECRET}@h"`],
    [
      'a wrong url',
      `    body: {}\n    previous_titles: [{ a: ${SECRET} }, "${SECRET}"]\n    response_message: [${SECRET}]`,
    ],
    ['a duplicate key', `    body: {}\n    headers: { x-a: ${SECRET}, x-a: ${SECRET} }`],
    ['a text after a text', `    body: {}\n    enc: { key: "a" "${SECRET}" }`],
    ['a text after a value', `    body: {}\n    response_message: "a" ${SECRET}`],
    ['a value with a colon', `    body: {}\n    response_message: ${SECRET}: ${SECRET}: ${SECRET}`],
    ['a tag', `    body: {}\n    response_message: !${SECRET} a`],
    ['a known tag', `    body: {}\n    response_message: !!int ${SECRET}`],
    ['an alias', `    body: {}\n    response_message: *${SECRET}`],
    ['an anchor', `    body: {}\n    response_message: &${SECRET} &${SECRET}2 a`],
    ['a block scalar', `    body: {}\n    response_message: |${SECRET}\n      a`],
    ['a reserved character', `    body: {}\n    response_message: @${SECRET}`],
    ['a bad escape', `    body: {}\n    response_message: "\\q${SECRET}"`],
    ['a quote that is not closed', `    body: {}\n    response_message: "${SECRET}`],
    ['a brace that is not closed', `    body: { a: ${SECRET}`],
    ['a bracket too many', `    body: { a: ${SECRET} } }`],
    ['a missing comma', `    body: { a: "${SECRET}" b: "${SECRET}" }`],
    ['a missing colon', `    body\n    ${SECRET}\n    url: a`],
    ['a directive', `%${SECRET}\n---\n    a: 1`],
    ['a second document', `    body: {}\n--- ${SECRET}\n`],
  ])('%s', async (_, lines) => {
    const { errors } = await read(profile(lines))

    expect(errors).not.toEqual([])
    for (const error of errors) expect(error.slice(error.indexOf('  '))).not.toContain(SECRET)
  })
})

describe('what an expression evaluates to is not repeated', () => {
  const FIELDS = [
    'title',
    'http_method',
    'url',
    'body',
    'response_message',
    'headers',
    'enc',
    'channel',
    'events',
    'id',
    'state',
    'previous_titles',
  ]
  const PARTS = {
    headers: { 'x-a': '${{ env.S }}' },
    enc: { algo: '${{ env.S }}', key: '${{ env.S }}', IV: '${{ env.S }}' },
    events: ['${{ env.S }}'],
    previous_titles: ['${{ env.S }}'],
    body: { a: '${{ fromJSON(env.S) }}', b: '${{ format(env.S) }}', c: '${{ env[env.S] }}' },
  }
  const WHOLE = FIELDS.map((field): [string, object] => [field, { [field]: '${{ env.S }}' }])
  const WITHIN = Object.entries(PARTS).map(([field, value]): [string, object] => [
    `parts of ${field}`,
    { [field]: value },
  ])

  test.each([...WHOLE, ...WITHIN])('%s', async (_, fields) => {
    for (const value of [`{${SECRET}!\n`, `"${SECRET}"`]) {
      const text = JSON.stringify({ profiles: [{ ...NEEDED, channel: 'sms', ...fields }] })
      const { errors, warnings } = await read(text, { env: { S: value } })
      expect([...errors, ...warnings].join('\n')).not.toContain(SECRET)
    }
  })
})
