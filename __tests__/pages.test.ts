/** What the pages show to be copied works, and what they point to exists. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ROOT } from '../sandbox/runner.ts'
import { readInputs } from '../src/inputs.ts'
import { expressionsOf } from '../src/manifest/contexts.ts'
import { parseSource } from '../src/manifest/document.ts'
import { loadManifest } from '../src/manifest/load.ts'
import { showProblem } from '../src/manifest/problem.ts'
import { OUTPUT_NAMES } from '../src/report/outputs.ts'
import { blocks, filesIn, manifests, PAGES, read, type Text, workflows, yamls } from './pages.ts'

const action = parse(read('action.yml')) as { inputs: Record<string, unknown> }

const named = (texts: readonly Text[]) => texts.map(({ name, text }) => [name, text] as const)

/** Checks a manifest as `mode: validate` does. */
async function problemsOf(name: string, text: string): Promise<string[]> {
  const { document, problems } = parseSource({ name, file: name, text })
  if (document === null) return problems.map(showProblem)
  return loadManifest([document], await expressionsOf([document], null)).problems.map(showProblem)
}

/** A step that uses this action. */
interface Step {
  readonly with?: Readonly<Record<string, unknown>>
}

/** Every step that uses this action, wherever it stands in a piece of YAML. */
function usesOf(value: unknown): Step[] {
  if (typeof value !== 'object' || value === null) return []
  const { uses } = value as { uses?: unknown }
  const isOurs = typeof uses === 'string' && /\/kaleyra-callback-profiles@|^\.\/$/.test(uses)
  return [...(isOurs ? [value as Step] : []), ...Object.values(value).flatMap(usesOf)]
}

describe('YAML to be copied', () => {
  test.each(named(yamls()))('sets inputs that exist, to values that they take: %s', (_, text) => {
    for (const step of usesOf(parse(text))) {
      const given = step.with ?? {}
      expect(Object.keys(given).filter((input) => !(input in action.inputs))).toEqual([])
      // What an expression gives is not known here.
      const known = (input: string): string =>
        String(given[input] ?? '')
          .replace(/^\$\{\{.*\}\}$/, '')
          .replace(/\$\{\{.*?\}\}/g, 'x')
      expect(readInputs(known).problems).toEqual([])
    }
  })

  test.each(named(manifests()))('is a valid manifest: %s', async (name, text) => {
    expect(await problemsOf(name, text)).toEqual([])
  })

  test.each(named([...yamls(), ...workflows()]))('reads outputs that exist: %s', (_, text) => {
    const names = [...text.matchAll(/\boutputs\.([\w-]+)/g)].map(([, name = '']) => name)
    const exists = (name: string): boolean =>
      name.startsWith('profile-id-') || OUTPUT_NAMES.includes(name as never)
    expect(names.filter((name) => !exists(name))).toEqual([])
  })

  test('is there in every kind', () => {
    expect(manifests()).not.toEqual([])
    expect(workflows()).not.toEqual([])
    expect(yamls().flatMap(({ text }) => usesOf(parse(text)))).not.toEqual([])
  })
})

test.each(named(blocks('json')))('JSON to be copied can be read: %s', (_, text) => {
  expect(JSON.parse(text)).toBeTypeOf('object')
})

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')

describe('a page', () => {
  /** A page without its code, in which nothing is a link or a heading. */
  const prose = (page: string): string => read(page).replaceAll(/^ *```[\s\S]*?^ *```$/gm, '')
  const anchors = (page: string): string[] =>
    [...prose(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))

  test.each(PAGES)('links to what exists: %s', (page) => {
    for (const [, link = ''] of prose(page).matchAll(/\]\((?!https:)([^)]*)\)/g)) {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page : join(dirname(page), path)
      expect(existsSync(join(ROOT, target)), link).toBe(true)
      if (anchor !== undefined) expect(anchors(target), link).toContain(anchor)
    }
  })

  test('is linked from the README, and so is every workflow to paste', () => {
    for (const path of [...filesIn('docs', '.md'), ...filesIn('examples/workflows', '.yml')])
      expect(read('README.md')).toContain(`](${path})`)
  })

  test.each(PAGES)('names scripts that exist: %s', (page) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const names = [...read(page).matchAll(/npm run ([\w-]+)/g)].map(([, name = '']) => name)
    expect(names.filter((name) => !(name in scripts))).toEqual([])
  })
})
