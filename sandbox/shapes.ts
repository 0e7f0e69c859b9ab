import type { ListOptions, SandboxOptions } from './options.ts'
import type { Profile } from './store.ts'

type Fields = Record<string, unknown>

const MASKED = '****'
const CREDENTIAL_HEADER = /authorization|cookie|token|secret|key|signature|password/i
const ITEM_FIELDS = {
  summary: ['profile_id', 'title', 'http_method', 'url', 'status', 'created_at'],
  ids: ['profile_id', 'title'],
  untitled: ['profile_id'],
}

/** `data` of create: body and enc are objects, headers and events are JSON text, no channel, no dates [documented]. */
export function createdShape(profile: Profile, options: SandboxOptions): Fields {
  const { title, http_method, url, body, enc, headers, events, response_message } = visible(profile, options)
  return {
    title,
    http_method,
    url,
    body: value(body, {}, options),
    enc: value(enc, {}, options),
    headers: json(headers, {}, options),
    events: json(events, [], options),
    replacers: {},
    response_message: value(response_message, '', options),
    profile_id: profile.profile_id,
    status: profile.status,
  }
}

/** `data` of get: headers, body and events are JSON text, body_type is null [documented]; less `getLacks`. */
export function fetchedShape(profile: Profile, options: SandboxOptions): Fields {
  const { title, url, http_method, headers, body, enc, response_message, channel, events } = visible(
    profile,
    options,
  )
  const fields: Fields = {
    profile_id: profile.profile_id,
    title,
    url,
    http_method,
    headers: json(headers, {}, options),
    body_type: null,
    body: json(body, {}, options),
    status: profile.status,
    created_at: profile.created_at,
    modified_at: profile.modified_at,
    enc: value(enc, {}, options),
    response_message: value(response_message, '', options),
    channel: value(channel, '', options),
    events: json(events, [], options),
    dynamic_variables: value(null, [], options),
    replacers: {},
  }
  for (const name of options.getLacks) delete fields[name]
  return fields
}

/** `data` of a list, and what stands beside it in the envelope [assumption: every shape]. */
export function listShape(
  profiles: readonly Profile[],
  total: number,
  options: SandboxOptions,
): { data: object; beside: object } {
  const { shape, total: counted } = options.list
  const items = profiles.map((profile) => listItem(profile, options.list.items, options))
  const count = counted ? { [counted.name]: total } : {}
  return {
    data: shape === 'array' ? items : { [shape.under]: items, ...(counted?.where === 'data' ? count : {}) },
    beside: counted?.where === 'envelope' ? count : {},
  }
}

/** `data` of delete: the one place where the id is written in camel case [documented]. */
export function deletedShape(id: string): Fields {
  return { profileId: id }
}

function listItem(profile: Profile, items: ListOptions['items'], options: SandboxOptions): Fields {
  const whole = fetchedShape(profile, options)
  if (items === 'whole') return whole
  return Object.fromEntries(ITEM_FIELDS[items].map((name) => [name, whole[name]]))
}

function visible(profile: Profile, { mask }: SandboxOptions): Profile {
  if (!mask) return profile
  const { enc, headers } = profile
  return {
    ...profile,
    enc: enc && { ...enc, key: MASKED, IV: MASKED },
    headers:
      headers &&
      Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [name, CREDENTIAL_HEADER.test(name) ? MASKED : text]),
      ),
  }
}

function value(present: unknown, empty: unknown, { absent }: SandboxOptions): unknown {
  if (present !== null) return present
  if (absent === 'omitted') return undefined
  return absent === 'empty' ? empty : null
}

function json(present: unknown, empty: object, options: SandboxOptions): unknown {
  const known = value(present, empty, options)
  return known === null && options.absent !== 'null-text' ? null : JSON.stringify(known)
}
