import { describe, expect, test } from 'vitest'
import { type Document, parseSource } from '../../src/manifest/document.ts'
import { type Path, showProblem } from '../../src/manifest/problem.ts'

const parse = (text: string): { document: Document | null; problems: string[] } => {
  const { document, problems } = parseSource({ name: 'm.yml', file: 'm.yml', text })
  return { document, problems: problems.map(showProblem) }
}
const parsed = (text: string): Document => {
  const { document, problems } = parse(text)
  if (document === null || problems.length > 0) throw new Error(problems.join('\n'))
  return document
}
/** `key line:column, value line:column` of what stands at a path. */
const places = (text: string, path: Path): string => {
  const document = parsed(text)
  const [key, value] = [document.keyPlace(path), document.place(path)]
  return `key ${key.line}:${key.column}, value ${value.line}:${value.column}`
}

describe('a place', () => {
  const TEXT = `version: 1
common: &common
  headers: &headers { x-a: "1" }
  body:
    a: b
profiles:
  first:
    <<: *common
    title: GH A
  second:
    headers: *headers
    <<: [{ title: GH B }, *common]
  third: *common
`
  test.each<[path: Path, place: string]>([
    [[], 'key 1:1, value 1:1'],
    [['version'], 'key 1:1, value 1:10'],
    [['profiles'], 'key 6:1, value 7:3'],
    [['profiles', 'first'], 'key 7:3, value 8:5'],
    [['profiles', 'first', 'title'], 'key 9:5, value 9:12'],
    [['profiles', 'first', 'headers', 'x-a'], 'key 3:23, value 3:28'],
    [['profiles', 'first', 'body', 'a'], 'key 5:5, value 5:8'],
    [['profiles', 'second', 'headers'], 'key 11:5, value 11:14'],
    [['profiles', 'second', 'headers', 'x-a'], 'key 3:23, value 3:28'],
    [['profiles', 'second', 'title'], 'key 12:12, value 12:19'],
    [['profiles', 'second', 'body'], 'key 4:3, value 5:5'],
    [['profiles', 'third'], 'key 13:3, value 13:10'],
    [['profiles', 'third', 'body'], 'key 4:3, value 5:5'],
    [['profiles', 'first', 'nope'], 'key 7:3, value 7:3'],
    [['profiles', 'first', 'nope', 'deeper', 3], 'key 7:3, value 7:3'],
    [['profiles', 'first', 'title', 'length'], 'key 9:5, value 9:5'],
    [['constructor'], 'key 1:1, value 1:1'],
  ])('of %j, also through aliases and merge keys: %s', (path, place) => {
    expect(places(TEXT, path)).toBe(place)
  })

  test.each([
    ['carriage returns', 'a: 1\r\nb:\r\n  - x\r\n  - y\r\n', ['b', 1], 'key 4:5, value 4:5'],
    ['a byte order mark', '\ufeffa: 1\nb: 2\n', ['b'], 'key 2:1, value 2:4'],
    ['a document marker and comments', '# one\n---\n# two\na: 1\n', ['a'], 'key 4:1, value 4:4'],
    ['JSON', '{\n\t"a": [\n\t\t{ "b": 1 }\n\t]\n}', ['a', 0, 'b'], 'key 3:5, value 3:10'],
    ['comments in JSON', '{ // one\n  "a": 1, // two\n  "b": 2\n}', ['b'], 'key 3:3, value 3:8'],
    ['a value that is left out', 'a:\nb:\n', ['b'], 'key 2:1, value 2:3'],
    ['a key with an explicit mark', '? a\n: 1\n', ['a'], 'key 1:3, value 2:3'],
    ['a text over several lines', 'a: >\n  x\n  y\nb: 1\n', ['b'], 'key 4:1, value 4:4'],
    ['the index of a list as text', 'a: [x, y]', ['a', '1'], 'key 1:8, value 1:8'],
  ])('is right with %s', (_, text, path, place) => {
    expect(places(text, path)).toBe(place)
  })
})

describe('a value', () => {
  test.each<[text: string, value: unknown]>([
    ['a: 2024-01-31', { a: '2024-01-31' }],
    ['a: [yes, on, no, NO, y]', { a: ['yes', 'on', 'no', 'NO', 'y'] }],
    ['a: [true, False, null, ~, ""]', { a: [true, false, null, null, ''] }],
    ['a: [1_000, 0o17, 017, 1e3, .5, +1]', { a: ['1_000', 15, 17, 1000, 0.5, 1] }],
    ['%YAML 1.1\n---\na: [yes, 2024-01-31, 1_000]', { a: ['yes', '2024-01-31', '1_000'] }],
    [
      '1: a\ntrue: b\nnull: c\n1.0: d\n0x10: e\n"": f',
      { 1: 'a', true: 'b', null: 'c', '1.0': 'd', '0x10': 'e', '': 'f' },
    ],
    ['"<<": a', { '<<': 'a' }],
    ['a: !!str 5', { a: '5' }],
    ['constructor: 1\ntoString: 2', { constructor: 1, toString: 2 }],
    ['{ "a": "x // y", "b": "\\/\\/" }', { a: 'x // y', b: '//' }],
    ['{ a: x//y, b: http://c }', { a: 'x//y', b: 'http://c' }],
    [
      'a: &x { b: 1, c: 2 }\nd: { <<: *x, c: 3 }\ne: { c: 4, <<: *x }',
      { a: { b: 1, c: 2 }, d: { b: 1, c: 3 }, e: { b: 1, c: 4 } },
    ],
    ['a: { <<: [{ b: 1 }, { b: 2, c: 3 }] }', { a: { b: 1, c: 3 } }],
    ['a: &x 1\nb: &x 2\nc: *x', { a: 1, b: 2, c: 2 }],
    ['a: &x\nb: *x', { a: null, b: null }],
  ])('%j', (text, value) => {
    expect(parsed(text).value).toEqual(value)
  })

  test('that is repeated often is no bomb', () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `k${index}: *h`)
    expect(parsed(`h: &h { x-a: "1" }\n${lines.join('\n')}`).value).toHaveProperty('k4999', { 'x-a': '1' })
  })
})

describe('what is wrong with a text is located', () => {
  test.each([
    ['a: 1\nb: 2\na: 3', '3:1  a: this key stands here a second time, first on line 1'],
    ['a: { b: 1, "b": 2 }', '1:12  a.b: this key stands here a second time, first on line 1'],
    ['- { 1: a, "1": b }', '1:11  [0].1: this key stands here a second time, first on line 1'],
    ['{ "__proto__": 1 }', '1:3  __proto__: expected another name: this one is reserved'],
    ['a: *nope', '1:4  a: no anchor of this name stands above: a text that starts with `*` needs quotes'],
    [
      'a: *x\nb: &x 1',
      '1:4  a: no anchor of this name stands above: a text that starts with `*` needs quotes',
    ],
    ['a: &x [*x]', '1:8  a[0]: this alias stands inside of what it repeats'],
    ['a: &x { b: { <<: *x } }', '1:18  a.b.<<: this alias stands inside of what it repeats'],
    ['a: { <<: text }', '1:6  a: expected an object, or a list of objects, to merge'],
    ['a: { <<: [{}, text] }', '1:6  a: expected an object, or a list of objects, to merge'],
    ['? [a, b]\n: c', '1:3  expected a text as name'],
    [
      'a: !!timestamp 2024-01-31',
      '1:4  expected YAML without tags: a text that starts with `!` needs quotes',
    ],
    ['a: !!binary aGk=', '1:4  expected YAML without tags: a text that starts with `!` needs quotes'],
    ['a: !!set { b }', '1:4  expected YAML without tags: a text that starts with `!` needs quotes'],
    ['a: 1\n---\nb: 2', '2:1  expected one YAML document: remove the `---` that starts a second one'],
    ['a: @b', '1:4  expected a text in quotes: this character has a meaning in YAML'],
    ['a: "\\d"', '1:5  expected an escape sequence of YAML: in double quotes a backslash is written twice'],
    ['a: b: c', '1:4  expected one `name: value` on a line: a value that holds `: ` needs quotes'],
    ['a: "b" c', '1:8  expected nothing after this value: it may need quotes as a whole'],
    ['a: "b', '1:6  Missing closing "quote'],
    ['a: [b', '1:6  Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['a:\n\tb: 1', '2:1  Tabs are not allowed as indentation'],
  ])('%j', (text, problem) => {
    expect(parse(text).problems).toContain(`m.yml:${problem}`)
  })

  test('and a wrong structure does not hide the rest of the document', () => {
    const { document, problems } = parse('a: 1\na: 2\nb: *x\nc: 3')
    expect(problems).toHaveLength(2)
    expect(document?.value).toEqual({ a: 1, b: null, c: 3 })
  })

  test('and after 200 problems their number is told', () => {
    const { problems } = parse('a: 1\n'.repeat(1000))
    expect(problems).toHaveLength(201)
    expect(problems.at(-1)).toBe('m.yml:202:1  799 more problems from here on')
  })
})

describe('nesting', () => {
  const nested = (levels: number): string => `a: ${'['.repeat(levels)}${']'.repeat(levels)}`
  test('of 100 levels is taken, one more is refused', () => {
    expect(parse(nested(100)).problems).toEqual([])
    expect(parse(nested(101)).problems).toEqual([
      expect.stringMatching(
        /^m\.yml:1:104 {2}a\[0\].*: expected at most 100 levels of objects and lists in each other$/,
      ),
    ])
  })

  test.each([': '.repeat(5000), `${'- '.repeat(20_000)}\n- `, `${'? '.repeat(20_000)}\n: `])(
    'beyond what the parser itself can take is refused, too: %.12j',
    (text) => {
      const { document, problems } = parse(text)
      expect(document).toBeNull()
      expect(problems).toEqual([
        expect.stringMatching(/^m\.yml:1:\d+ {2}expected objects and lists that are less deeply nested$/),
      ])
    },
  )

  test('is counted through aliases', () => {
    const chain = Array.from({ length: 200 }, (_, index) => `k${index + 1}: &a${index + 1} { x: *a${index} }`)
    const { problems } = parse(`k0: &a0 1\n${chain.join('\n')}`)
    expect(problems[0]).toBe(
      'm.yml:102:18  k101.x: expected at most 100 levels of objects and lists in each other',
    )
  })

  test.each([
    ['[', 20_000],
    ['[{', 10_000],
    ['{a: ', 10_000],
    ['- ', 20_000],
  ])('without an end is one problem: %s', (piece, count) => {
    expect(parse(piece.repeat(count)).problems).toEqual([
      expect.stringContaining('expected objects and lists that are less deeply nested'),
    ])
  })
})

describe('an alias bomb is refused at the alias that goes too far', () => {
  const BOMB = /^m\.yml:\d+:\d+ {2}.*: the aliases down to here repeat more than 8388608 characters$/
  const levels = (line: (index: number) => string): string =>
    Array.from({ length: 12 }, (_, index) => line(index)).join('\n')
  const nine = (name: string): string => Array(9).fill(`*${name}`).join(', ')
  test.each([
    ['lists', `a0: &a0 [x, x]\n${levels((index) => `a${index + 1}: &a${index + 1} [${nine(`a${index}`)}]`)}`],
    [
      'objects',
      `a0: &a0 { x: 1 }\n${levels((index) => `a${index + 1}: &a${index + 1} { ${Array.from({ length: 9 }, (_, key) => `k${key}: *a${index}`)} }`)}`,
    ],
    ['one long text', `a: &a "${'x'.repeat(100_000)}"\nb: [${'*a, '.repeat(100)}]`],
    [
      'a wide object that is merged',
      `a: &a {${Array.from({ length: 2000 }, (_, index) => `? ${'k'.repeat(50)}${index}`).join(', ')}}\nb: [${'{ <<: *a }, '.repeat(100)}]`,
    ],
    [
      'a list of merges',
      `a: &a {${Array.from({ length: 2000 }, (_, index) => `? ${'k'.repeat(50)}${index}`).join(', ')}}\nb: { <<: [${'*a, '.repeat(100)}] }`,
    ],
  ])('%s', { timeout: 20_000 }, (_, text) => {
    expect(parse(text).problems).toEqual([expect.stringMatching(BOMB)])
  })
})

describe('time grows with the size of a text, not with its square', () => {
  const COUNT = 20_000
  test.each([
    ['keys', Array.from({ length: COUNT }, (_, index) => `k${index}: 1`).join('\n')],
    ['keys that are all the same', 'a: 1\n'.repeat(COUNT)],
    ['aliases', `a: &a 1\nb: [${'*a,'.repeat(COUNT)}]`],
    ['aliases without an anchor', `[${'*a,'.repeat(COUNT)}]`],
    ['comments in JSON that never ends', `{${'"//\n'.repeat(COUNT)}`],
  ])('%s', { timeout: 20_000 }, (_, text) => {
    parse(text)
  })
})
