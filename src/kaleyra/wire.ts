/**
 * Shapes on the wire and what they mean. The same field is an object in one answer and a JSON string in another, events
 * a list or a string, the id `profile_id` or `profileId`: everything becomes a {@link RemoteProfile} here.
 */
import {
  canonicalChannel,
  type FieldName,
  isEmptyValue,
  type ProfileFields,
  type RemoteProfile,
} from '../profile.ts'

/** One problem that the API names: the part of the request (`body`, `params`, …) and what it says of it. */
export interface ServerIssue {
  readonly part: string
  readonly text: string
}

/** An answer's body, once it was recognised as the API's envelope. */
export interface Envelope {
  readonly code: string
  readonly message: string
  readonly data: unknown
  readonly issues: readonly ServerIssue[]
  /** Top-level `status` of the body where it has one. */
  readonly status: number | null
  /** Properties beside the documented ones: a list's total may stand there. */
  readonly rest: Readonly<Record<string, unknown>>
}

/** Longest text of the server that is kept for a message, in characters. */
const MAX_TEXT = 500

/** Tells whether a value is a plain object. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, MAX_TEXT) : '')

/** Reads an envelope from an answer's text, or null where the text is something else (a proxy's page, a cut answer). */
export function parseEnvelope(body: string): Envelope | null {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return null
  }
  if (!isObject(value) || !('data' in value || 'error' in value || 'code' in value || 'message' in value))
    return null
  const { code, message, data, error, status, ...rest } = value
  return {
    code: text(code),
    message: text(message),
    data,
    issues: issuesOf(error),
    status: typeof status === 'number' ? status : null,
    rest,
  }
}

/** On success `error` is `{}`, so only what stands inside it counts. */
function issuesOf(error: unknown): ServerIssue[] {
  if (typeof error === 'string' && error !== '') return [{ part: '', text: text(error) }]
  const parts = Array.isArray(error) ? error : isObject(error) ? [error] : []
  return parts.slice(0, 50).flatMap((part) =>
    isObject(part)
      ? Object.entries(part).map(([name, value]) => ({
          part: name,
          text: text(typeof value === 'string' ? value : JSON.stringify(value)),
        }))
      : [{ part: '', text: text(String(part)) }],
  )
}

/** Tells whether an envelope reports a failure, whatever HTTP status carried it. */
export function saysFailure(envelope: Envelope): boolean {
  return envelope.issues.length > 0 || (envelope.status !== null && envelope.status >= 400)
}

/** The id in an answer's data, under any of its documented names, or null. */
export function idOf(data: unknown): string | null {
  if (!isObject(data)) return null
  const id = data.profile_id ?? data.profileId ?? data.id
  if (typeof id === 'number') return String(id)
  return typeof id === 'string' && id !== '' ? id : null
}

/**
 * Reads a profile from an answer. With `whole`, a field that the answer leaves out is empty (null); without it, as in a
 * list's items, such a field is unknown. Returns null where there is no id, or names the field whose type is impossible.
 */
export function parseProfile(
  data: unknown,
  whole: boolean,
): { profile: RemoteProfile; problem: null } | { profile: null; problem: string } {
  const id = idOf(data)
  if (id === null || !isObject(data)) return { profile: null, problem: 'no profile id (`profile_id`)' }
  const fields: Record<string, unknown> = {}
  for (const [name, read] of Object.entries(READERS)) {
    const value = data[name]
    if (value === undefined) {
      if (whole && !ALWAYS_TEXT.has(name)) fields[name] = null
      continue
    }
    const result = read(value)
    if (result === undefined)
      return { profile: null, problem: `an unexpected value in \`${name}\` of profile ${id.slice(0, 100)}` }
    fields[name] = result
  }
  const { status } = data
  return {
    profile: {
      id,
      status: typeof status === 'number' ? status : null,
      fields: fields as Partial<ProfileFields>,
    },
    problem: null,
  }
}

const ALWAYS_TEXT: ReadonlySet<string> = new Set<FieldName>(['title', 'http_method', 'url'])

/** Canonical form of each field; undefined where no reading makes sense of the value. */
const READERS: Readonly<Record<FieldName, (value: unknown) => unknown>> = {
  title: (value) => (typeof value === 'string' ? value : undefined),
  http_method: (value) => (typeof value === 'string' ? value.toUpperCase() : undefined),
  url: (value) => (typeof value === 'string' ? value : undefined),
  response_message: (value) => (isEmptyValue(value) ? null : typeof value === 'string' ? value : undefined),
  channel: (value) =>
    isEmptyValue(value) ? null : typeof value === 'string' ? canonicalChannel(value) : undefined,
  body: objectField,
  headers: objectField,
  enc: (value) => {
    const enc = objectField(value)
    return isObject(enc) && ['algo', 'key', 'IV'].every((name) => isEmptyValue(enc[name] ?? null))
      ? null
      : enc
  },
  events: (value) => {
    const events = typeof value === 'string' ? fromJson(value) : value
    if (isEmptyValue(events)) return null
    const list = Array.isArray(events) ? events : [events]
    return list.every((event) => typeof event === 'string') ? list : undefined
  },
}

function objectField(value: unknown): unknown {
  const object = typeof value === 'string' ? fromJson(value) : value
  if (isEmptyValue(object)) return null
  return isObject(object) ? object : undefined
}

/** A JSON string's value; text that is no JSON stays as it is. */
function fromJson(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/**
 * The request body that sets these fields. `create` leaves empty ones out (documentation: optional fields), but for the
 * body that POST and PUT need. `update` clears a field by its type's empty value (assumption: nothing is documented).
 */
export function toRequest(
  fields: Partial<ProfileFields>,
  operation: 'create' | 'update',
): Record<string, unknown> {
  const needsBody = fields.http_method === 'POST' || fields.http_method === 'PUT'
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      if (value !== null) return [[name, value]]
      if (operation === 'create') return name === 'body' && needsBody ? [[name, {}]] : []
      return [[name, EMPTY[name as FieldName] ?? null]]
    }),
  )
}

const EMPTY: Partial<Record<FieldName, unknown>> = { body: {}, headers: {}, events: [], response_message: '' }
