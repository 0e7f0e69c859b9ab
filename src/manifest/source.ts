/** Reads the texts of a manifest: files of the workspace, or inputs. The only part of the manifest that touches files. */
import { glob, readFile, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
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
      : await readFiles(source.patterns, source.implied, workspace)
  return collect(texts.map((text) => ('severity' in text ? text : parseSource(text))))
}

function collect(results: (Problem | ReturnType<typeof parseSource>)[]): Read {
  const read: Read = { documents: [], problems: [] }
  for (const result of results) {
    if ('severity' in result) read.problems.push(result)
    else if (result.document === null) read.problems.push(...result.problems)
    else read.documents.push(result.document)
  }
  return read
}

async function readFiles(
  patterns: readonly string[],
  implied: boolean,
  workspace: string,
): Promise<(Source | Problem)[]> {
  const found: (Source | Problem)[] = []
  const seen = new Set<string>()
  for (const pattern of patterns) {
    const paths = await expand(pattern, workspace)
    if (paths.length === 0) found.push(fileProblem(pattern, 'no file of the workspace matches this pattern'))
    for (const path of paths) {
      const text = await readText(path, workspace, implied)
      if (seen.has(path)) continue
      seen.add(path)
      found.push(text)
    }
  }
  return found
}

async function expand(pattern: string, workspace: string): Promise<string[]> {
  if (!/[*?[\]{}]/.test(pattern)) return [pattern.replace(/^(\.\/)+/, '')]
  const paths: string[] = []
  for await (const entry of glob(pattern, { cwd: workspace, withFileTypes: true })) {
    if (!entry.isDirectory())
      paths.push(relative(workspace, join(entry.parentPath, entry.name)).split(sep).join('/'))
  }
  return paths.sort()
}

async function readText(path: string, workspace: string, implied: boolean): Promise<Source | Problem> {
  if (path.includes('\0') || isAbsolute(path))
    return fileProblem(path, 'expected a path relative to the workspace')
  try {
    const root = await realpath(workspace)
    const real = await realpath(join(root, path))
    if (real !== root && !real.startsWith(root + sep)) {
      return fileProblem(path, 'this file is outside the workspace: a manifest has to be inside')
    }
    const facts = await stat(real)
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
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(real))
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
  place: { source: path, file: null, line: 1, column: 1 },
  path: '',
  message,
})

/** One document made of single-profile inputs: each field is a text of its own, and is named after its input. */
function readFields(fields: readonly FieldInput[]): Read {
  const parts = new Map<string, Document>()
  const problems: Problem[] = []
  for (const { input, field, text, structured } of fields) {
    const name = `input ${input}`
    const place: Place = { source: name, file: null, line: 1, column: 1 }
    if (!structured) {
      parts.set(field, {
        name,
        evaluates: false,
        templated: false,
        value: text,
        place: () => place,
        keyPlace: () => place,
      })
      continue
    }
    const parsed = parseSource({ name, file: null, text })
    problems.push(...parsed.problems)
    if (parsed.document !== null) parts.set(field, parsed.document)
  }
  const missing: Place = { source: 'inputs', file: null, line: 1, column: 1 }
  const placeOf = ([field, ...rest]: Path, part: 'place' | 'keyPlace'): Place =>
    parts.get(String(field))?.[part](rest) ?? missing
  const document: Document = {
    name: 'inputs',
    evaluates: false,
    templated: false,
    value: Object.fromEntries([...parts].map(([field, { value }]) => [field, value])),
    place: (path) => placeOf(path, 'place'),
    keyPlace: (path) => placeOf(path, 'keyPlace'),
  }
  return { documents: problems.length === 0 ? [document] : [], problems }
}
