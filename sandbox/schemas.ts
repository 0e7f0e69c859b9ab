import type { SandboxOptions } from './options.ts'

type Schema = Record<string, unknown>
type Rules = Pick<SandboxOptions, 'nulls' | 'bodyFor' | 'channels' | 'patch'>

export const METHODS = ['GET', 'POST', 'PUT', 'DELETE']

/** Fields that PATCH is documented to take. */
export const PATCH_FIELDS = ['title', 'http_method', 'url', 'body', 'response_message'] as const

/** Fields that PATCH may or may not take. */
export const UNDOCUMENTED_PATCH_FIELDS = ['headers', 'enc', 'events', 'status'] as const

/** Fields that create takes; any other property of the body is ignored [assumption]. */
export const CREATE_FIELDS = [...PATCH_FIELDS, 'headers', 'enc', 'channel', 'events'] as const

const KEY_LENGTHS = { 128: 16, 192: 24, 256: 32 }

/** Schema of a list's query: non-negative integers and a text [documented names; assumption: the bounds]. */
export const listQuerySchema: Schema = {
  type: 'object',
  properties: {
    limit: { type: 'integer', minimum: 1 },
    offset: { type: 'integer', minimum: 0 },
    title: { type: 'string' },
  },
}

/** Schema of create's body: the rules of the documented fields, as far as `rules` leaves them strict. */
export function createSchema(rules: Rules): Schema {
  const { bodyFor } = rules
  const fields = {
    type: 'object',
    required: ['title', 'http_method', 'url'],
    properties: pick(fieldSchemas(rules), CREATE_FIELDS),
  }
  const condition =
    bodyFor === 'every-method' ? {} : { properties: { http_method: { enum: ['POST', 'PUT'] } } }
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  const bodyRule = { type: 'object', if: condition, then: { required: ['body'] } }
  return { type: 'object', allOf: [fields, bodyRule] }
}

/** Schema of PATCH's body: nothing is required [documented], and undocumented fields are as `patch` says. */
export function patchSchema(rules: Rules): Schema {
  const { undocumented } = rules.patch
  const names = undocumented === 'take' ? [...PATCH_FIELDS, ...UNDOCUMENTED_PATCH_FIELDS] : PATCH_FIELDS
  return {
    type: 'object',
    properties: pick(fieldSchemas(rules), names),
    additionalProperties: undocumented !== 'refuse',
  }
}

/** A copy of `source` with the properties of these names only. */
export function pick(source: object, names: readonly string[]): Schema {
  return Object.fromEntries(Object.entries(source).filter(([name]) => names.includes(name)))
}

function fieldSchemas({ nulls, channels }: Rules): Record<string, Schema> {
  const optional = (type: string) => (nulls === 'take' ? [type, 'null'] : type)
  return {
    title: { type: 'string', minLength: 3, pattern: '^[A-Za-z0-9 _-]+$' },
    http_method: { type: 'string', enum: METHODS },
    url: { type: 'string', pattern: '^https?://\\S+$' },
    body: { type: optional('object') },
    response_message: { type: optional('string') },
    headers: { type: optional('object'), additionalProperties: { type: 'string' } },
    enc: { ...encSchema, type: optional('object') },
    channel: {
      type: optional('string'),
      ...(channels === 'documented' ? { enum: ['sms', 'default', null] } : {}),
    },
    events: { type: ['array', 'string', 'null'], items: { type: 'string' } },
    status: { type: 'integer', enum: [1, 2, 3] },
  }
}

const encSchema: Schema = {
  required: ['algo', 'key', 'IV'],
  properties: {
    algo: {
      type: 'string',
      enum: Object.keys(KEY_LENGTHS).flatMap((bits) => [`AES-${bits}-CFB`, `AES-${bits}-GCM`]),
    },
    key: { type: 'string' },
    IV: { type: 'string', minLength: 16, maxLength: 16 },
  },
  allOf: Object.entries(KEY_LENGTHS).map(([bits, length]) => ({
    if: { type: 'object', properties: { algo: { type: 'string', pattern: `^AES-${bits}-` } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { key: { type: 'string', minLength: length, maxLength: length } } },
  })),
}
