import type * as z from 'zod'
import { didYouMean, type Path } from './problem.ts'
import { CHANNELS, KNOWN_NAMES, type manifestSchema, type profileSchema, SMS_EVENTS } from './schema.ts'

/** Something wrong with a value; `path` starts at the value that was checked. */
export interface Finding {
  readonly path: Path
  /** Whether the key or the value is what is wrong. */
  readonly part: 'key' | 'value'
  readonly severity: 'error' | 'warning'
  readonly message: string
}

/** Fields whose value may be repeated in a message. All others may hold a secret. */
const SHOWN = new Set([
  'title',
  'http_method',
  'channel',
  'events',
  'algo',
  'state',
  'version',
  'title_prefix',
])

/**
 * Checks a value against a schema of `schema.ts` and returns every finding, in the words that the user reads.
 * `names` are the field names that may stand at the top, for suggestions.
 */
export function check<Schema extends typeof profileSchema | typeof manifestSchema>(
  schema: Schema,
  value: unknown,
  names: readonly string[],
): { value: z.output<Schema> | null; findings: Finding[] } {
  const result = schema.safeParse(value)
  if (result.success) return { value: result.data as z.output<Schema>, findings: [] }
  return { value: null, findings: result.error.issues.flatMap((issue) => explain(issue, value, names)) }
}

function explain(issue: z.core.$ZodIssue, value: unknown, names: readonly string[]): Finding[] {
  const path = issue.path as Path
  const error = (at: Path, part: Finding['part'], message: string): Finding => ({
    path: at,
    part,
    severity: 'error',
    message,
  })
  if (issue.code === 'unrecognized_keys') {
    const known =
      path.at(-1) === 'enc' ? KNOWN_NAMES.enc : path.at(-1) === 'defaults' ? KNOWN_NAMES.profile : names
    return issue.keys.map((key) => error([...path, key], 'key', `unknown field${didYouMean(key, known)}`))
  }
  if (issue.code === 'invalid_key') return [error(path, 'key', issue.issues[0]?.message ?? issue.message)]
  const found = valueAt(value, path)
  const message = path[0] === 'body' && path.length > 1 ? 'expected a JSON value' : issue.message
  if (found === undefined)
    return [error(path, 'key', message.includes('is missing') ? message : `it is missing: ${message}`)]
  return [error(path, 'value', `${message}${foundText(found, path)}${suggest(issue, found, path)}`)]
}

function suggest(issue: z.core.$ZodIssue, found: unknown, path: Path): string {
  const choices =
    issue.code === 'invalid_value' ? issue.values.map(String) : path[0] === 'events' ? SMS_EVENTS : []
  const typed = (Array.isArray(found) ? found : [found]).filter(
    (text) => typeof text === 'string' && !choices.includes(text as never),
  )
  return typeof typed[0] === 'string' ? didYouMean(typed[0], choices) : ''
}

function foundText(found: unknown, path: Path): string {
  const [head, next] = path[0] === 'defaults' ? path.slice(1) : path
  const name = head === 'enc' || head === 'prune' ? next : head
  if (found === null) return ', found nothing'
  if (Array.isArray(found)) return name === 'events' ? `, found ${JSON.stringify(found)}` : ', found a list'
  if (typeof found === 'object') return ', found an object'
  if (typeof found !== 'string') return `, found ${typeof found === 'number' ? 'a number' : String(found)}`
  if (head === 'enc' && (name === 'key' || name === 'IV')) return `, found ${[...found].length}`
  if (!SHOWN.has(String(name)) || found.length > 200) return ''
  return `, found ${JSON.stringify(found)}`
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string, unknown>)[step]
        : undefined,
    value,
  )
}

/** The warning for a channel name that the documentation does not list, or none. */
export function channelWarning(channel: string | null | undefined): Finding[] {
  if (!channel || CHANNELS.some((known) => known === channel.toLowerCase())) return []
  const message = `Kaleyra documents only \`sms\` and the default channel${didYouMean(channel, CHANNELS)}; it is passed on as it is`
  return [{ path: ['channel'], part: 'value', severity: 'warning', message }]
}
