import { describe, expect, test } from 'vitest'
import { excessOf, MAX_WEIGHT } from '../../src/manifest/excess.ts'
import { MAX_BYTES } from '../../src/manifest/files.ts'
import { MAX_PROFILES } from '../../src/manifest/load.ts'
import { read } from './reading.ts'

/** A text of the largest size that a file may have. */
const filled = (start: string, unit: string): string =>
  start + unit.repeat(Math.floor((MAX_BYTES - start.length) / unit.length))

describe('a text that would take a parser hundreds of megabytes is refused where it goes too far', () => {
  test.each([
    ['a list', filled('[1', ',1')],
    ['a list of nothing', filled('[', ',')],
    ['pairs in a list', filled('[', 'a: b,')],
    ['lists in lists', filled('', '[')],
    ['objects in objects', filled('', '{a: ')],
    ['objects in JSON', filled('', '{"a":')],
    ['lists on a line', filled('', '- ')],
    ['names on a line', filled('', 'a: ')],
    ['empty names on a line', filled('', ': ')],
    ['complex names on a line', filled('', '? ')],
    ['anchors', filled('', '&a ')],
    ['aliases', filled('a: &a x\nb: [*a', ',*a')],
    ['tags', filled('', '!a ')],
  ])('%s', (_, text) => {
    const excess = excessOf(text)
    expect(excess?.message).toBe(
      'the text has too many names and values: one file takes about 100000, so split it into several',
    )
    expect(excess?.offset).toBeGreaterThan(MAX_WEIGHT / 4)
  })

  test('and so is a list of lines, on its line', async () => {
    const { errors } = await read(filled('profiles:\n', '- 1\n'))
    expect(errors).toEqual([
      'm.yml:100001:1  the text has too many names and values: one file takes about 100000, so split it into several',
    ])
  })
})

describe('a text that is long for another reason is taken', () => {
  const profile = (index: number) => ({
    title: `GH Profile ${index}`,
    http_method: 'POST',
    url: `https://hooks.example.com/${index}?a=<a>&b=<b>`,
    channel: 'sms',
    events: ['SMS-sent'],
    body: { id: '<id>', status: '<status>' },
  })
  const profiles = Object.fromEntries(
    Array.from({ length: MAX_PROFILES }, (_, index) => [`p${index}`, profile(index)]),
  )
  test.each([
    [`${MAX_PROFILES} profiles in JSON`, JSON.stringify({ profiles })],
    [
      `${MAX_PROFILES} profiles in YAML`,
      JSON.stringify({ profiles }, null, 1)
        .replace(/[{}",]/g, '')
        .slice(0, MAX_BYTES),
    ],
    [
      'prose',
      filled(
        'a: ',
        'Dear customer, your order (no. 4711-A) is on its way: see https://example.com/?a=1&b=2! ',
      ),
    ],
    ['one word', filled('a: ', 'x')],
    ['a text in quotes', filled('a: "', '\\"')],
    ['comments', filled('', '# a\n')],
    ['empty lines', filled('', '\n')],
    ['expressions', filled('a: ', '${{ env.A }}')],
  ])('%s', (_, text) => {
    expect(text.length).toBeLessThanOrEqual(MAX_BYTES)
    expect(excessOf(text)).toBeNull()
  })
})

test('a NUL character is no text, wherever it stands', async () => {
  const { errors } = await read('profiles:\n  a: "\0"\n')
  expect(errors).toEqual(['m.yml:2:7  expected text, found a NUL character: save the file as UTF-8'])
  expect((await read('a: "\\0"')).errors).not.toContainEqual(expect.stringContaining('NUL'))
})
