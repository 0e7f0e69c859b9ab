/** What people type and read is the same everywhere: action.yml, code, README, generated files. */
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { documents } from '../scripts/documents.ts'
import { DEFAULT_MANIFEST, readInputs } from '../src/inputs.ts'
import { OUTPUT_NAMES } from '../src/report/outputs.ts'
import { filesIn, read } from './pages.ts'

interface Described {
  readonly description: string
  readonly default?: string
}
interface ActionMetadata {
  readonly inputs: Record<string, Described>
  readonly outputs: Record<string, Described>
  readonly runs: { readonly using: string; readonly main: string }
}

const MAX_LINES = 300

const action = parse(read('action.yml')) as ActionMetadata
const inputs = Object.entries(action.inputs)

/** Every input's name that the code reads, in the order of reading. */
function namesRead(): string[] {
  const names: string[] = []
  readInputs((name) => {
    names.push(name)
    return ''
  })
  return [...new Set(names)]
}

/** First column of a generated table of the README. */
function tableOf(section: string): string[] {
  const text = read('README.md').split(`<!-- ${section}: `)[1]?.split(`<!-- /${section} -->`)[0] ?? ''
  return [...text.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name ?? '')
}

/** The message for an input that holds a value which no input takes. */
function refusalOf(name: string): string {
  const { problems } = readInputs((input) => (input === name ? '?' : ''))
  return problems.map(({ message }) => message).join(' ')
}

describe('inputs and outputs', () => {
  test('have the same names in action.yml, code and README', () => {
    const names = inputs.map(([name]) => name)
    expect(namesRead().sort()).toEqual([...names].sort())
    expect(tableOf('inputs')).toEqual(names)
    expect(Object.keys(action.outputs)).toEqual([...OUTPUT_NAMES])
    expect(tableOf('outputs')).toEqual([...OUTPUT_NAMES])
  })

  test('have the same defaults in action.yml and code', () => {
    const settings = readInputs(() => '').settings
    expect(settings).not.toBeNull()
    // Only the runner knows the token.
    const defaultOf = (name: string): string =>
      name === 'github-token' ? '' : (action.inputs[name]?.default ?? '')
    expect(readInputs(defaultOf).settings).toEqual(settings)
  })

  test.each(inputs)('the description of %s names its default', (name, input) => {
    const [, stated] = /\b(?:Default `?(.+?)`?(?:,.*)?|No default(?:;.*)?)\.$/.exec(input.description) ?? []
    expect(input.description).toMatch(/\b(Default |No default)/)
    const fallback = input.default ?? (name === 'manifest' ? DEFAULT_MANIFEST : '')
    // GitHub would evaluate an expression in a description too, and refuse the action for it.
    expect(stated ?? '').toBe(fallback.replace(/^\$\{\{ (.*) \}\}$/, '$1'))
  })

  test.each(inputs)(
    'the description of %s names the values that the code allows',
    (name, { description }) => {
      const refusal = refusalOf(name)
      const words = /^expected one of (.+), found/.exec(refusal)?.[1]?.split(', ') ?? []
      const flags = refusal.startsWith('expected true or false') ? ['true', 'false'] : []
      for (const word of [...words, ...flags]) expect(description).toContain(`\`${word}\``)
      const [range] = /from \d+ to \d+/.exec(refusal) ?? ['']
      expect(description).toContain(range)
    },
  )

  test('every output has a description', () => {
    for (const { description } of Object.values(action.outputs)) expect(description).toMatch(/\.$/)
  })

  test('the action runs the committed bundle on Node 24', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' })
    expect(read(action.runs.main).length).toBeGreaterThan(0)
  })
})

describe('committed files', () => {
  test('the generated documents are what the sources make', async () => {
    for (const [path, text] of await documents()) expect(read(path), path).toBe(text)
  })

  test('the lock file names no registry', () => {
    const lock = read('package-lock.json')
    expect(lock).not.toContain('"resolved"')
    expect(lock).not.toMatch(/https?:\/\/[^"]*(registry|\.tgz)/)
  })

  test(`no source file has more than ${MAX_LINES} lines`, () => {
    const sources = ['src', 'sandbox', 'scripts'].flatMap((folder) => filesIn(folder, '.ts'))
    const lengths = sources.map((path) => [path, read(path).trimEnd().split('\n').length] as const)
    expect(lengths.filter(([, length]) => length > MAX_LINES)).toEqual([])
  })
})
