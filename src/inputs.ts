/** Action inputs → typed settings. The only file that knows input names. */
import { ORIGINS, originProblem, type Region } from './kaleyra/origin.ts'
import { didYouMean } from './manifest/problem.ts'

/** Where the manifest comes from. */
export type ManifestSource =
  | {
      readonly kind: 'files'
      readonly patterns: readonly string[] /** Whether the default path is meant. */
      readonly implied: boolean
    }
  | { readonly kind: 'inline'; readonly text: string }
  | { readonly kind: 'fields'; readonly fields: readonly FieldInput[] }

/** One field of the profile that is given by inputs, as text. */
export interface FieldInput {
  readonly input: string
  readonly field: string
  readonly text: string
  /** Whether the text is JSON or YAML rather than the value itself. */
  readonly structured: boolean
}

export type Mode = 'auto' | 'validate' | 'plan' | 'apply' | 'export'
export type OnExisting = 'update' | 'keep' | 'fail'
/** Whether endpoints are checked before anything is written, and whether a bad one fails the step. */
export type PreflightPolicy = 'off' | 'warn' | 'fail'
/** When the plan is put on the pull request. */
export type CommentPolicy = 'never' | 'changes' | 'always'

export interface Settings {
  readonly mode: Mode
  readonly apiKey: string
  readonly sid: string
  /** Scheme, host and port of the API, without a path. */
  readonly origin: string
  readonly region: Region
  readonly source: ManifestSource
  readonly onExisting: OnExisting
  readonly allowDelete: boolean
  readonly maxDeletes: number
  readonly rewriteSecrets: boolean
  readonly expectedPlan: string
  readonly failOnChanges: boolean
  readonly preflight: PreflightPolicy
  readonly concurrency: number
  readonly timeoutMs: number
  readonly retries: number
  readonly comment: CommentPolicy
  readonly summary: boolean
  /** Where an export goes, from the workspace's root. */
  readonly exportPath: string
  /** Token of the workflow for GitHub's API; empty where there is none. */
  readonly githubToken: string
}

/** An input that cannot be used, and what to write instead. */
export interface InputProblem {
  readonly input: string
  readonly message: string
}

/** Inputs that are credentials. */
export const SECRET_INPUTS = ['api-key', 'github-token'] as const

export const DEFAULT_MANIFEST = '.github/callback-profiles.yml'
const DEFAULT_EXPORT = 'callback-profiles.yml'

const FIELDS = [
  { input: 'title', field: 'title', structured: false },
  { input: 'http-method', field: 'http_method', structured: false },
  { input: 'url', field: 'url', structured: false },
  { input: 'body', field: 'body', structured: true },
  { input: 'headers', field: 'headers', structured: true },
  { input: 'response-message', field: 'response_message', structured: false },
  { input: 'enc', field: 'enc', structured: true },
  { input: 'channel', field: 'channel', structured: false },
  { input: 'events', field: 'events', structured: true },
] as const

/**
 * Reads every input through `get`, which answers an empty text for one that is not set: empty means unset.
 * Returns the settings, or every problem. Credentials may be empty here: see {@link credentialProblems}.
 */
export function readInputs(
  get: (name: string) => string,
): { settings: Settings; problems: [] } | { settings: null; problems: InputProblem[] } {
  const problems: InputProblem[] = []
  const wrong = (input: string, message: string): void => {
    problems.push({ input, message })
  }
  const choice = <Value extends string>(input: string, values: readonly Value[]): Value => {
    const text = get(input) || (values[0] as Value)
    const found = values.find((value) => value === text.toLowerCase())
    if (found === undefined)
      wrong(
        input,
        `expected one of ${values.join(', ')}, found ${JSON.stringify(text)}${didYouMean(text, values)}`,
      )
    return found ?? (values[0] as Value)
  }
  const flag = (input: string, fallback: boolean): boolean => {
    const text = get(input).toLowerCase()
    if (text !== '' && text !== 'true' && text !== 'false')
      wrong(input, `expected true or false, found ${JSON.stringify(text)}`)
    return text === '' ? fallback : text === 'true'
  }
  const number = (input: string, fallback: number, least: number, most: number): number => {
    const text = get(input)
    const value = text === '' ? fallback : Number(text)
    if (!/^\d*$/.test(text) || value < least || value > most) {
      wrong(input, `expected a whole number from ${least} to ${most}, found ${JSON.stringify(text)}`)
    }
    return value
  }

  const region = choice('region', ['sg', 'in', 'eu', 'na'])
  const apiUrl = get('api-url')
  const urlProblem = apiUrl === '' ? null : originProblem(apiUrl)
  if (urlProblem !== null) wrong('api-url', urlProblem)
  const mode = choice('mode', ['auto', 'validate', 'plan', 'apply', 'export'])
  const settings: Settings = {
    mode,
    apiKey: get('api-key'),
    sid: get('sid'),
    origin: apiUrl === '' || urlProblem !== null ? ORIGINS[region] : new URL(apiUrl).origin,
    region,
    source: manifestSource(get, mode, wrong),
    onExisting: choice('on-existing', ['update', 'keep', 'fail']),
    allowDelete: flag('allow-delete', false),
    maxDeletes: number('max-deletes', 5, 0, 5000),
    rewriteSecrets: flag('rewrite-secrets', false),
    expectedPlan: get('expected-plan').toLowerCase(),
    failOnChanges: flag('fail-on-changes', false),
    preflight: choice('preflight', ['off', 'warn', 'fail']),
    concurrency: number('concurrency', 4, 1, 32),
    timeoutMs: number('timeout', 30, 1, 600) * 1000,
    retries: number('retries', 4, 0, 20),
    comment: choice('comment', ['never', 'changes', 'always']),
    summary: flag('summary', true),
    exportPath: get('export-path') || DEFAULT_EXPORT,
    githubToken: get('github-token'),
  }
  const unsendable = /[^\u0021-\u007e]/
  for (const [input, value] of [
    ['api-key', settings.apiKey],
    ['sid', settings.sid],
    ['github-token', settings.githubToken],
  ] as const) {
    if (unsendable.test(value))
      wrong(input, 'holds a space, a line break or a character that no credential has: copy it again')
  }
  if (/[/?#\\]|^\.+$/.test(settings.sid))
    wrong('sid', 'expected the account SID alone, without a path or URL')
  return problems.length === 0 ? { settings, problems: [] } : { settings: null, problems }
}

/** A line break, or a comma outside of the braces of a glob. */
const SEPARATOR = /\n|,(?![^{\n]*\})/

function manifestSource(
  get: (name: string) => string,
  mode: Mode,
  wrong: (input: string, message: string) => void,
): ManifestSource {
  const patterns = get('manifest')
    .split(SEPARATOR)
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '')
  const inline = get('profiles')
  const fields = FIELDS.map((field) => ({ ...field, text: get(field.input) })).filter(
    ({ text }) => text !== '',
  )
  const sources = [
    patterns.length > 0 ? ['manifest'] : [],
    inline !== '' ? ['profiles'] : [],
    fields.map(({ input }) => input),
  ].filter((inputs) => inputs.length > 0)
  const given = sources.map((inputs) => inputs.map((input) => `\`${input}\``).join(', ')).join(' and ')
  if (mode === 'export' && given !== '') {
    wrong(
      'mode',
      `is \`export\`, which takes profiles from the account and has no use for ${given}: remove what is given`,
    )
  } else if (sources.length > 1) {
    wrong(
      sources[0]?.[0] ?? 'manifest',
      `expected one source of profiles, found ${sources.length}: ${given}. Keep one and remove the others`,
    )
  }
  if (fields.length > 0) return { kind: 'fields', fields }
  if (inline !== '') return { kind: 'inline', text: inline }
  if (patterns.length > 0) return { kind: 'files', patterns, implied: false }
  return { kind: 'files', patterns: [DEFAULT_MANIFEST], implied: true }
}

/** What to say of missing credentials; none where both are there. A fork's pull request never has them. */
export function credentialProblems(
  { apiKey, sid }: Pick<Settings, 'apiKey' | 'sid'>,
  fork: boolean,
): InputProblem[] {
  const why = fork
    ? 'A pull request from a fork gets no secrets: use `mode: plan` for it, which then shows what the manifest declares'
    : 'A secret whose name is mistyped arrives empty, and so does every secret in a run of Dependabot or from a fork. `mode: validate` needs no credentials'
  const missing = (input: string, secret: string): InputProblem => ({
    input,
    message: `is empty: expected \`${input}: \${{ secrets.${secret} }}\`. ${why}`,
  })
  return [
    ...(apiKey === '' ? [missing('api-key', 'KALEYRA_API_KEY')] : []),
    ...(sid === '' ? [missing('sid', 'KALEYRA_SID')] : []),
  ]
}
