/** What the fields of one profile say of each other. Rules come from Kaleyra's documentation unless a comment says otherwise. */

import { unreachableHost } from '../addresses.ts'
import { isRecord, MAX_DEPTH } from '../values.ts'
import { didYouMean, type Finding, type Path, wrongKey, wrongValue } from './problem.ts'
import { ALGORITHMS, CHANNELS, HTTP_METHODS, SMS_EVENTS } from './schema.ts'
import { endpointOf } from './url.ts'

/** A profile before its rules are known to hold: any field may have any value. */
type Fields = Readonly<Record<string, unknown>>

/**
 * Checks a profile in which empty values are `null` and expressions are evaluated. Fields of a wrong type are passed over:
 * `profileSchema` reports them.
 */
export function checkRules(profile: Fields): Finding[] {
  return [
    ...missingFields(profile),
    ...sameHeaders(profile.headers),
    ...encryption(profile.enc),
    ...events(profile),
    ...channel(profile.channel),
    ...json(profile.body, ['body']),
    ...json(isRecord(profile.enc) ? profile.enc.params : null, ['enc', 'params']),
  ]
}

/** A URL whose host is a name of the internet, as nearly all are: it needs no closer look. */
const PUBLIC_NAME = /^https?:\/\/(?:[a-z0-9-]+\.)+(?!(?:local|localhost|internal)[/?#])[a-z]{2,}[/?#]/i

/**
 * Warns of a host that Kaleyra's servers cannot reach. `written` is the URL as it is written: of a host that an expression
 * makes nothing is said.
 */
export function checkHost(written: unknown): Finding[] {
  if (typeof written === 'string' && PUBLIC_NAME.test(written)) return []
  const host = endpointOf(written)?.host ?? ''
  const kind = unreachableHost(host)
  if (kind === null) return []
  const message = `expected a host that Kaleyra's servers can reach from the internet, found ${host}, ${kind}`
  return [{ ...wrongValue(['url'], message), severity: 'warning' }]
}

/** What a profile needs to be created. A pinned one is never created; an absent one is only found, by its title. */
function missingFields({ id, state, title, http_method, url, body }: Fields): Finding[] {
  const pinned = id !== undefined
  const absent = state === 'absent'
  const needs = (name: string, value: unknown, needed: boolean, what: string): Finding[] =>
    needed && value === undefined ? [wrongKey([name], `\`${name}\` is missing: ${what}`)] : []
  return [
    ...needs('title', title, !pinned, 'expected the name of the profile on the account'),
    ...needs('http_method', http_method, !pinned && !absent, `expected one of ${HTTP_METHODS.join(', ')}`),
    ...needs('url', url, !pinned && !absent, 'expected the address that Kaleyra calls'),
    ...needs(
      'body',
      body,
      !absent && (http_method === 'POST' || http_method === 'PUT'),
      `${http_method} needs one (\`{}\` for an empty one)`,
    ),
  ]
}

function sameHeaders(headers: unknown): Finding[] {
  const seen = new Set<string>()
  return Object.keys(isRecord(headers) ? headers : {}).flatMap((name) => {
    const lower = name.toLowerCase()
    if (seen.has(lower))
      return [wrongKey(['headers', name], 'this header stands here twice: names ignore case')]
    seen.add(lower)
    return []
  })
}

const IV_LENGTH = 16

/** Key length in characters (16, 24 or 32) that an algorithm takes: its bits divided by eight. */
const keyLength = (algo: string): number => Number(algo.split('-')[1]) / 8

function encryption(enc: unknown): Finding[] {
  if (!isRecord(enc)) return []
  const length = (name: string, expected: number, why: string): Finding[] => {
    const value = enc[name]
    if (typeof value !== 'string' || [...value].length === expected) return []
    return [wrongValue(['enc', name], `expected ${expected} characters${why}, found ${[...value].length}`)]
  }
  const algo = ALGORITHMS.find((known) => known === enc.algo)
  return [
    ...(algo === undefined ? [] : length('key', keyLength(algo), ` for ${algo}`)),
    ...length('IV', IV_LENGTH, ''),
  ]
}

function events({ id, channel, events }: Fields): Finding[] {
  const names = (Array.isArray(events) ? events : [events]).filter(
    (name) => typeof name === 'string' && name !== '',
  )
  const name = channel ?? 'default'
  if (names.length === 0 || typeof name !== 'string') return []
  if (/^(default)?$/i.test(name)) {
    // The channel of a pinned profile may be left out: it cannot change.
    return id === undefined ? [wrongValue(['events'], 'expected no events: they need `channel: sms`')] : []
  }
  const unknown = names.find((event) => !SMS_EVENTS.some((known) => known === event))
  if (name.toLowerCase() !== 'sms' || unknown === undefined) return []
  const found = `, found ${JSON.stringify(unknown.slice(0, 100))}${didYouMean(unknown, SMS_EVENTS)}`
  const expected = `expected ${SMS_EVENTS.join(', ')}: channel \`sms\` has no other event`
  return [wrongValue(['events'], expected, found)]
}

function channel(name: unknown): Finding[] {
  if (typeof name !== 'string' || name === '') return []
  if (/^(sms|default)$/i.test(name)) return []
  const message = `Kaleyra documents only \`sms\` and the default channel: this one is passed on as it is`
  const known = CHANNELS.some((other) => other === name.toLowerCase())
  return [
    { ...wrongValue(['channel'], message, known ? '' : didYouMean(name, CHANNELS)), severity: 'warning' },
  ]
}

/** What JSON cannot carry, or not exactly. Ours: it would be sent as something else. */
function json(value: unknown, path: Path): Finding[] {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return [wrongValue(path, 'expected a JSON value: JSON has no such number')]
    const exact = !Number.isInteger(value) || Number.isSafeInteger(value)
    return exact
      ? []
      : [wrongValue(path, 'expected a number of at most 15 digits: put a longer one in quotes')]
  }
  if (typeof value !== 'object' || value === null) return []
  if (path.length > MAX_DEPTH) return [wrongValue(path, `expected at most ${MAX_DEPTH} levels of nesting`)]
  return Object.entries(value).flatMap(([name, item]) =>
    json(item, [...path, Array.isArray(value) ? Number(name) : name]),
  )
}
