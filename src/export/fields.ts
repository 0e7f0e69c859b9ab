/** How a field of the account is written in a manifest: secrets as references, all else as it is. Pure. */
import { escapeTemplate } from '../manifest/template.ts'
import { type FieldName, isEmptyValue } from '../profile.ts'
import type { Redactor } from '../redactor.ts'
import { isMasked, splitCredentials } from '../secrets.ts'
import { isRecord } from '../values.ts'

/** Turns a secret into what is written for it. `what` tells secrets of a profile apart: `ENC_KEY`, `HEADER_x-token`. */
export type Refer = (what: string, secret: string) => string
/** Splits a text at credentials that do not belong there. */
export type Split = Redactor['split']

/** Finds no credential in any text. */
export const WHOLE: Split = (text) => [{ text, secret: false }]

/**
 * Writes a field, with each of its secrets through `refer`, also where `split` finds one in another text, and every literal
 * `${{` in those escaped.
 */
export function written(field: FieldName, value: unknown, refer: Refer, split: Split = WHOLE): unknown {
  const plain = (text: string): string =>
    split(text)
      .map((piece) => (piece.secret ? refer(field, piece.text) : escapeTemplate(piece.text)))
      .join('')
  const referred = (what: string, text: unknown): unknown =>
    typeof text === 'string' && text !== '' ? refer(what, text) : text
  if (field === 'url' && typeof value === 'string') {
    return splitCredentials(value)
      .map(({ text, credential }) => (credential === null ? plain(text) : refer(`URL_${credential}`, text)))
      .join('')
  }
  if (field === 'headers' && isRecord(value)) {
    return mapped(value, (name, text) => referred(`HEADER_${name}`, text))
  }
  if (field === 'enc' && isRecord(value)) {
    return mapped(value, (name, text) => (name === 'algo' ? text : referred(`ENC_${name}`, text)))
  }
  return deep(value, plain)
}

const MASKED = 'the account shows a secret of it masked'
const UNFIT = 'it holds a character that no environment variable can hold'
const NAMED = 'a name in it holds a secret'
const PARAMS = 'its `params` may hold secrets'

/** Why a field cannot be exported whatever the rules of a manifest say, or null where it can. */
export function obstacle(field: FieldName, value: unknown, split: Split): string | null {
  if (field === 'body' && namesIn(value).some((name) => split(name).some(({ secret }) => secret)))
    return NAMED
  const secrets: string[] = []
  written(field, value, (_, secret) => {
    secrets.push(secret)
    return ''
  })
  if (secrets.some(isMasked)) return MASKED
  if (secrets.some((secret) => secret.includes('\0') || !secret.isWellFormed())) return UNFIT
  const params = field === 'enc' && isRecord(value) ? value.params : undefined
  return params === undefined || isEmptyValue(params) ? null : PARAMS
}

/** A value with each text in it changed. */
function deep(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => deep(item, change))
  return isRecord(value) ? mapped(value, (_, item) => deep(item, change)) : value
}

/** Every name in a value. */
function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn)
  return isRecord(value) ? Object.entries(value).flatMap(([name, item]) => [name, ...namesIn(item)]) : []
}

const mapped = (
  object: Readonly<Record<string, unknown>>,
  change: (name: string, value: unknown) => unknown,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(name, value)]))
