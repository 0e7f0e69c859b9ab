/** Reads and parses the texts of a manifest: files, or inputs. */
import type { FieldInput, ManifestSource } from '../inputs.ts'
import { type Document, parseSource, type Source } from './document.ts'
import { type ManifestFiles, readFiles } from './files.ts'
import { type Path, type Place, type Problem, startOf } from './problem.ts'

interface Read {
  readonly documents: Document[]
  readonly problems: Problem[]
}

/** Reads and parses everything that a source names, and reports all that cannot be read. */
export async function readSource(source: ManifestSource, files: ManifestFiles): Promise<Read> {
  if (source.kind === 'fields') return readFields(source.fields)
  const texts =
    source.kind === 'inline'
      ? [{ name: 'input profiles', file: null, text: source.text }]
      : await readFiles(source.patterns, files)
  return parseTexts(texts)
}

/** Parses every text; of one that could not be read its problem is all there is. */
export function parseTexts(texts: readonly (Source | Problem)[]): Read {
  const parsed = texts.map((text) =>
    'severity' in text ? { document: null, problems: [text] } : parseSource(text),
  )
  return {
    documents: parsed.flatMap(({ document }) => document ?? []),
    problems: parsed.flatMap(({ problems }) => problems),
  }
}

/** One document made of single-profile inputs: each field is a text of its own, and is named after its input. */
function readFields(fields: readonly FieldInput[]): Read {
  const read = fields.map(({ input, field, text, structured }) => {
    const source: Source = { name: `input ${input}`, file: null, text }
    return { field, source, ...(structured ? parseSource(source) : { document: null, problems: [] }) }
  })
  const parts = new Map(read.map((part) => [part.field, part]))
  const placeOf = ([field, ...rest]: Path, part: 'place' | 'keyPlace'): Place => {
    const found = parts.get(String(field))
    if (found !== undefined) return found.document?.[part](rest) ?? startOf(found.source.name)
    return startOf(field === undefined ? 'inputs' : `input ${String(field).replaceAll('_', '-')}`)
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
