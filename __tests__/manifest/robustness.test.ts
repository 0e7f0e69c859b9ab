import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KNOWN_NAMES } from '../../src/manifest/schema.ts'
import { type Read, read, type Surroundings } from './reading.ts'

const LOCATED = /^m\.yml:[1-9]\d*:[1-9]\d* {2}./s
const ENV = { A: 'a', B: '{"a":[1]}', C: '' }

/** What holds of every text: it is read without a crash, a manifest is given or its errors are, and each has its place. */
function holds({ manifest, entries, errors, warnings }: Read): void {
  for (const problem of [...errors, ...warnings]) expect(problem).toMatch(LOCATED)
  if (errors.length === 0) expect(manifest).not.toBeNull()
  for (const { key, place } of entries) {
    expect(key).toMatch(/^[A-Za-z_][A-Za-z0-9_-]*$/)
    expect(place(['body', 'deep', 3]).line).toBeGreaterThan(0)
  }
}

const MODES: Surroundings[] = [{ env: ENV }, { offline: true }]

test('any JSON in place of any field is read without a crash', async () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '${{ env.A }}',
      '${{ fromJSON(env.B) }}',
      '${{ env.C }}',
      '${{',
      '$${{ x',
      'sms',
      'POST',
      'GH A',
    ),
  )
  const name = fc.constantFrom(
    ...KNOWN_NAMES.profile,
    ...KNOWN_NAMES.enc,
    '__proto__',
    'constructor',
    '',
    '<<',
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.double(),
      fc.constantFrom(null, true),
      tie('list'),
      tie('object'),
    ),
    list: fc.array(tie('value'), { maxLength: 3 }),
    object: fc.dictionary(fc.oneof(name, fc.string()), tie('value'), { maxKeys: 6 }),
  }))
  const root = fc.oneof(
    value,
    fc.record({ profiles: value }),
    fc.record({ defaults: value, prune: value, profiles: value }),
  )
  await fc.assert(
    fc.asyncProperty(root, async (json) => {
      for (const mode of MODES) holds(await read(JSON.stringify(json) ?? '', mode))
    }),
    { numRuns: 300 },
  )
})

test('any damage to a manifest is read without a crash', async () => {
  const whole = `version: 1
defaults: &d
  http_method: POST
  headers: { x-source: kaleyra }
prune: { title_prefix: "GH " }
profiles:
  orders:
    <<: *d
    title: GH Orders
    url: https://h.example.com/\${{ env.A }}?a=<b>
    events: [SMS-sent]
    body: { a: "\${{ fromJSON(env.B) }}", b: |-
        text
      }
  legacy: { title: GH Legacy, state: absent }
`
  const piece = fc.constantFrom(
    '',
    ' ',
    '\n',
    '\t',
    ': ',
    '- ',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*d',
    '!t ',
    '#',
    '|',
    '>',
    '%',
    '\n---\n',
    '${{ ',
    ' }}',
    '\0',
    '\ufeff',
    '\r',
    '<<: ',
  )
  const damage = fc.tuple(fc.nat(whole.length), fc.nat(12), piece)
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
      const text = damages.reduce(
        (left, [at, cut, put]) => left.slice(0, at) + put + left.slice(at + cut),
        whole,
      )
      for (const mode of MODES) holds(await read(text, mode))
    }),
    { numRuns: 300 },
  )
})
