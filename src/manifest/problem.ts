import { closest, distance } from 'fastest-levenshtein'

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

export type Path = readonly (string | number)[]

/** Writes a path as people type it: `profiles.orders.headers.x-source`, `profiles[2].url`. */
export function showPath(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  )
}

/** Writes a place as editors and terminals link it: `file:line:column`. */
export const showPlace = ({ source, line, column }: Place): string => `${source}:${line}:${column}`

/** One line for the log: `file:line:column  path: message`. */
export function showProblem(problem: Problem): string {
  const path = problem.path === '' ? '' : `${problem.path}: `
  return `${showPlace(problem.place)}  ${path}${problem.message}`
}

/** Other names that people give to a field of the API. */
const ALIASES: Readonly<Record<string, string>> = {
  profile_id: 'id',
  profileid: 'id',
  name: 'title',
  method: 'http_method',
  httpmethod: 'http_method',
  callback_url: 'url',
  endpoint: 'url',
  payload: 'body',
  encryption: 'enc',
  algorithm: 'algo',
  event: 'events',
  header: 'headers',
  profile: 'profiles',
}

/** `` — did you mean `x`?`` for the known name nearest to a mistyped one, ignoring case; empty where none is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const typed = name.toLowerCase().replaceAll('-', '_')
  const byCase = known.find((candidate) => candidate.toLowerCase().replaceAll('-', '_') === typed)
  const alias = ALIASES[typed]
  const near = byCase ?? (alias !== undefined && known.includes(alias) ? alias : nearest(name, known))
  return near === null ? '' : ` — did you mean \`${near}\`?`
}

function nearest(name: string, known: readonly string[]): string | null {
  if (known.length === 0 || name.length > 100) return null
  const lower = known.map((candidate) => candidate.toLowerCase())
  const best = closest(name.toLowerCase(), lower)
  const allowed = Math.max(1, Math.floor(best.length / 3))
  return distance(name.toLowerCase(), best) <= allowed ? (known[lower.indexOf(best)] ?? null) : null
}
