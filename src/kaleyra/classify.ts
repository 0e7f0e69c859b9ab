/** Turns what a request met — an answer, or none — into an envelope or a {@link KaleyraError}. Pure. */
import { KaleyraError } from './error.ts'
import { type Envelope, parseEnvelope, saysFailure } from './wire.ts'

/** An answer as it came: `body` is null where it could not be read to its end. */
export interface Answer {
  readonly status: number
  readonly body: string | null
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

/** Reads an answer: an envelope of success, or the error that it amounts to. */
export function readAnswer(operation: string, answer: Answer): Envelope | KaleyraError {
  const { status } = answer
  const envelope = answer.body === null ? null : parseEnvelope(answer.body)
  const said = envelope === null ? unreadable(answer.body) : spoken(envelope)
  const server = { operation, status, code: envelope?.code ?? '', issues: envelope?.issues ?? [] }
  if (status >= 200 && status < 300) {
    if (envelope !== null && !saysFailure(envelope)) return envelope
    return new KaleyraError({
      kind: 'faulty',
      ...server,
      said: `not a success answer: ${said}`,
    })
  }
  if (status >= 300 && status < 400) {
    const target = answer.location === null ? '' : ` to ${answer.location.slice(0, 200)}`
    const redirect = `redirected${target}; redirects are refused, since they would carry the API key elsewhere`
    return new KaleyraError({ kind: 'misrouted', ...server, said: redirect, hint: ADDRESS_HINT })
  }
  if (status === 401)
    return new KaleyraError({ kind: 'credentials', ...server, said, hint: CREDENTIALS_HINT })
  if (status === 403) return new KaleyraError({ kind: 'refused', ...server, said, hint: ALLOW_LIST_HINT })
  if (status === 400 && envelope?.code === 'RBC618') {
    return new KaleyraError({ kind: 'misrouted', ...server, said, hint: ROUTE_HINT })
  }
  if (status === 429) {
    const hint = 'Lower the input `concurrency`, or run again later.'
    return new KaleyraError({ kind: 'busy', ...server, said, hint })
  }
  const faulty = status >= 500 || status === 408 || status === 425
  const hint = faulty ? 'Kaleyra could not answer. Run again later.' : ''
  return new KaleyraError({ kind: faulty ? 'faulty' : 'refused', ...server, said, hint })
}

function spoken(envelope: Envelope): string {
  const details = envelope.issues.map(({ part, text }) => (part === '' ? text : `${part}: ${text}`))
  const fresh = details.filter((detail) => !detail.endsWith(envelope.message) || envelope.message === '')
  return [envelope.code, envelope.message, ...fresh].filter(Boolean).join(' ') || 'no message'
}

function unreadable(body: string | null): string {
  if (body === null) return 'the answer was cut off'
  if (body.trim() === '') return 'the answer is empty'
  return /<(!doctype|html|head|body)/i.test(body)
    ? 'the answer is an HTML page, not the API'
    : 'the answer is not from the API'
}

/** TLS failures that another try does not mend. */
const TLS_CODE = /^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|ERR_TLS_|ERR_SSL_)/
const TLS_HINT =
  'The certificate of the API is not trusted here. For a proxy or a private CA, set NODE_EXTRA_CA_CERTS to its certificate; verification cannot be turned off.'

interface SystemError {
  readonly code?: string
  readonly syscall?: string
  readonly errors?: readonly SystemError[]
  readonly message?: string
  readonly cause?: unknown
  readonly type?: string
}

/**
 * Reads a network error. It is `unreachable` only where the request provably never left: name resolution, connecting and
 * the TLS handshake. A time-out and everything else may have reached the server.
 */
export function readNetworkError(operation: string, thrown: unknown, timeoutMs: number): KaleyraError {
  const error = thrown as SystemError & { erroredSysCall?: string }
  const { code } = error
  if (TLS_CODE.test(code ?? '')) {
    return new KaleyraError({
      kind: 'unreachable',
      operation,
      status: null,
      said: `TLS: ${code}`,
      final: true,
      hint: TLS_HINT,
      cause: thrown,
    })
  }
  const syscall = error.erroredSysCall ?? error.syscall
  const connecting =
    syscall === 'connect' || syscall === 'getaddrinfo' || /ENOTFOUND|EAI_AGAIN|ECONNREFUSED/.test(code ?? '')
  const facts = { operation, status: null, hint: ADDRESS_HINT, cause: thrown }
  if (connecting)
    return new KaleyraError({ ...facts, kind: 'unreachable', said: `no connection to the API (${code})` })
  if ((thrown as Error).name === 'AbortError' || (thrown as Error).name === 'TimeoutError') {
    const said = `no answer within ${timeoutMs / 1000} s (input \`timeout\`)`
    return new KaleyraError({ ...facts, kind: 'timeout', said })
  }
  const said = `the connection broke (${code ?? (thrown as Error).name})`
  return new KaleyraError({ ...facts, kind: 'unanswered', said })
}

/** Tells whether a failed request may be sent again as it is. A write that creates only where it surely was not stored. */
export function mayRetry(method: string, error: KaleyraError): boolean {
  if (error.final) return false
  if (error.kind === 'unreachable' || error.kind === 'busy') return true
  return method !== 'POST' && error.mayHaveLanded
}

/** Milliseconds that a `Retry-After` header asks to wait (seconds or a date), or null where it says nothing usable. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null || header.trim() === '') return null
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}
