import { splitExpressions } from './template.ts'

/** A `<variable>` that Kaleyra fills in: legal anywhere in a callback URL (documentation), and no URL character. */
const PLACEHOLDER = /<[^<>\s]+>/g

/** A placeholder may be any part but the scheme: a name in most places, digits in that of the port. */
const readings = (text: string): [named: string, numbered: string] => [
  text.replace(PLACEHOLDER, 'x'),
  text.replace(PLACEHOLDER, '1'),
]

/**
 * Checks a callback URL: http or https, parsed as browsers do once `<variable>` placeholders are set aside.
 * Returns what is expected instead, or null for a good one.
 */
export function urlProblem(text: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the parser would drop them silently
  if (/[\s\u0000-\u001f\u007f]/.test(text)) return 'expected a URL without spaces or line breaks'
  const [named, numbered] = readings(text)
  if (!/^https?:\/\//i.test(named)) return 'expected a URL that starts with https:// or http://'
  if (!URL.canParse(named) && !URL.canParse(numbered))
    return 'expected a URL with a host, such as https://hooks.example.com/path'
  return null
}

/** Where a callback goes: what of its URL decides on the connection. */
export interface Endpoint {
  readonly secure: boolean
  /** Name or IP address, in small letters, without brackets and without a dot at its end. */
  readonly host: string
  readonly port: number
  /** Host and port as a URL has them. */
  readonly authority: string
}

/** A URL up to the end of its host and port, and the character after it. Slashes before the host do not count. */
const AUTHORITY = /^https?:\/\/[/\\]*[^/\\?#]+[/\\?#]/i

/**
 * The endpoint of a URL as it is written in the manifest. Null where an expression or a `<variable>` makes some of it,
 * and where the URL is wrong.
 */
export function endpointOf(written: unknown): Endpoint | null {
  if (typeof written !== 'string') return null
  const [start, ...rest] = splitExpressions(written)
  if (start?.kind !== 'text' || (rest.length > 0 && !AUTHORITY.test(start.text))) return null
  if (urlProblem(start.text) !== null) return null
  const [url, other] = readings(start.text).map((text) => URL.parse(text))
  if (!url || url.host !== other?.host) return null
  const secure = url.protocol === 'https:'
  const hostname = url.hostname.replace(/(?<=.)\.$/, '')
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port)
  return { secure, host: hostname.replace(/^\[|\]$/g, ''), port, authority: `${hostname}:${port}` }
}
