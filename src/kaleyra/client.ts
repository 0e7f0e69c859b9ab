import { isEmptyValue, type RemoteProfile } from '../profile.ts'
import { isRecord } from '../values.ts'
import { KaleyraError } from './error.ts'
import type { Send } from './http.ts'
import { idOf, parseProfile } from './wire.ts'

/** One page of the account's list. Items may be whole or summaries: fields they lack are unknown. */
export interface Page {
  readonly items: readonly RemoteProfile[]
  /** How many profiles match in all, where the answer says so; never fewer than it shows. */
  readonly total: number | null
  /** Length of the answer in characters. */
  readonly size: number
}

export interface ListQuery {
  readonly limit: number
  readonly offset: number
  readonly title?: string
}

/** What planning may do: read. It has no method that writes. */
export interface Reader {
  list(query: ListQuery): Promise<Page>
  /** The whole profile, or null where there is none of that id. */
  get(id: string): Promise<RemoteProfile | null>
}

/** What an apply may do. Bodies are in the API's own spelling; `label` names the profile in messages. */
export interface Writer {
  /** Creates a profile and returns its id. */
  create(body: Readonly<Record<string, unknown>>, label: string): Promise<string>
  /** Changes the fields of `body`; others keep their value. */
  update(id: string, body: Readonly<Record<string, unknown>>, label: string): Promise<void>
  /** Deletes the profile; one that is gone already is fine. */
  remove(id: string, label: string): Promise<void>
}

/** Makes a reader over an open API. */
export function createReader(send: Send): Reader {
  return {
    list: async ({ limit, offset, title }) => {
      const operation = title === undefined ? 'list profiles' : 'find profiles by title'
      const filter = title === undefined ? '' : `&title=${encodeURIComponent(title)}`
      const path = `?limit=${limit}&offset=${offset}${filter}`
      const { data, rest, size } = await found(send({ method: 'GET', path, operation }), NOTHING)
      const items = itemsOf(data)
      if (items === null) throw unexpected(operation, 'no list of profiles in `data`')
      return {
        items: items.map((item) => profileOf(operation, item, false)),
        total: totalOf(items.length, isRecord(data) ? data : {}, rest),
        size,
      }
    },
    get: async (id) => {
      const operation = `read profile ${id}`
      const answer = await found(send({ method: 'GET', path: `/${encodeURIComponent(id)}`, operation }), null)
      if (answer === null) return null
      const profile = profileOf(operation, single(answer.data), true)
      if (profile.id === id) return profile
      throw unexpected(operation, `it is about another profile (${profile.id})`)
    },
  }
}

/** Makes a writer over an open API. */
export function createWriter(send: Send): Writer {
  return {
    create: async (body, label) => {
      const operation = `create profile "${label}"`
      const { data } = await send({ method: 'POST', path: '', body, operation })
      const id = idOf(single(data))
      if (id !== null) return id
      throw new KaleyraError({
        kind: 'faulty',
        operation,
        status: 201,
        said: 'a success answer without a profile id',
      })
    },
    update: async (id, body, label) => {
      await send({
        method: 'PATCH',
        path: `/${encodeURIComponent(id)}`,
        body,
        operation: `update profile "${label}" (${id})`,
      })
    },
    remove: async (id, label) => {
      const operation = `delete profile "${label}" (${id})`
      await found(send({ method: 'DELETE', path: `/${encodeURIComponent(id)}`, operation }), null)
    },
  }
}

const NOTHING = { data: [], rest: {}, size: 0 }

/** What a request found, or `nothing` where the API itself (not a proxy) says that it does not exist. */
async function found<Answer, Nothing>(request: Promise<Answer>, nothing: Nothing): Promise<Answer | Nothing> {
  try {
    return await request
  } catch (error) {
    if (error instanceof KaleyraError && error.status === 404 && error.kind === 'refused') return nothing
    throw error
  }
}

/** An answer's one profile, also where it stands in a list. */
const single = (data: unknown): unknown => (Array.isArray(data) && data.length === 1 ? data[0] : data)

function profileOf(operation: string, data: unknown, whole: boolean): RemoteProfile {
  const { profile, problem } = parseProfile(data, whole)
  if (profile === null) throw unexpected(operation, problem)
  return profile
}

const unexpected = (operation: string, what: string): KaleyraError =>
  new KaleyraError({
    kind: 'refused',
    operation,
    status: 200,
    said: `the answer is not what the API is known to send: ${what}`,
    hint: 'Check the input `api-url`. If it is right, please open an issue with this message.',
  })

/** The list in an answer: `data` itself, the profiles under some name in it, or a lone profile. Null where there is none. */
function itemsOf(data: unknown): readonly unknown[] | null {
  if (Array.isArray(data)) return data
  if (data === null) return []
  if (!isRecord(data)) return null
  const values = Object.values(data)
  const lists = values.filter((value) => Array.isArray(value)).filter((list) => list.every(isRecord))
  const profiles = lists.find((list) => list.some((item) => idOf(item) !== null))
  if (profiles !== undefined) return profiles
  if (idOf(data) !== null) return [data]
  const nothing = values.every((value) => isEmptyValue(value) || typeof value === 'number')
  return lists.find((list) => list.length > 0) ?? lists[0] ?? (nothing ? [] : null)
}

/** A total that the answer states, under any name like `total` or `count`, beside the list or one level deeper. */
function totalOf(shown: number, ...places: Record<string, unknown>[]): number | null {
  const named = places
    .flatMap((place) => [place, ...Object.values(place).filter(isRecord)])
    .flatMap(Object.entries)
    .filter(
      ([name, value]) => /total|(?<!ac)count/i.test(name) && !/page/i.test(name) && Number.isInteger(value),
    )
    .filter(([name, value]) => (value as number) > shown || (value === shown && /total/i.test(name)))
  return (named[0]?.[1] as number | undefined) ?? null
}
