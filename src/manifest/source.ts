/**
 * Reads the texts of a manifest: files of the workspace, or inputs. The only part of the manifest that touches files, one
 * after the other: Node's promises of files take longer to load than it takes to read them.
 */
import { globSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, normalize, relative, sep } from 'node:path'
import type { FieldInput, ManifestSource } from '../inputs.ts'
import { type Document, parseSource, type Source } from './document.ts'
import type { Path, Place, Problem } from './problem.ts'

/** Largest manifest file, in bytes. */
export const MAX_BYTES = 1024 * 1024

interface Read {
  readonly documents: Document[]
  readonly problems: Problem[]
}

/** Reads and parses everything that a source names, and reports all that cannot be read. `workspace` is absolute. */
export async function readSource(source: ManifestSource, workspace: string): Promise<Read> {
  if (source.kind === 'fields') return readFields(source.fields)
  const texts =
    source.kind === 'inline'
      ? [{ name: 'input profiles', file: null, text: source.text }]
      : readFiles(source.patterns, source.implied, workspace)
  const parsed = texts.map((text) =>
    'severity' in text ? { document: null, problems: [text] } : parseSource(text),
  )
  return {
    documents: parsed.flatMap(({ document }) => document ?? []),
    problems: parsed.flatMap(({ problems }) => problems),
  }
}

function readFiles(patterns: readonly string[], implied: boolean, workspace: string): (Source | Problem)[] {
  const found = new Map<string, Source | Problem>()
  for (const pattern of patterns) {
    const paths = expand(pattern, workspace)
    if (paths.length === 0)
      found.set(pattern, fileProblem(pattern, 'no file of the workspace matches this pattern'))
    for (const path of paths) if (!found.has(path)) found.set(path, readText(path, workspace, implied))
  }
  return [...found.values()]
}

/** The files that a path or glob means, from the workspace's root, with `/` and in order. None in `node_modules`. */
function expand(pattern: string, workspace: string): string[] {
  const path = normalize(pattern).split(sep).join('/')
  // A glob that leaves the workspace would search the whole disk: it is refused like a path that does.
  if (!/[*?[\]{}]/.test(path) || isAbsolute(path) || leaves(path)) return [path]
  const exclude = ({ name }: { name: string }): boolean => name === 'node_modules'
  return globSync(path, { cwd: workspace, withFileTypes: true, exclude })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(workspace, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}

/** Tells whether a normalized relative path leads out of where it starts. */
const leaves = (path: string): boolean => path.split(/[/\\]/)[0] === '..'

function readText(path: string, workspace: string, implied: boolean): Source | Problem {
  if (path.includes('\0') || isAbsolute(path))
    return fileProblem(path, 'expected a path relative to the workspace')
  const outside = 'this file is outside the workspace: a manifest has to be inside'
  if (leaves(path)) return fileProblem(path, outside)
  try {
    const root = realpathSync.native(workspace)
    const real = realpathSync.native(join(root, path))
    const inside = relative(root, real)
    if (isAbsolute(inside) || leaves(inside)) return fileProblem(path, outside)
    const facts = statSync(real)
    if (!facts.isFile()) {
      return fileProblem(
        path,
        facts.isDirectory()
          ? `expected a file, found a directory: did you mean \`${path.replace(/\/$/, '')}/*.yml\`?`
          : 'expected a regular file',
      )
    }
    if (facts.size > MAX_BYTES)
      return fileProblem(path, `the file has ${facts.size} bytes: a manifest may have ${MAX_BYTES}`)
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(real))
    return { name: path, file: path, text }
  } catch (error) {
    return fileProblem(path, readFailure(error as NodeJS.ErrnoException, implied))
  }
}

function readFailure(error: NodeJS.ErrnoException, implied: boolean): string {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    return implied
      ? 'there is no such file, and no other source of profiles is given: check out the repository first (actions/checkout), or set the input `manifest`, `profiles` or `title`'
      : 'there is no such file in the workspace: check the path in the input `manifest`, and that the repository is checked out first (actions/checkout)'
  }
  if (error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'the file is not UTF-8: save it as UTF-8'
  return `the file cannot be read (${error.code ?? 'unknown reason'})`
}

const fileProblem = (path: string, message: string): Problem => ({
  severity: 'error',
  place: start(path),
  path: '',
  message,
})

/** One document made of single-profile inputs: each field is a text of its own, and is named after its input. */
function readFields(fields: readonly FieldInput[]): Read {
  const read = fields.map(({ input, field, text, structured }) => {
    const source: Source = { name: `input ${input}`, file: null, text }
    return { field, source, ...(structured ? parseSource(source) : { document: null, problems: [] }) }
  })
  const parts = new Map(read.map((part) => [part.field, part]))
  const placeOf = ([field, ...rest]: Path, part: 'place' | 'keyPlace'): Place => {
    const found = parts.get(String(field))
    if (found !== undefined) return found.document?.[part](rest) ?? start(found.source.name)
    return start(field === undefined ? 'inputs' : `input ${String(field).replaceAll('_', '-')}`)
  }
  // A text that cannot be read stands for an empty value, so that the other fields are checked all the same.
  const values = read.map(({ field, source, document, problems }): [string, unknown] => [
    field,
    document !== null ? document.value : problems.length > 0 ? null : source.text,
  ])
  const document: Document = {
    name: 'inputs',
    evaluates: false,
    templated: false,
    value: Object.fromEntries(values),
    place: (path) => placeOf(path, 'place'),
    keyPlace: (path) => placeOf(path, 'keyPlace'),
  }
  return { documents: [document], problems: read.flatMap(({ problems }) => problems) }
}

const start = (source: string): Place => ({ source, file: null, line: 1, column: 1 })
