import { expressionsOf } from '../../src/manifest/contexts.ts'
import { type Document, parseSource } from '../../src/manifest/document.ts'
import type { Entry } from '../../src/manifest/entry.ts'
import { loadManifest, type Manifest } from '../../src/manifest/load.ts'
import { showProblem } from '../../src/manifest/problem.ts'

/** What expressions may read. `offline` is `mode: validate`, which evaluates none. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>
  readonly event?: unknown
  readonly offline?: boolean
}

export interface Read {
  readonly manifest: Manifest | null
  readonly entries: readonly Entry[]
  /** Entries as far as they could be resolved, also where there are errors. */
  readonly resolved: readonly Entry[]
  /** Each as the log shows it: `file:line:column  path: message`. */
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/** Reads a manifest: the text of the file `m.yml`, or texts by file name. */
export async function read(
  texts: string | Readonly<Record<string, string>>,
  { env = {}, event = null, offline = false }: Surroundings = {},
): Promise<Read> {
  const files = typeof texts === 'string' ? { 'm.yml': texts } : texts
  const parsed = Object.entries(files).map(([file, text]) => parseSource({ name: file, file, text }))
  const documents = parsed.flatMap(({ document }): Document[] => (document === null ? [] : [document]))
  const evaluate = await expressionsOf(documents, offline ? null : { env, event })
  const { manifest, entries: resolved, problems } = loadManifest(documents, evaluate)
  const all = [...parsed.flatMap((each) => each.problems), ...problems]
  const shown = (severity: string): string[] =>
    all.filter((problem) => problem.severity === severity).map(showProblem)
  return {
    manifest,
    entries: manifest?.entries ?? [],
    resolved,
    errors: shown('error'),
    warnings: shown('warning'),
  }
}

/** What every profile needs. */
export const NEEDED = {
  title: 'GH Orders',
  http_method: 'POST',
  url: 'https://hooks.example.com/orders',
  body: {},
}

/** Reads one profile of the key `orders`: these fields over {@link NEEDED}. Those that are `undefined` are left out. */
export const readProfile = (fields: object = {}, surroundings: Surroundings = {}): Promise<Read> =>
  read(JSON.stringify({ profiles: { orders: { ...NEEDED, ...fields } } }), surroundings)

/** The fields of the only profile as they are declared. Fails where there are errors. */
export async function fieldsOf(
  fields: object,
  surroundings: Surroundings = {},
): Promise<Record<string, unknown>> {
  const { entries, errors } = await readProfile(fields, surroundings)
  const [entry] = entries
  if (entry === undefined) throw new Error(errors.join('\n'))
  return entry.profile.fields
}

/** Errors without their place. */
export const withoutPlaces = (problems: readonly string[]): string[] =>
  problems.map((problem) => problem.replace(/^\S+:\d+:\d+ {2}/, ''))
