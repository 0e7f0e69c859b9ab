import { describe, expect, test } from 'vitest'
import { read } from './reading.ts'

const REST = 'http_method: GET, url: "https://h.example.com"'
const CASE = '(case does not count)'

describe('two entries cannot have', () => {
  test('one key, ignoring case, also across files', async () => {
    const { errors } = await read({
      'a.yml': `profiles:\n  orders: { title: GH A, ${REST} }`,
      'b.yml': `profiles:\n  Orders: { title: GH B, ${REST} }`,
    })
    expect(errors).toEqual([
      `b.yml:2:3  profiles.Orders: \`profiles.orders\` (a.yml:2:3) has this key already ${CASE}`,
    ])
  })

  test('one title, ignoring case, also across files and forms', async () => {
    const { errors } = await read({
      'a.json': `{ "title": "GH Orders", "http_method": "GET", "url": "https://h.example.com" }`,
      'b.yml': `profiles:\n  b: { title: GH ORDERS, ${REST} }`,
    })
    expect(errors).toEqual([`b.yml:2:15  profiles.b.title: a.json:1:1 has this title already ${CASE}`])
  })

  test('one title where one of them is to be absent', async () => {
    const { errors } = await read(`profiles:
  a: { title: GH A, ${REST} }
  b: { title: GH A, state: absent }`)
    expect(errors).toEqual([
      `m.yml:3:15  profiles.b.title: \`profiles.a\` (m.yml:2:3) has this title already ${CASE}`,
    ])
  })

  test('one title by expressions', async () => {
    const text = `profiles:
  a: { title: "GH \${{ env.A }}", ${REST} }
  b: { title: "GH \${{ env.B }}", ${REST} }`
    const { errors } = await read(text, { env: { A: 's3cret', B: 'S3CRET' } })

    expect(errors).toEqual([
      `m.yml:3:15  profiles.b.title: \`profiles.a\` (m.yml:2:3) has this title already ${CASE}`,
    ])
    expect((await read(text, { offline: true })).errors).toEqual([])
  })

  test('one key that their titles make', async () => {
    const { errors } = await read(`profiles:\n  - { title: GH A, ${REST} }\n  - { title: GH-A, ${REST} }`)
    expect(errors).toEqual([
      `m.yml:3:5  profiles[1]: \`profiles[0]\` (m.yml:2:5) has this key already ${CASE}`,
    ])
  })

  test('one id', async () => {
    const { errors } = await read(`profiles:\n  a: { id: SG_1 }\n  b: { id: sg_1 }\n  c: { id: SG_1 }`)
    expect(errors).toEqual(['m.yml:4:12  profiles.c.id: `profiles.a` (m.yml:2:3) has this id already'])
  })

  test.each([
    ['another entry declares', 'GH A', 'profiles.a'],
    ['another entry had too', 'GH Old', 'profiles.a'],
    ['is its own', 'gh b', 'profiles.b'],
  ])('a previous title that %s', async (_, previous, owner) => {
    const { errors } = await read(`profiles:
  a: { title: GH A, previous_titles: [GH Old], ${REST} }
  b: { title: GH B, previous_titles: [GH Older, ${previous}], ${REST} }`)
    expect(errors).toEqual([
      expect.stringMatching(
        `^m\\.yml:3:\\d+  profiles\\.b\\.previous_titles\\[1\\]: \`${owner}\` .* has this title already`,
      ),
    ])
  })

  test.each([
    'previous_titles: aab',
    'previous_titles: { a: GH A, b: GH A }',
    'previous_titles: [[GH A], [GH A]]',
    'title: [GH A]',
  ])('anything in common where the field is of a wrong type: %s', async (field) => {
    const { errors } = await read(`profiles:\n  x: { ${field}, id: SG_9 }`)
    expect(errors.join('\n')).not.toContain('already')
  })
})
