import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ActionResult } from '../../sandbox/runner.ts'
import { MAX_BYTES } from '../../src/manifest/files.ts'
import { MAX_PROFILES } from '../../src/manifest/load.ts'
import { account, act, annotations, ONE, PEAK_MEMORY, visible } from './scenario.ts'

/** A profile of the key `a` whose other fields are these lines. */
const profile = (...lines: string[]): string =>
  [
    'profiles:',
    '  a:',
    '    title: GH A',
    '    http_method: POST',
    '    url: https://h.example.com',
    ...lines,
  ]
    .map((line) => `${line}\n`)
    .join('')

const field = (name: string, value: string): string =>
  profile('    body: {}').replace(
    new RegExp(`^    ${name}: .*$`, 'm'),
    () => `    ${name}: ${JSON.stringify(value)}`,
  )

const UTF16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')
const BOMB = ['a: &a [x, x, x, x, x, x, x, x, x]']
for (let level = 1; level < 10; level += 1) {
  const [name, below] = [String.fromCharCode(97 + level), String.fromCharCode(96 + level)]
  BOMB.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${below}`).join(', ')}]`)
}

/** Files of which each has to be refused, and what one of its messages says. */
const HOSTILE: Readonly<Record<string, readonly [content: string | Buffer, message: RegExp]>> = {
  'alias-bomb.yml': [
    BOMB.join('\n'),
    /^\d+:\d+ .*the aliases down to here repeat more than 8388608 characters/,
  ],
  'alias-loop.yml': ['a: &a [*a]', /^1:8 .*this alias stands inside of what it repeats/],
  'deep-flow.yml': [
    profile(`    body: ${'[ '.repeat(101)}${']'.repeat(101)}`),
    /^6:\d+ .*(levels|deeply nested)/,
  ],
  'deep-block.yml': ['- '.repeat(5000), /^1:\d+ .*(levels|deeply nested)/],
  'prototype.yml': [profile('    body: { __proto__: { polluted: 1 } }'), /^6:13 .*this one is reserved/],
  'constructor.yml': [profile('    constructor: { prototype: { polluted: 1 } }'), /^6:5 .*unknown field/],
  'title-lf.yml': [field('title', 'GH A\n::error::pwned'), /^3:12 .*expected letters/],
  'title-nul.yml': [field('title', 'GH\u0000A'), /^3:12 .*expected letters/],
  'url-crlf.yml': [field('url', 'https://h.example.com/\r\nx: y'), /^5:10 .*without spaces or line breaks/],
  'url-nul.yml': [field('url', 'https://h.example.com/\u0000'), /^5:10 .*without spaces or line breaks/],
  'method-crlf.yml': [field('http_method', 'GET\r\n'), /^4:18 .*expected one of GET/],
  'header-crlf.yml': [
    profile('    body: {}', '    headers: { x-a: "b\\r\\nx-b: c" }'),
    /^7:21 .*without line breaks or control characters/,
  ],
  'header-nul.yml': [
    profile('    body: {}', '    headers: { x-a: "b\\0" }'),
    /^7:21 .*without line breaks or control characters/,
  ],
  'header-name.yml': [
    profile('    body: {}', '    headers: { "x-a: b\\r\\nx-b": c }'),
    /^7:16 .*expected a header name/,
  ],
  'id-path.yml': ['profiles: { a: { id: "../../other" } }', /^1:22 .*expected a profile id/],
  'id-query.yml': ['profiles: { a: { id: "SG_1?x=y" } }', /^1:22 .*expected a profile id/],
  'tag.yml': [profile('    body: !!js/function "() => 1"'), /^6:11 .*expected YAML without tags/],
  'binary.yml': [profile('    body: !!binary aGk='), /^6:11 .*expected YAML without tags/],
  'two.yml': [`${ONE}---\n${ONE}`, /^3:1 .*expected one YAML document/],
  'nul.yml': ['profiles:\0\n', /^1:10 .*found a NUL character/],
  'utf-16.yml': [UTF16(ONE), /^1:1 the file is not UTF-8/],
  'utf-16-without-mark.yml': [UTF16(ONE).subarray(2), /^1:2 .*found a NUL character: save the file as UTF-8/],
  'utf-32.yml': [Buffer.from([0, 0, 0xfe, 0xff, 0, 0, 0, 0x61]), /^1:1 the file is not UTF-8/],
  'latin-1.yml': [Buffer.from('profiles: {} # caf\xe9\n', 'latin1'), /^1:1 the file is not UTF-8/],
  'overlong.yml': [Buffer.from([0x61, 0x3a, 0x20, 0xc0, 0xaf]), /^1:1 the file is not UTF-8/],
  'surrogate.yml': [Buffer.from([0x61, 0x3a, 0x20, 0xed, 0xa0, 0x80]), /^1:1 the file is not UTF-8/],
  'long.yml': ['#'.repeat(MAX_BYTES + 1), /^1:1 the file has 1048577 bytes: a manifest may have 1048576/],
  'dense.yml': [`[${','.repeat(MAX_BYTES - 1)}`, /^1:100001 .*too many names and values/],
  'key.yml': ['profiles: { "a\\n::error::b": { id: SG_1 } }', /^1:13 .*expected a key of letters/],
  'expression.yml': [
    profile(`    body: { a: "\${{ ${'format('.repeat(500)}'x'${')'.repeat(500)} }}" }`),
    /^6:\d+ .*the expression cannot be/,
  ],
}

/** What a hostile repository may hold in the place of files, by path, with what a message says. */
function plant(workspace: string): Record<string, RegExp> {
  mkdirSync(join(workspace, 'folder.yml'), { recursive: true })
  writeFileSync(join(workspace, '../outside.yml'), ONE)
  execFileSync('mkfifo', [join(workspace, 'pipe.yml')])
  const links = {
    'outside.yml': '../outside.yml',
    'zero.yml': '/dev/zero',
    'proc.yml': '/proc/self/environ',
    'broken.yml': 'nowhere.yml',
    'loop.yml': 'loop.yml',
    up: '..',
    here: '.',
  }
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(workspace, path))
  const outside = /^1:1 this file is outside the workspace/
  return {
    'folder.yml': /^1:1 expected a file, found a directory/,
    'pipe.yml': /^1:1 expected a regular file/,
    'outside.yml': outside,
    'zero.yml': outside,
    'proc.yml': outside,
    'up/outside.yml': outside,
    '../outside.yml': outside,
    'broken.yml': /^1:1 there is no such file/,
    'loop.yml': /^1:1 the file cannot be read \(ELOOP\)/,
    '/etc/hostname': /^1:1 expected a path relative to the workspace/,
  }
}

/** Problems by file, as the log lists them: `line:column message`. */
function problemsOf({ log }: ActionResult, file: string): string[] {
  const starts = [`error: ${file}:`, `::error::${file}:`]
  return log
    .split('\n')
    .flatMap((line) => starts.flatMap((start) => (line.startsWith(start) ? [line.slice(start.length)] : [])))
    .map((text) => text.replace(/ {2}/, ' '))
}

test('every hostile file is refused with a located message, all in one run, and nothing is sent', async () => {
  const sandbox = await account()
  const workspace = join(mkdtempSync(join(tmpdir(), 'hostile-')), 'workspace')
  const planted = plant(workspace)
  const files = Object.fromEntries(Object.entries(HOSTILE).map(([path, [content]]) => [path, content]))
  const manifest = ['here/**/*.yml', ...Object.keys(files), ...Object.keys(planted)].join('\n')
  const result = await act(sandbox, { workspace, files, inputs: { manifest } })
  expect(result.exitCode).toBe(1)
  expect(sandbox.requests).toEqual([])
  const expected = {
    ...Object.fromEntries(Object.entries(HOSTILE).map(([path, [, message]]) => [path, message])),
    ...planted,
  }
  for (const [path, message] of Object.entries(expected))
    expect(problemsOf(result, path), path).toContainEqual(expect.stringMatching(message))
  expect(visible(result)).not.toContain('HOOK_TOKEN')
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

test.each([1000, 3000, 6000, 60_000])(
  'an expression that gives %i lists in each other is a located message',
  async (levels) => {
    const sandbox = await account()
    const manifest = profile('    body: { a: "${{ fromJSON(env.DEEP) }}" }')
    const env = { DEEP: '['.repeat(levels) + ']'.repeat(levels) }
    const result = await act(sandbox, { env, manifest })
    expect(annotations(result, 'error')).toEqual([
      expect.stringMatching(
        /:6:\d+ profiles\.a\.body.*(levels of nesting|nested too deeply|Error parsing JSON)/,
      ),
    ])
    expect(sandbox.requests).toEqual([])
  },
)

describe('memory and time stay small', () => {
  const many = (count: number, line: (index: number) => string): string =>
    `profiles:\n${Array.from({ length: count }, (_, index) => line(index)).join('')}`
  const valid = (index: number): string => `  p${index}:
    title: GH Profile ${index}
    http_method: POST
    url: https://hooks.example.com/kaleyra/${index}
    channel: sms
    events: [SMS-sent]
    body: { id: "<id>", status: "<status>" }
`
  const wrong = (index: number): string =>
    `  p${index}: { title: GH P${index}, http_method: GET, url: "h.example.com/${index}" }\n`

  // What a file may hold at most takes more than what is refused: its profiles have to be read.
  test.each<[string, string, errors: number, mebibytes: number]>([
    [`for ${MAX_PROFILES} profiles`, many(MAX_PROFILES, valid), 0, 220],
    [`for ${MAX_PROFILES} wrong profiles`, many(MAX_PROFILES, wrong), 10, 220],
    ['for a profile too many', many(MAX_PROFILES + 1, wrong), 1, 180],
    ['for a file full of commas', `[${','.repeat(MAX_BYTES - 1)}`, 1, 120],
    ['for a file full of brackets', '['.repeat(MAX_BYTES), 1, 120],
    ['for a file full of lines', '- 1\n'.repeat(MAX_BYTES / 4), 1, 120],
    ['for an alias bomb', BOMB.join('\n'), 10, 120],
  ])('%s', async (_, manifest, errors, mebibytes) => {
    const sandbox = await account()
    const started = performance.now()
    const result = await act(sandbox, { inputs: { mode: 'validate' }, env: PEAK_MEMORY, manifest })
    expect(annotations(result, 'error')).toHaveLength(errors)
    expect(Number(result.left['workspace/peak'])).toBeLessThan(mebibytes)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
