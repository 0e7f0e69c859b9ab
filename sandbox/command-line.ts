import { parseArgs } from 'node:util'
import type { Fault } from './faults.ts'
import { completeOptions, type ListOptions, NORMALISERS, type SandboxOptions } from './options.ts'

/** What the command line asks for. */
export type Command =
  | { kind: 'start'; options: SandboxOptions; faults: Fault[]; seed: number }
  | { kind: 'help'; text: string }
  | { kind: 'mistake'; text: string }

interface Switch {
  meaning: string
  /** The allowed values; the first is the default. */
  choices?: readonly [string, ...string[]]
  /** The default of a switch whose value is free. */
  value?: string
  /** A switch without a value. */
  flag?: true
  /** May be given more than once. */
  multiple?: true
}

const SWITCHES = {
  port: { value: '8787', meaning: 'port on 127.0.0.1; 0 takes any free one' },
  sid: { value: completeOptions().sid, meaning: 'the account' },
  'api-key': { value: completeOptions().apiKey, meaning: 'its key' },
  'id-prefix': { value: completeOptions().idPrefix, meaning: 'how profile ids begin' },
  seed: { value: '0', meaning: 'this many profiles exist at the start' },
  latency: { value: '0', meaning: 'milliseconds before any answer' },
  'list-shape': { value: 'array', meaning: 'data is an array, or an object that holds it under this name' },
  'list-total': { value: '', meaning: 'name of a total in data, or in the envelope: name@envelope' },
  'list-total-counts': { choices: ['matches', 'all', 'page'], meaning: 'what the total counts' },
  'list-items': { choices: ['whole', 'summary', 'ids', 'untitled'], meaning: 'what list shows of a profile' },
  'list-nothing': { choices: ['empty', 'not-found'], meaning: 'the answer where a page holds nothing' },
  filter: {
    choices: ['exact', 'prefix', 'substring', 'ignored', 'page'],
    meaning: 'what ?title= matches; page filters the page after cutting it',
  },
  'filter-case': { choices: ['sensitive', 'insensitive'], meaning: 'upper and lower case in ?title=' },
  offset: { choices: ['row', 'page', 'ignored'], meaning: 'what ?offset= counts' },
  'max-limit': {
    value: String(completeOptions().list.maxLimit),
    meaning: 'the largest ?limit=',
  },
  limit: { choices: ['lower', 'refuse', 'ignore'], meaning: 'a larger ?limit=; ignore heeds none at all' },
  order: { choices: ['oldest', 'newest'], meaning: 'which profile is listed first' },
  patch: { choices: ['take', 'ignore', 'refuse'], meaning: 'headers, enc, events and status in a PATCH' },
  'patch-answer': { choices: ['profile', 'empty'], meaning: 'data of the answer to a PATCH' },
  normalise: {
    choices: ['none', 'trim-url-slash', 'lowercase-headers'],
    meaning: 'what is changed in values before they are stored',
  },
  mask: { flag: true, meaning: 'credentials come back as ****' },
  titles: { choices: ['allow-duplicates', 'reject-duplicates'], meaning: 'two profiles of one title' },
  'duplicate-status': { choices: ['409', '400'], meaning: 'HTTP status with reject-duplicates' },
  'get-lacks': { value: '', meaning: 'fields that get leaves out: channel,events' },
  absent: {
    choices: ['null', 'null-text', 'empty', 'omitted'],
    meaning: 'how a field that was never set is shown',
  },
  nulls: { choices: ['refuse', 'take'], meaning: 'null as the value of an optional field' },
  'body-for': { choices: ['post-and-put', 'every-method'], meaning: 'when create requires a body' },
  channels: { choices: ['any', 'documented'], meaning: 'which channels create takes' },
  fault: {
    multiple: true,
    meaning: 'a fault as JSON, see faults.ts: {"on":{},"when":"before","what":{"kind":"reset"}}',
  },
  help: { flag: true, meaning: 'this text' },
} as const satisfies Record<string, Switch>

type Name = keyof typeof SWITCHES
type ChoiceName = {
  [N in Name]: (typeof SWITCHES)[N] extends { choices: readonly string[] } ? N : never
}[Name]
type Choice<N extends ChoiceName> = (typeof SWITCHES)[N]['choices'][number]

/** Reads the arguments after the program's name. A mistake comes out as a text that names the switch. */
export function parseCommand(args: readonly string[]): Command {
  try {
    return readCommand(args)
  } catch (error) {
    return { kind: 'mistake', text: error instanceof Error ? error.message : String(error) }
  }
}

function readCommand(args: readonly string[]): Command {
  const { values } = parseArgs({ args: [...args], options: parserOptions(), strict: true })
  if (values.help) return { kind: 'help', text: helpText() }

  const text = (name: Name): string => String(values[name])
  const choice = <N extends ChoiceName>(name: N): Choice<N> => {
    const choices: readonly Choice<N>[] = SWITCHES[name].choices
    const found = choices.find((allowed) => allowed === values[name])
    if (found === undefined) throw new Error(`--${name}: ${text(name)} is none of ${choices.join(', ')}`)
    return found
  }
  const count = (name: Name): number => {
    if (!/^\d+$/.test(text(name))) throw new Error(`--${name}: ${text(name)} is not a whole number`)
    return Number(text(name))
  }

  const options = completeOptions({
    sid: text('sid'),
    apiKey: text('api-key'),
    port: count('port'),
    idPrefix: text('id-prefix'),
    latency: count('latency'),
    list: {
      shape: text('list-shape') === 'array' ? 'array' : { under: text('list-shape') },
      total: total(text('list-total'), choice('list-total-counts')),
      items: choice('list-items'),
      filter: choice('filter'),
      filterCase: choice('filter-case'),
      offset: choice('offset'),
      maxLimit: count('max-limit'),
      limit: choice('limit'),
      nothing: choice('list-nothing'),
      order: choice('order'),
    },
    patch: { undocumented: choice('patch'), answer: choice('patch-answer') },
    normalise: NORMALISERS[choice('normalise')],
    mask: values.mask === true,
    titles: choice('titles'),
    duplicateStatus: choice('duplicate-status') === '400' ? 400 : 409,
    getLacks: text('get-lacks').split(',').filter(Boolean),
    absent: choice('absent'),
    nulls: choice('nulls'),
    bodyFor: choice('body-for'),
    channels: choice('channels'),
  })
  const faults = [values.fault ?? []].flat().map((json) => fault(String(json)))
  return { kind: 'start', options, faults, seed: count('seed') }
}

function total(text: string, counts: 'matches' | 'all' | 'page'): ListOptions['total'] {
  const [name, where] = text.split('@')
  return name ? { name, where: where === 'envelope' ? where : 'data', counts } : null
}

function fault(json: string): Fault {
  try {
    const parsed = JSON.parse(json) as Fault
    if (parsed.on && parsed.when && parsed.what.kind) return parsed
  } catch {}
  throw new Error(`--fault: not a JSON object with on, when and what: ${json}`)
}

function parserOptions() {
  const entries = Object.entries<Switch>(SWITCHES).map(([name, { choices, value, flag, multiple }]) => {
    const fallback = choices?.[0] ?? value
    const option = {
      type: flag ? ('boolean' as const) : ('string' as const),
      multiple: multiple ?? false,
      ...(fallback === undefined ? {} : { default: fallback }),
    }
    return [name, option] as const
  })
  return Object.fromEntries(entries)
}

function helpText(): string {
  const lines = Object.entries<Switch>(SWITCHES).map(([name, { choices, value, meaning }]) => {
    const values = choices ? ` (${choices.join(' | ')})` : value ? ` (${value})` : ''
    return `  --${name.padEnd(18)}${meaning}${values}`
  })
  return ['npm run sandbox -- [switches], the first value is the default:', ...lines].join('\n')
}
