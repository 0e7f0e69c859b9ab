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
import { isRecord, MAX_DEPTH } from '../values.ts'

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
  /** Length of the answer in characters. */
  readonly size: number
}

/** Longest text of the server that is kept for a message, in characters. */
const MAX_TEXT = 20_000

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, MAX_TEXT) : '')

/** A number, also where it stands as text. */
const numeric = (value: unknown): number | null =>
  typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value)) ? Number(value) : null

/** Deepest nesting of an answer that is read: a body may be nested as deeply as a manifest's, and stands at some depth itself. */
export const MAX_NESTING = 2 * MAX_DEPTH

/** Tells whether JSON is nested more deeply than {@link MAX_NESTING}: what compares or shows such a value would run out of stack. */
export function isTooDeep(json: string): boolean {
  let depth = 0
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at]
    if (character === '"') {
      for (at += 1; at < json.length && json[at] !== '"'; at += 1) if (json[at] === '\\') at += 1
    } else if (character === '[' || character === '{') {
      depth += 1
      if (depth > MAX_NESTING) return true
    } else if (character === ']' || character === '}') depth -= 1
  }
  return false
}

/** Reads an envelope from an answer's text, or null where the text is something else (a proxy's page, a cut answer). */
export function parseEnvelope(body: string): Envelope | null {
  if (isTooDeep(body)) return null
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return null
  }
  if (!isRecord(value) || !('data' in value || 'error' in value || 'code' in value || 'message' in value))
    return null
  const { code, message, data, error, status, ...rest } = value
  return {
    code: text(code),
    message: text(message),
    data,
    issues: issuesOf(error),
    status: numeric(status),
    rest,
    size: body.length,
  }
}

/** On success `error` is `{}`, so only what stands inside it counts. */
function issuesOf(error: unknown): ServerIssue[] {
  if (typeof error === 'string' && error !== '') return [{ part: '', text: text(error) }]
  const parts = Array.isArray(error) ? error : isRecord(error) ? [error] : []
  return parts.slice(0, 50).flatMap((part) =>
    isRecord(part)
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

/** Ids stand in paths, outputs and the log. What is longer, leads elsewhere in a path or cannot be printed is none. */
const ID = /^(?!\s*$|\.{1,2}$)[^\p{C}\u2028\u2029]{1,200}$/u

/** The id in an answer's data, under any of its documented names, or null. */
export function idOf(data: unknown): string | null {
  if (!isRecord(data)) return null
  const id = [data.profile_id, data.profileId, data.id].find((value) => !isEmptyValue(value ?? null))
  const text = typeof id === 'number' ? String(id) : id
  return typeof text === 'string' && ID.test(text) ? text : null
}

/**
 * Reads a profile from an answer. With `whole`, a field that the answer leaves out is empty (null), and one whose type is
 * impossible is a problem. Without it, as in a list's items, both are unknown: nothing that an unrelated profile holds may
 * keep the list from being read. Returns the profile, or what is wrong.
 */
export function parseProfile(
  data: unknown,
  whole: boolean,
): { profile: RemoteProfile; problem: null } | { profile: null; problem: string } {
  const id = idOf(data)
  if (id === null || !isRecord(data)) return { profile: null, problem: 'no profile id (`profile_id`)' }
  const fields: Record<string, unknown> = {}
  for (const [name, read] of READERS) {
    const value = data[name] === undefined && whole ? null : data[name]
    if (value === undefined || (value === null && ALWAYS_TEXT.has(name))) continue
    const result = read(value)
    if (result !== undefined) fields[name] = result
    else if (whole)
      return { profile: null, problem: `an unexpected value in \`${name}\` of profile ${id.slice(0, 100)}` }
  }
  return {
    profile: { id, status: numeric(data.status), fields: fields as Partial<ProfileFields> },
    problem: null,
  }
}

/** Fields that every profile has: null in one of them says nothing. */
const ALWAYS_TEXT: ReadonlySet<string> = new Set<FieldName>(['title', 'http_method', 'url'])

/** Canonical form of each field; undefined where no reading makes sense of the value. */
const READERS = Object.entries<(value: unknown) => unknown>({
  title: (value) => (typeof value === 'string' ? value : undefined),
  http_method: (value) => (typeof value === 'string' ? value.toUpperCase() : undefined),
  url: (value) => (typeof value === 'string' ? value : undefined),
  response_message: (value) => (isEmptyValue(value) ? null : typeof value === 'string' ? value : undefined),
  channel: (value) =>
    isEmptyValue(value) ? null : typeof value === 'string' ? canonicalChannel(value) : undefined,
  body: objectField,
  headers: (value) => {
    const headers = objectField(value)
    return isRecord(headers) ? Object.fromEntries(Object.entries(headers).map(asText)) : headers
  },
  enc: (value) => {
    const enc = objectField(value)
    if (!isRecord(enc)) return enc
    const { params, ...needed } = enc
    if (Object.values(needed).every(isEmptyValue)) return null
    return isEmptyValue(params ?? null) ? needed : enc
  },
  events: (value) => {
    const events = typeof value === 'string' ? fromJson(value) : value
    if (isEmptyValue(events)) return null
    const list = Array.isArray(events) ? events : [events]
    return list.every((event) => typeof event === 'string') ? list : undefined
  },
} satisfies Record<FieldName, (value: unknown) => unknown>)

const asText = ([name, value]: [string, unknown]): [string, string] => [
  name,
  typeof value === 'string' ? value : JSON.stringify(value),
]

function objectField(value: unknown): unknown {
  const object = typeof value === 'string' ? fromJson(value) : value
  if (isEmptyValue(object)) return null
  return isRecord(object) ? object : undefined
}

/** A JSON string's value; text that is no JSON, or nested too deeply, stays as it is. */
function fromJson(value: string): unknown {
  if (isTooDeep(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/**
 * The request body that sets these fields. `create` leaves empty ones out (documentation: optional), but always sends a
 * body: the documentation marks it mandatory even where it is not needed. `update` clears a field by its type's empty
 * value (assumption: nothing is documented).
 */
export function toRequest(
  fields: Partial<ProfileFields>,
  operation: 'create' | 'update',
): Record<string, unknown> {
  const given = Object.entries(fields)
  if (operation === 'update') {
    return Object.fromEntries(given.map(([name, value]) => [name, value ?? EMPTY[name as FieldName] ?? null]))
  }
  return { body: {}, ...Object.fromEntries(given.filter(([, value]) => value !== null)) }
}

const EMPTY: Partial<Record<FieldName, unknown>> = { body: {}, headers: {}, events: [], response_message: '' }
