/** What people type and read is the same everywhere: action.yml, code, README, examples, generated files. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ROOT } from '../sandbox/runner.ts'
import { documents } from '../scripts/documents.ts'
import { DEFAULT_MANIFEST, readInputs } from '../src/inputs.ts'
import { expressionsOf } from '../src/manifest/contexts.ts'
import { parseSource } from '../src/manifest/document.ts'
import { loadManifest } from '../src/manifest/load.ts'
import { showProblem } from '../src/manifest/problem.ts'
import { OUTPUT_NAMES } from '../src/report/outputs.ts'

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

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const filesIn = (folder: string, extension: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(extension))
    .map((path) => join(folder, path))

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
    const defaults = readInputs((name) => action.inputs[name]?.default ?? '').settings
    // Only the runner knows the token.
    expect({ ...defaults, githubToken: '' }).toEqual(settings)
  })

  test.each(inputs)('the description of %s names its default', (name, input) => {
    const [, stated] = /\b(?:Default `?(.+?)`?(?:,.*)?|No default(?:;.*)?)\.$/.exec(input.description) ?? []
    expect(input.description).toMatch(/\b(Default |No default)/)
    expect(stated ?? '').toBe(input.default ?? (name === 'manifest' ? DEFAULT_MANIFEST : ''))
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

/** Checks a manifest as `mode: validate` does. */
async function problemsOf(name: string, text: string): Promise<string[]> {
  const { document, problems } = parseSource({ name, file: name, text })
  if (document === null) return problems.map(showProblem)
  return loadManifest([document], await expressionsOf([document], null)).problems.map(showProblem)
}

/** Every step that uses this action, wherever it stands in a piece of YAML. */
function usesOf(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  const step = value as Record<string, unknown>
  const own = typeof step.uses === 'string' && step.uses.includes('/kaleyra-callback-profiles@') ? [step] : []
  return [...own, ...Object.values(value).flatMap(usesOf)]
}

/** Checks a piece of YAML that documents something: a manifest is valid, a step sets inputs that exist. */
async function expectUsable(name: string, text: string): Promise<void> {
  const value = parse(text)
  for (const step of usesOf(value)) {
    const given = (step.with ?? {}) as Record<string, unknown>
    expect(Object.keys(given).filter((input) => !(input in action.inputs))).toEqual([])
    const { problems } = readInputs((input) => String(given[input] ?? '').replace(/\$\{\{.*?\}\}/g, 'x'))
    expect(problems).toEqual([])
  }
  if (typeof value === 'object' && value !== null && 'profiles' in value)
    expect(await problemsOf(name, text)).toEqual([])
}

describe('what is shown to be copied', () => {
  test.each(filesIn('examples', '.yml'))('%s is valid', async (path) => {
    await expectUsable(path, read(path))
  })

  const pages = ['README.md', ...filesIn('docs', '.md')]
  const blocks = pages.flatMap((page) =>
    [...read(page).matchAll(/^ *```ya?ml\n([\s\S]*?)^ *```$/gm)].map(
      ([, text], index) => [`${page}, YAML block ${index + 1}`, text ?? ''] as const,
    ),
  )
  test.each(blocks)('%s is valid', async (name, text) => {
    await expectUsable(name, text)
  })

  test('the README shows a manifest and steps', () => {
    expect(blocks.filter(([, text]) => 'profiles' in Object(parse(text)))).not.toEqual([])
    expect(blocks.flatMap(([, text]) => usesOf(parse(text)))).not.toEqual([])
  })

  test('every output that is read exists', () => {
    const readOutputs = pages.flatMap((page) => [...read(page).matchAll(/\boutputs\.([\w-]+)/g)])
    const names = readOutputs.map(([, name]) => name ?? '')
    const documented = (name: string): boolean =>
      name.startsWith('profile-id-') || OUTPUT_NAMES.includes(name as never)
    expect(names.filter((name) => !documented(name))).toEqual([])
  })

  test('every script that the README names exists', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...read('README.md').matchAll(/npm run ([\w-]+)/g)].map(([, name]) => name ?? '')
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})
