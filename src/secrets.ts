/** Decides what is secret. The only place that does; `redactor.ts` keeps it out of every text. */
import type { Entry } from './manifest/entry.ts'
import type { Prune } from './manifest/load.ts'
import type { Path } from './manifest/problem.ts'
import { escapeTemplate, hasExpression, splitExpressions } from './manifest/template.ts'
import type { FieldName, RemoteProfile } from './profile.ts'
import { HIDDEN } from './redactor.ts'
import { isRecord, urlDecoded } from './values.ts'

/** A secret value and whether the runner should mask it too; other values are redacted by the action alone. */
export interface Secret {
  readonly value: string
  readonly mask: boolean
}

/** Names of headers, query parameters and the like whose values are credentials. */
const SECRET_NAME = /authorization|cookie|token|secret|key|signature|password|^(auth|code|pass|pwd|sig)$/i

/** Tells whether a header or query parameter of this name holds a credential. */
export const isCredentialName = (name: string): boolean => SECRET_NAME.test(name)

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

/** User info, and the value of each query parameter (whose name is the group). */
const URL_VALUE = /(?<=^[a-z][a-z0-9+.-]*:\/\/)[^/?#]+(?=@)|(?<=[?&#]([^=&#]+)=)[^&#]+/gi
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

/** Stands for an expression while a URL is split. */
const EXPRESSION = '\ud800'

/** The same for a URL as it is written: what expressions make of a credential stays, what is written out is hidden. */
export function writtenWithoutCredentials(url: string): string {
  const pieces = splitExpressions(url.toWellFormed())
  const expressions = pieces.flatMap((piece) => (piece.kind === 'expression' ? [piece.text] : []))
  const literal = pieces.map((piece) => (piece.kind === 'text' ? escapeTemplate(piece.text) : EXPRESSION))
  return splitCredentials(literal.join(''))
    .map(({ text, credential }) => (credential === null ? text : text.replace(/[^\ud800]+/g, HIDDEN)))
    .join('')
    .replaceAll(EXPRESSION, () => `\${{${expressions.shift()}}}`)
}

/** Credentials in a URL, as they stand there and as they are meant; of user info the password alone, too. */
function credentialsIn(url: unknown): Secret[] {
  if (typeof url !== 'string') return []
  return splitCredentials(url).flatMap(({ text, credential }) => {
    if (credential === null) return []
    const password = credential === 'user' && text.includes(':') ? [text.slice(text.indexOf(':') + 1)] : []
    return [text, ...password].flatMap((value) => [hidden(value), hidden(urlDecoded(value))])
  })
}

const hidden = (value: string): Secret => ({ value, mask: true })

const PROXY_VARIABLE = /^(https?|all)_proxy$/i

/** Credentials of the proxies that the environment names. */
export function proxySecrets(env: Readonly<Record<string, string | undefined>>): Secret[] {
  const addresses = Object.entries(env).filter(([name]) => PROXY_VARIABLE.test(name))
  return addresses.flatMap(([, address = '']) =>
    credentialsIn(address.includes('://') ? address : `http://${address}`),
  )
}

/** Every secret of a profile, declared or on the account: its header values, its encryption, the credentials in its URL. */
export function secretsIn({ headers, enc, url }: Partial<Record<FieldName, unknown>>): Secret[] {
  // What is no object is one by mistake, and may be a secret as a whole.
  const members = (value: unknown): [string, unknown][] =>
    isRecord(value) ? Object.entries(value) : [['secret', value]]
  const secrets = [
    ...members(headers).flatMap(([name, value]) =>
      textsIn(value).map((text) => ({ value: text, mask: isCredentialName(name) })),
    ),
    ...members(enc).flatMap(([name, value]) => (name === 'algo' ? [] : textsIn(value).map(hidden))),
    ...credentialsIn(url),
  ]
  return secrets.filter(({ value }) => !isMasked(value))
}

/** Secrets of profiles as the account holds them. The action alone hides them: the log is not to fill with masks. */
export const heldSecrets = (profiles: readonly RemoteProfile[]): Secret[] =>
  profiles.flatMap(({ fields }) => secretsIn(fields)).map(({ value }) => ({ value, mask: false }))

/** Every text and number in a value, however deeply nested it is. */
function textsIn(value: unknown): string[] {
  const texts: string[] = []
  const open = [value]
  for (const part of open) {
    if (typeof part === 'string' || typeof part === 'number') texts.push(String(part))
    else if (typeof part === 'object' && part !== null)
      for (const item of Object.values(part)) open.push(item)
  }
  return texts
}

/** Fields of a few known values, and ids, which are never hidden. */
const OPEN_FIELDS: readonly string[] = ['id', 'state', 'http_method', 'enc.algo']

/**
 * Every secret of a manifest: what its profiles hold, all that expressions made, and the environment values behind them. The
 * runner is to mask those of credentials. `entries` may hold errors.
 */
export function secretsOf(entries: readonly Entry[], prune: Prune | null): Secret[] {
  return [...entries.flatMap(secretsOfEntry), ...(prune === null ? [] : secretsMade(prune.made, () => false))]
}

function secretsOfEntry({ profile: { fields }, written, made }: Entry): Secret[] {
  const inUrl = credentialsIn(fields.url)
  const isCredential = (path: string, text: string): boolean => {
    const [, field, name = 'secret'] = /^(\w+)(?:\.(.*))?$/s.exec(path) ?? []
    if (field === 'headers') return isCredentialName(name)
    return field === 'enc' || (field === 'url' && inUrl.some(({ value }) => value.includes(text)))
  }
  const unevaluated = new Set(textsIn(written).filter(hasExpression))
  const secrets = [...secretsIn(fields), ...secretsMade(made, isCredential)]
  return secrets.filter(({ value }) => !unevaluated.has(value))
}

/** What expressions made, which is never shown; `mask` tells whether a variable at a path made a credential. */
function secretsMade(made: Entry['made'], mask: (path: string, variable: string) => boolean): Secret[] {
  return [...made]
    .filter(([path]) => !OPEN_FIELDS.includes(path))
    .flatMap(([path, { variables, value }]) => [
      ...variables.map((text) => ({ value: text, mask: mask(path, text) })),
      ...textsIn(value).map((text) => ({ value: text, mask: false })),
    ])
}
