/** Random secrets in every place that can hold one, and a search for them in everything that a run leaves. */
import fc from 'fast-check'
import type { ProfileInput } from '../../sandbox/store.ts'

/** A secret of this many characters, all of which a header can hold. */
const ascii = (length: number): fc.Arbitrary<string> =>
  fc
    .array(fc.integer({ min: 0x21, max: 0x7e }), { minLength: length - 8, maxLength: length - 8 })
    .map((codes) => `"\\/+&%<'${String.fromCharCode(...codes)}`)
const letters = (length: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'),
    minLength: length,
    maxLength: length,
  })
const lines = fc.tuple(ascii(20), letters(12), ascii(20)).map((parts) => parts.join('\n'))
const unicode = fc.tuple(ascii(12), letters(6)).map(([start, end]) => `${start} é😀 ${end}`)

const SECRETS = {
  apiKey: ascii(40),
  githubToken: letters(36).map((text) => `ghs_${text}`),
  // Environment variables, by their names.
  HOOK_TOKEN: ascii(24),
  TEAM: ascii(16),
  URL_PATH: letters(20),
  URL_QUERY: letters(20),
  URL_KEY: letters(20),
  BODY: unicode,
  BODY_PART: ascii(16),
  BODY_PIN: fc.integer({ min: 10 ** 11, max: 10 ** 12 }).map(String),
  MESSAGE: lines,
  ENC_KEY: ascii(32),
  SALT: unicode,
  TITLE: letters(16),
  OLD_TITLE: letters(16),
  PREFIX: letters(16),
  // Written in the manifest.
  header: ascii(20),
  cookie: ascii(20),
  iv: ascii(16),
  password: letters(16).map((text) => `${text}/@%`),
  token: letters(16).map((text) => `${text} &=`),
  // On the account.
  heldHeader: ascii(20),
  heldCookie: ascii(20),
  heldKey: ascii(32),
  heldIv: ascii(16),
  heldPassword: letters(18),
}

export type Canaries = Readonly<Record<keyof typeof SECRETS, string>>

/** The secrets that a seed makes: any two seeds make others. */
export function canariesOf(seed: number): Canaries {
  const [canaries] = fc.sample(fc.record(SECRETS), { seed, numRuns: 1 })
  return canaries as Canaries
}

/** Names of those that are environment variables of the step. */
const VARIABLES = Object.keys(SECRETS).filter((name) => /^[A-Z_]+$/.test(name)) as (keyof Canaries)[]

/** The step's `env:`. */
export function envOf(canaries: Canaries): Record<string, string> {
  const variables = VARIABLES.map((name) => [name, canaries[name]] as const)
  return { ...Object.fromEntries(variables), BODY_JSON: JSON.stringify({ pin: Number(canaries.BODY_PIN) }) }
}

/** A manifest with a secret wherever one may stand. */
export function manifestOf({ header, cookie, iv, password, token }: Canaries): string {
  const [user, query] = [encodeURIComponent(`us:${password}`).replace('%3A', ':'), encodeURIComponent(token)]
  const full = {
    title: 'GH ${{ env.TITLE }}',
    previous_titles: ['GH ${{ env.OLD_TITLE }}'],
    http_method: 'POST',
    url: `https://${user}@h.example.com/\${{ env.URL_PATH }}?token=${query}&x=\${{ env.URL_QUERY }}&key=\${{ env.URL_KEY }}`,
    headers: {
      authorization: 'Bearer ${{ env.HOOK_TOKEN }}',
      'x-team': '${{ env.TEAM }}',
      'x-literal': header,
      cookie,
    },
    body: {
      whole: '${{ env.BODY }}',
      part: 'x ${{ env.BODY_PART }} y',
      json: '${{ fromJSON(env.BODY_JSON) }}',
      text: 'shown-text',
    },
    response_message: '${{ env.MESSAGE }}',
    enc: { algo: 'AES-256-GCM', key: '${{ env.ENC_KEY }}', IV: iv, params: { salt: '${{ env.SALT }}' } },
  }
  const plain = {
    title: 'GH Plain',
    http_method: 'GET',
    url: 'https://h.example.com/plain',
    channel: 'voice',
  }
  return JSON.stringify({
    prune: { title_prefix: 'PX ${{ env.PREFIX }} ' },
    profiles: { full, plain, gone: { title: 'GH Gone', state: 'absent' } },
  })
}

/** What the account holds before: secrets of its own, and those of the manifest where nobody would look for them. */
export function heldBy(canaries: Canaries): ProfileInput[] {
  const { heldHeader, heldCookie, heldKey, heldIv, heldPassword } = canaries
  const full = {
    title: `GH ${canaries.OLD_TITLE}`,
    http_method: 'POST',
    url: `https://us:${heldPassword}@h.example.com/?secret=${heldPassword}&x=${canaries.URL_QUERY}`,
    headers: { 'x-old': heldHeader, cookie: heldCookie },
    enc: { algo: 'AES-256-GCM', key: heldKey, IV: heldIv },
    body: {
      old: heldHeader,
      quoted: JSON.stringify({ authorization: `Bearer ${canaries.HOOK_TOKEN}` }),
      encoded: btoa(`us:${canaries.HOOK_TOKEN}`),
      [`name ${canaries.TEAM}`]: 'x',
      key: canaries.apiKey,
      cookie: `a ${heldCookie} b`,
      json: JSON.stringify({ key: heldKey }),
    },
    response_message: `?to=${encodeURIComponent(canaries.MESSAGE)}`,
  }
  const plain = {
    title: 'GH Plain',
    http_method: 'GET',
    url: `https://h.example.com/${encodeURIComponent(canaries.ENC_KEY)}`,
    body: { list: [canaries.cookie, { deep: canaries.iv }] },
    response_message: `${canaries.BODY} ${canaries.MESSAGE}`,
    channel: `x ${canaries.TEAM}`,
  }
  const pruned = { title: `PX ${canaries.PREFIX} ${canaries.URL_KEY}`, http_method: 'GET' }
  return [full, plain, pruned, { title: 'GH Gone', http_method: 'GET' }]
}

/** A text that a run left, and what to call it. */
export interface Stream {
  readonly name: string
  readonly text: string
}

/** The secrets that stand in streams, however they are spelt: `name of the secret in name of the stream`. */
export function leaks(streams: readonly Stream[], canaries: Readonly<Record<string, string>>): string[] {
  const readings = streams.map(({ name, text }) => ({ name, texts: readingsOf(text) }))
  return Object.entries(canaries).flatMap(([secret, value]) =>
    readings
      .filter(({ texts }) =>
        spellings(value).some((spelling) => texts.some((text) => text.includes(spelling))),
      )
      .map(({ name }) => `${secret} in ${name}`),
  )
}

/** A text as it stands, as a page shows it, and as whoever parses it as JSON gets it. */
function readingsOf(text: string): string[] {
  const rendered = text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/[\u200b]/g, '')
  return [text, rendered, ...leaves(text)]
}

function leaves(text: string): string[] {
  const found: string[] = []
  try {
    JSON.parse(text, (name, value) => {
      found.push(name, String(value))
      return value
    })
  } catch {}
  return found
}

function spellings(value: string): string[] {
  const whole = [value, ...value.split('\n')].filter((line) => line.length > 3)
  return whole.flatMap((text) => {
    const json = JSON.stringify(text).slice(1, -1)
    const base64 = Buffer.from(text)
      .toString('base64')
      .replace(/..?=*$/, '')
    return [text, json, JSON.stringify(json).slice(1, -1), encodeURIComponent(text), encodeURI(text), base64]
  })
}
