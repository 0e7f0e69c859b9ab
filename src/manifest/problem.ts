import { distance } from 'fastest-levenshtein'
import { valueAt } from '../values.ts'

/** Where something stands. `line` and `column` count from 1. */
export interface Place {
  /** What people call the text: a path, `input url`, `input profiles`. */
  readonly source: string
  /** Path of the file from the workspace's root, or null where the text is no file. */
  readonly file: string | null
  readonly line: number
  readonly column: number
}

/** Something wrong (`error`) or doubtful (`warning`) in what the user wrote. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  readonly place: Place
  /** Path of the field, such as `profiles.orders.enc.key`; empty for the whole text. */
  readonly path: string
  readonly message: string
}

/** Steps from a value to a part of it: names of objects, indexes of lists. */
export type Path = readonly (string | number)[]

/** Something wrong or doubtful with a value, before it is known where that stands. */
export interface Finding {
  readonly severity: Problem['severity']
  /** Path from the value that was checked. */
  readonly path: Path
  /** Whether the name or the value is what is wrong. */
  readonly part: 'key' | 'value'
  readonly message: string
  /** Words after the message that repeat the value; not for a value that an expression made. */
  readonly found: string
  /** For a name that is not known: the known one that is probably meant. */
  readonly meant?: string
}

/** An error with the value at a path. */
export const wrongValue = (path: Path, message: string, found = ''): Finding => ({
  severity: 'error',
  path,
  part: 'value',
  message,
  found,
})

/** An error with the name at a path, or with its absence. */
export const wrongKey = (path: Path, message: string): Finding => ({
  severity: 'error',
  path,
  part: 'key',
  message,
  found: '',
})

/** Writes a path as people type it: `profiles.orders.headers.x-source`, `profiles[2].url`. */
export function showPath(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  )
}

/** Writes a place as editors and terminals link it: `file:line:column`. */
export const showPlace = ({ source, line, column }: Place): string => `${source}:${line}:${column}`

/** The start of a text that is no file of the repository, or none whose lines are known. */
export const startOf = (source: string): Place => ({ source, file: null, line: 1, column: 1 })

/** One line for the log: `file:line:column  path: message`. */
export function showProblem(problem: Problem): string {
  const path = problem.path === '' ? '' : `${problem.path}: `
  return `${showPlace(problem.place)}  ${path}${problem.message}`
}

/** Other names that people give to a field of the API, in small letters without separators. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['profileid', 'id'],
  ['name', 'title'],
  ['method', 'http_method'],
  ['callbackurl', 'url'],
  ['endpoint', 'url'],
  ['payload', 'body'],
  ['response', 'response_message'],
  ['encryption', 'enc'],
  ['algorithm', 'algo'],
  ['profile', 'profiles'],
])

/** `` — did you mean `x`?`` for the known name nearest to a mistyped one, ignoring case; empty where none is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  return near === null ? '' : ` — did you mean \`${near}\`?`
}

/** Drops what is said to be missing where a name beside it is probably a misspelling of it: that is one mistake. */
export function withoutMisspelt(findings: readonly Finding[], value: unknown): Finding[] {
  const meant = new Set(
    findings.flatMap(({ path, meant }) =>
      meant === undefined ? [] : showPath([...path.slice(0, -1), meant]),
    ),
  )
  const missing = ({ path, part }: Finding): boolean => part === 'key' && valueAt(value, path) === undefined
  return findings.filter((finding) => !(missing(finding) && meant.has(showPath(finding.path))))
}

/** Longest name that is compared: no known one is nearly as long. */
const MAX_NAME = 100

/** The known name nearest to a mistyped one, or null. */
export function nearest(name: string, known: readonly string[]): string | null {
  if (known.length === 0 || name.length > MAX_NAME) return null
  const typed = bare(name)
  const alias = ALIASES.get(typed)
  if (alias !== undefined && known.includes(alias)) return alias
  const costs = known.map((candidate) => cost(typed, bare(candidate)))
  const least = Math.min(...costs)
  const best = known[costs.indexOf(least)] ?? ''
  return least <= Math.max(1, Math.floor(bare(best).length / 3)) ? best : null
}

/** Number of slips between two names. Swapped letters are the commonest one. */
const cost = (a: string, b: string): number => (letters(a) === letters(b) ? Number(a !== b) : distance(a, b))

const letters = (name: string): string => [...name].sort().join('')
const bare = (name: string): string => name.toLowerCase().replace(/[-_\s]/g, '')
