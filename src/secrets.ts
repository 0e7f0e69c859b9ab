/** Decides what is secret, and keeps it out of every text. The only place that does. */
import type { Entry } from './manifest/entry.ts'
import { type Path, showPath } from './manifest/problem.ts'

/** Names of headers, query parameters and the like whose values are credentials. */
const SECRET_NAME = /authorization|cookie|token|secret|key|signature|password/i

/** Values shorter than this are left in the text: hiding them would hide common words. */
const SHORTEST = 4
const HIDDEN = '***'

/** Tells whether the value at this path of a profile is never shown. In doubt it is: all header values, all of `enc` but `algo`. */
export function isSecretPath([field, name]: Path): boolean {
  return field === 'headers' || (field === 'enc' && name !== 'algo')
}

/** Tells whether a text is what an API shows instead of a secret: all stars, bullets or x, perhaps with a few characters left. */
export function isMasked(value: unknown): boolean {
  if (typeof value !== 'string') return false
  return (
    /^.{0,4}[*•●]{3,}.{0,4}$/u.test(value) ||
    /^x{4,}$/i.test(value) ||
    /^[<[({]?(redacted|masked|hidden|encrypted)[>\])}]?$/i.test(value)
  )
}

/** Hides credentials inside a URL that is to be shown: user info and query values of telling names. Others stay readable. */
export function withoutCredentials(url: string): string {
  return url
    .replace(/^([a-z]+:\/\/)[^/?#@]*@/i, `$1${HIDDEN}@`)
    .replace(/([?&])([^=&#]+)=([^&#]*)/g, (whole, mark: string, name: string, value: string) =>
      SECRET_NAME.test(name) && !/^<[^<>]*>$/.test(value) ? `${mark}${name}=${HIDDEN}` : whole,
    )
}

/** A secret value and whether the runner should mask it too; other values are redacted by the action alone. */
interface Secret {
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
    add(['headers', name], value, SECRET_NAME.test(name))
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
  const credentials = new Set<string>()
  const all = new Set<string>()
  return {
    add: (secrets) => {
      const masks: string[] = []
      for (const { value, mask } of secrets) {
        for (const form of formsOf(value)) {
          all.add(form)
          if (!mask || credentials.has(form)) continue
          credentials.add(form)
          masks.push(form)
        }
      }
      return masks
    },
    redact: (text) => without(text, credentials),
    redactAll: (text) => without(text, all),
  }
}

/** Replaces the longest secrets first, so that one that holds another is hidden whole. */
function without(text: string, secrets: ReadonlySet<string>): string {
  const present = [...secrets].filter((secret) => text.includes(secret)).sort((a, b) => b.length - a.length)
  return present.reduce((left, secret) => left.replaceAll(secret, HIDDEN), text)
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
