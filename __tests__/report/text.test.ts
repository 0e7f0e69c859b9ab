import { describe, expect, test } from 'vitest'
import { changeText, columns, counted, cut, plain } from '../../src/report/text.ts'

describe('plain', () => {
  test.each([
    ['leaves text as it is', 'Grüße an 東京 – "a" <b> 😀', 'Grüße an 東京 – "a" <b> 😀'],
    ['writes line breaks as escapes', 'a\nb\r\nc\u2028d', 'a\\u000ab\\u000d\\u000ac\\u2028d'],
    [
      'writes control and format characters as escapes',
      '\u001b[31m\u0000\u202e',
      '\\u001b[31m\\u0000\\u202e',
    ],
    ['breaks workflow commands', '::error::x', ':\u200b:error:\u200b:x'],
    ['breaks overlapping colons', ':::x', ':\u200b:\u200b:x'],
    ['breaks legacy workflow commands', '##[group]x ###[x]', '#\u200b#[group]x ##\u200b#[x]'],
    ['replaces half a character', 'a\ud83d', 'a\ufffd'],
  ])('%s', (_, text, expected) => {
    expect(plain(text)).toBe(expected)
  })

  test('cuts at 2,000 characters and says so', () => {
    expect(plain('x'.repeat(2000))).toHaveLength(2000)
    expect(plain('x'.repeat(2001))).toBe(`${'x'.repeat(2000)}… (cut)`)
  })
})

test('cut leaves a short text, and ends a long one in an ellipsis', () => {
  expect(cut('abc', 3)).toBe('abc')
  expect(cut('abcd', 3)).toBe('abc…')
})

test('columns align all but the last', () => {
  const rows = [
    ['a', 'bbb', 'c'],
    ['aaa', 'b', ''],
  ]
  expect(columns(rows)).toEqual(['a    bbb  c', 'aaa  b'])
  expect(columns([])).toEqual([])
})

test('counted makes the plural', () => {
  expect([0, 1, 2].map((count) => counted(count, 'profile'))).toEqual([
    '0 profiles',
    '1 profile',
    '2 profiles',
  ])
})

describe('a change in words', () => {
  test.each([
    ['of a new profile is its value', 'create', null, '"a"', 'url: "a"'],
    ['of a value is both', 'update', '"a"', '"b"', 'url: "a" → "b"'],
    ['to nothing says so', 'update', '"a"', null, 'url: "a" → (empty)'],
    ['from nothing says so', 'update', null, '"b"', 'url: (empty) → "b"'],
    ['of a secret says only that', 'update', '(secret)', '(secret)', 'url: (secret, changed)'],
    ['that cannot be seen says that there is one', 'update', '"x=***"', '"x=***"', 'url: "x=***", changed'],
  ] as const)('%s', (_, verb, from, to, expected) => {
    expect(changeText({ path: 'url', from, to }, verb)).toBe(expected)
  })
})
