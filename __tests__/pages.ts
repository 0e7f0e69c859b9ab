/** Everything that people read or copy: the pages, their code blocks, the examples, the workflows. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { ROOT } from '../sandbox/runner.ts'

/** A text that stands in the repository, and what to call it. */
export interface Text {
  readonly name: string
  readonly text: string
}

export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** Paths of all files below a folder with this extension; none where there is no such folder. */
export function filesIn(folder: string, extension: string): string[] {
  if (!existsSync(join(ROOT, folder))) return []
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(extension))
    .map((path) => join(folder, path))
    .sort()
}

/** Paths of the pages. */
export const PAGES: readonly string[] = ['README.md', ...filesIn('docs', '.md')]

/** The code blocks of all pages in these languages, without the indentation of a list that they stand in. */
export function blocks(...languages: readonly string[]): Text[] {
  const fence = new RegExp(`^( *)\`\`\`(?:${languages.join('|')})\\n([\\s\\S]*?)^ *\`\`\`$`, 'gm')
  return PAGES.flatMap((page) =>
    [...read(page).matchAll(fence)].map(([, indent = '', text = ''], index) => ({
      name: `${page}, ${languages[0]} block ${index + 1}`,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    })),
  )
}

/** All YAML that people copy. */
export const yamls = (): Text[] => [
  ...filesIn('examples', '.yml').map((name) => ({ name, text: read(name) })),
  ...blocks('yaml', 'yml'),
]

/** The manifests among it and among all JSON: those of many profiles, and single profiles. */
export const manifests = (): Text[] =>
  [...yamls(), ...blocks('json')].filter(({ text }) => {
    const value = Object(parse(text))
    return 'profiles' in value || ('title' in value && 'url' in value)
  })

/** The whole workflows among it, and those of this repository. */
export const workflows = (): Text[] => [
  ...filesIn('.github/workflows', '.yml').map((name) => ({ name, text: read(name) })),
  ...yamls().filter(({ text }) => ['on', 'jobs'].every((name) => name in Object(parse(text)))),
]
