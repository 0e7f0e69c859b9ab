/** How a field of the account is written in a manifest: secrets as references, all else as it is. Pure. */
import { escapeTemplate } from '../manifest/template.ts'
import { type FieldName, isEmptyValue } from '../profile.ts'
import { isMasked, splitCredentials } from '../secrets.ts'
import { isRecord } from '../values.ts'

/** Turns a secret into what is written for it. `what` tells secrets of a profile apart: `ENC_KEY`, `HEADER_x-token`. */
export type Refer = (what: string, secret: string) => string

/** Writes a field, with each of its secrets through `refer` and every literal `${{` in other texts escaped. */
export function written(field: FieldName, value: unknown, refer: Refer): unknown {
  const referred = (what: string, text: unknown): unknown =>
    typeof text === 'string' && text !== '' ? refer(what, text) : text
  if (field === 'url' && typeof value === 'string') {
    return splitCredentials(value)
      .map(({ text, credential }) =>
        credential === null ? escapeTemplate(text) : refer(`URL_${credential}`, text),
      )
      .join('')
  }
  if (field === 'headers' && isRecord(value)) {
    return mapped(value, (name, text) => referred(`HEADER_${name}`, text))
  }
  if (field === 'enc' && isRecord(value)) {
    return mapped(value, (name, text) => (name === 'algo' ? text : referred(`ENC_${name}`, text)))
  }
  return escaped(value)
}

const MASKED = 'the account shows a secret of it masked'
const UNFIT = 'it holds a character that no environment variable can hold'
const PARAMS = 'its `params` may hold secrets'

/** Why a field cannot be exported whatever the rules of a manifest say, or null where it can. */
export function obstacle(field: FieldName, value: unknown): string | null {
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

function escaped(value: unknown): unknown {
  if (typeof value === 'string') return escapeTemplate(value)
  if (Array.isArray(value)) return value.map(escaped)
  return isRecord(value) ? mapped(value, (_, item) => escaped(item)) : value
}

const mapped = (
  object: Readonly<Record<string, unknown>>,
  change: (name: string, value: unknown) => unknown,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(name, value)]))
