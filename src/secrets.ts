/** Decides what is secret, and keeps it out of every text. The only place that does. */
import type { Entry } from './manifest/entry.ts'
import { type Path, showPath } from './manifest/problem.ts'

/** Names of headers, query parameters and the like whose values are credentials. */
const SECRET_NAME = /authorization|cookie|token|secret|key|signature|password|^(auth|code|pass|pwd|sig)$/i

/** Values shorter than this are left in the text: hiding them would hide common words. */
const SHORTEST = 4
const HIDDEN = '***'

/** Tells whether the value at this path of a profile is never shown. In doubt it is: all header values, all of `enc` but `algo`. */
export function isSecretPath([field, name]: Path): boolean {
  return field === 'headers' || (field === 'enc' && name !== 'algo')
}

/**
 * Tells whether a text is what an API shows instead of a secret: stars, bullets or x, perhaps after the name of a scheme and
 * with a few characters left, or a word that says so.
 */
export function isMasked(value: unknown): boolean {
  if (typeof value !== 'string') return false
  return (
    /^([a-z]+ )?.{0,4}[*•●]{3,}.{0,4}$/iu.test(value) ||
    /^x{4,}.{0,4}$/i.test(value) ||
    /^[<[({]?(redacted|masked|hidden|encrypted|filtered)[>\])}]?$/i.test(value)
  )
}

/** Tells whether a header or query parameter of this name holds a credential. */
export const isCredentialName = (name: string): boolean => SECRET_NAME.test(name)

/** User info, and the value of each query parameter (whose name is the group). */
const URL_VALUE = /(?<=^[a-z]+:\/\/)[^/?#]+(?=@)|(?<=[?&#]([^=&#]+)=)[^&#]+/gi
const VARIABLE = /^<[^<>]*>$/

/** A piece of a URL: `credential` is the name of the parameter whose value it is, `user` for user info, null for the rest. */
export interface UrlPart {
  readonly text: string
  readonly credential: string | null
}

/** Splits a URL at its credentials: user info and query values of telling names, but for `<variable>`s. */
export function splitCredentials(url: string): UrlPart[] {
  const parts: UrlPart[] = []
  let end = 0
  for (const { 0: text, 1: name, index } of url.matchAll(URL_VALUE)) {
    if (name !== undefined && (!isCredentialName(name) || VARIABLE.test(text))) continue
    parts.push({ text: url.slice(end, index), credential: null }, { text, credential: name ?? 'user' })
    end = index + text.length
  }
  return [...parts, { text: url.slice(end), credential: null }]
}

/** Hides credentials inside a URL that is to be shown; the rest stays readable. */
export const withoutCredentials = (url: string): string =>
  splitCredentials(url)
    .map(({ text, credential }) => (credential === null ? text : HIDDEN))
    .join('')

/** A secret value and whether the runner should mask it too; other values are redacted by the action alone. */
export interface Secret {
  readonly value: string
  readonly mask: boolean
}

/** All secrets of an entry's declared profile, with the environment values that made them. */
export function secretsOf(entry: Entry): Secret[] {
  const { headers, enc } = entry.profile.fields
  const secrets: Secret[] = []
  const add = (path: Path, value: unknown, mask: boolean): void => {
    const variables = entry.variables.get(showPath(path)) ?? []
    for (const text of [value, ...variables])
      if (typeof text === 'string') secrets.push({ value: text, mask })
  }
  for (const [name, value] of Object.entries(headers ?? {}))
    add(['headers', name], value, isCredentialName(name))
  for (const [name, value] of Object.entries(enc ?? {})) if (name !== 'algo') add(['enc', name], value, true)
  return secrets
}

/** Replaces known secrets in texts, also where they stand JSON-escaped or URL-encoded. */
export interface Redactor {
  /** Adds secrets; returns the forms of those that the runner should mask and was not told of before. */
  add(secrets: readonly Secret[]): string[]
  /** Hides credentials: for any text that is printed. */
  redact(text: string): string
  /** Hides every secret, also header values that may be common words: for texts that the server wrote. */
  redactAll(text: string): string
}

export function createRedactor(): Redactor {
  const credentials: Secrets = new Map()
  const all: Secrets = new Map()
  return {
    add: (secrets) => {
      const masks: string[] = []
      for (const { value, mask } of secrets) {
        for (const form of formsOf(value)) {
          remember(all, form)
          if (mask && remember(credentials, form)) masks.push(form)
        }
      }
      return masks
    },
    redact: (text) => without(text, credentials),
    redactAll: (text) => without(text, all),
  }
}

/** Secrets by their first characters: a text is read once, however many there are. */
type Secrets = Map<string, Set<string>>

/** Adds a secret, and tells whether it is new. */
function remember(secrets: Secrets, secret: string): boolean {
  const start = secret.slice(0, SHORTEST)
  const alike = secrets.get(start) ?? new Set()
  if (alike.has(secret)) return false
  secrets.set(start, alike.add(secret))
  return true
}

/** Hides every secret whole, also where one holds or overlaps another. */
function without(text: string, secrets: Secrets): string {
  let shown = ''
  let end = 0
  for (let at = 0; secrets.size > 0 && at <= text.length - SHORTEST; at += 1) {
    for (const secret of secrets.get(text.slice(at, at + SHORTEST)) ?? []) {
      if (!text.startsWith(secret, at)) continue
      if (at > end || shown === '') shown += text.slice(end, at) + HIDDEN
      end = Math.max(end, at + secret.length)
    }
  }
  return shown + text.slice(end)
}

/** A secret as it may show up: as it is, line by line, and escaped for JSON and URLs. Fragments of 3 characters and fewer are left out. */
function formsOf(value: string): string[] {
  const lines = [value, ...value.split(/\r?\n/)].map((line) => line.trim())
  const forms = lines.flatMap((line) => [
    line,
    JSON.stringify(line).slice(1, -1),
    encodeURIComponent(line.toWellFormed()),
  ])
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST)
}
