/** Turns what a request met — an answer, or none — into an envelope or a {@link KaleyraError}. Pure. */
import { type FailureFacts, KaleyraError } from './error.ts'
import { type Envelope, isTooDeep, MAX_NESTING, parseEnvelope, saysFailure } from './wire.ts'

/** An answer as it came. `body` is null where it was cut off, or is longer than {@link MAX_ANSWER_BYTES}. */
export interface Answer {
  readonly status: number
  readonly body: string | null
  readonly tooLong: boolean
  readonly location: string | null
}

/** Most that is read of an answer, in bytes. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024

const CREDENTIALS_HINT =
  'Check the inputs `api-key` and `sid`, and that `region` (or `api-url`) is the API domain that the Kaleyra console shows for this account.'
const ALLOW_LIST_HINT =
  'Check that the API key may manage callback profiles and that its IP allow-list admits this runner (hosted runners have changing addresses).'
const ROUTE_HINT =
  'Check the inputs `region`, `api-url` and `sid`: this server does not know the path of callback profiles.'
const ADDRESS_HINT = 'Check the inputs `region` and `api-url`, and that this runner reaches the API.'
const CERTIFICATE_HINT =
  "The certificate of the API is not trusted here. Where a proxy or a private CA issued it, set NODE_EXTRA_CA_CERTS in the step's `env:` to the path of that CA's certificate (PEM); verification cannot be turned off."
const PROXY_HINT =
  'Check the environment variable HTTPS_PROXY, with user and password in it where the proxy wants them (http://user:password@host:port), and that the proxy admits the API. NO_PROXY exempts hosts.'

/** What 204 amounts to: a success that says nothing. */
const NO_CONTENT: Envelope = { code: '', message: '', data: {}, issues: [], status: 204, rest: {}, size: 0 }

/** Reads an answer: an envelope of success, or the error that it amounts to. */
export function readAnswer(operation: string, answer: Answer): Envelope | KaleyraError {
  const { status, body } = answer
  if (status === 204) return NO_CONTENT
  const envelope = body === null ? null : parseEnvelope(body)
  if (status >= 200 && status < 300 && envelope !== null && !saysFailure(envelope)) return envelope
  return new KaleyraError({
    operation,
    status,
    code: envelope?.code ?? '',
    issues: envelope?.issues ?? [],
    final: answer.tooLong || isTooDeep(body ?? ''),
    ...judge(answer, envelope),
  })
}

/** Names what kind of failure an answer is, what the server says of it, and what to do. */
function judge(answer: Answer, envelope: Envelope | null): Pick<FailureFacts, 'kind' | 'said' | 'hint'> {
  const { status, location } = answer
  const said = envelope === null ? unreadable(answer) : spoken(envelope)
  const foreign = envelope === null
  if (status < 300) {
    return { kind: 'faulty', said: `not a success answer: ${said}`, hint: foreign ? ADDRESS_HINT : '' }
  }
  if (status < 400) {
    const target = location === null ? '' : ` to ${location.slice(0, 2000)}`
    const redirect = `redirected${target}; redirects are refused, since they would carry the API key elsewhere`
    return { kind: 'misrouted', said: redirect, hint: ADDRESS_HINT }
  }
  if (status === 401) return { kind: 'credentials', said, hint: CREDENTIALS_HINT }
  if (status === 403) return { kind: 'refused', said, hint: ALLOW_LIST_HINT }
  const unknownPath = envelope?.code === 'RBC618' || (status === 404 && !envelope?.code.startsWith('RBC'))
  if (unknownPath) return { kind: 'misrouted', said, hint: ROUTE_HINT }
  if (status === 429) {
    return { kind: 'busy', said, hint: 'Lower the input `concurrency`, or run again later.' }
  }
  if (status >= 500 || status === 408 || status === 425) {
    return { kind: 'faulty', said, hint: 'Kaleyra could not answer. Run again later.' }
  }
  return { kind: 'refused', said }
}

function spoken(envelope: Envelope): string {
  const details = envelope.issues.map(({ part, text }) => (part === '' ? text : `${part}: ${text}`))
  const fresh = details.filter((detail) => !detail.endsWith(envelope.message) || envelope.message === '')
  return [envelope.code, envelope.message, ...fresh].filter(Boolean).join(' ') || 'no message'
}

function unreadable({ body, tooLong }: Answer): string {
  if (tooLong) return `the answer is longer than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB`
  if (body === null) return 'the answer was cut off'
  if (body.trim() === '') return 'the answer is empty'
  if (isTooDeep(body)) return `the answer is nested more than ${MAX_NESTING} levels deep`
  return /<(!doctype|html|head|body)/i.test(body)
    ? 'the answer is an HTML page, not the API'
    : 'the answer is not from the API'
}

/** How a request without an answer ended. */
export interface Ending {
  /** What was thrown. */
  readonly thrown: unknown
  /** Milliseconds after which it timed out, or null where it did not. */
  readonly timedOutMs: number | null
  /** Whether it was given up because the run was cancelled. */
  readonly cancelled: boolean
}

/** A proxy through which no request could be sent. `final` tells whether another try is of no use. */
export class ProxyError extends Error {
  /** Errors are told apart by this: what carries a request may wrap them. */
  readonly code: string

  constructor(message: string, final: boolean, cause?: unknown) {
    super(message, { cause })
    this.code = final ? PROXY_REFUSES : PROXY_FAILS
  }
}

const PROXY_REFUSES = 'PROXY_REFUSES'
const PROXY_FAILS = 'PROXY_FAILS'

/** What Node says of a network error. */
type NetworkError = Partial<Pick<NodeJS.ErrnoException, 'code' | 'syscall' | 'message'>>

/** A certificate that is not trusted, in the words of OpenSSL and Node. Another try does not mend it. */
const CERTIFICATE =
  /^(CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_|ERR_TLS_CERT_)/
/** Tells whether an error code means a certificate that is not trusted. */
export const isUntrustedCertificate = (code: string): boolean => CERTIFICATE.test(code)

/** Without a system call these sum up attempts at several addresses of one name, none of which was connected. */
const NO_ADDRESS = /^(ECONNREFUSED|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL)$/
const BEFORE_TLS = 'before secure TLS connection was established'

/**
 * Reads a request that got no answer. It is `unreachable` only where the request provably never left: name resolution,
 * connecting, the answer of a proxy to CONNECT, and the TLS handshake. A time-out and everything else may have reached the server.
 */
export function readNetworkError(operation: string, { thrown, timedOutMs, cancelled }: Ending): KaleyraError {
  const { code = '', syscall, message = '' } = thrown as NetworkError
  const failed = (facts: Pick<FailureFacts, 'kind' | 'said' | 'final' | 'hint'>): KaleyraError =>
    new KaleyraError({ operation, status: null, hint: ADDRESS_HINT, cause: thrown, ...facts })

  if (cancelled) {
    return failed({
      kind: 'unanswered',
      said: 'the run was cancelled before an answer came',
      final: true,
      hint: '',
    })
  }
  if (timedOutMs !== null) {
    return failed({ kind: 'timeout', said: `no answer within ${timedOutMs / 1000} s (input \`timeout\`)` })
  }
  if (code === 'ERR_INVALID_CHAR') {
    const said = 'the input `api-key` holds a character that an API key cannot have'
    return failed({ kind: 'credentials', said, final: true, hint: CREDENTIALS_HINT })
  }
  if (code === PROXY_REFUSES || code === PROXY_FAILS) {
    return failed({ kind: 'unreachable', said: message, final: code === PROXY_REFUSES, hint: PROXY_HINT })
  }
  if (isUntrustedCertificate(code)) {
    return failed({ kind: 'unreachable', said: `TLS: ${code}`, final: true, hint: CERTIFICATE_HINT })
  }
  const neverLeft =
    syscall === 'connect' ||
    syscall === 'getaddrinfo' ||
    (syscall === undefined && NO_ADDRESS.test(code)) ||
    message.endsWith(BEFORE_TLS)
  return neverLeft
    ? failed({ kind: 'unreachable', said: `no connection to the API (${code})` })
    : failed({ kind: 'unanswered', said: `the connection broke (${code || String(thrown)})` })
}

/** Tells whether a failed request may be sent again as it is. A write that creates only where it surely was not stored. */
export function mayRetry(method: string, error: KaleyraError): boolean {
  if (error.final) return false
  if (error.kind === 'unreachable' || error.kind === 'busy') return true
  return method !== 'POST' && error.mayHaveLanded
}

/** Milliseconds that a `Retry-After` header asks to wait (seconds or a date), or null where it says nothing usable. */
export function retryAfterMs(header: string | null, now: number): number | null {
  const text = header?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}
