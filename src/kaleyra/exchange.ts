/**
 * One request and its answer, over Node's own HTTP client: a library around it takes longer to load than a run takes to send
 * its requests. Redirects are not followed.
 */
import type { Agent, IncomingMessage, RequestOptions } from 'node:http'
import type { Clock } from '../clock.ts'
import { type Answer, MAX_ANSWER_BYTES } from './classify.ts'

/** What goes out; `body` is null where there is none. */
export interface Outgoing extends Pick<RequestOptions, 'method' | 'path' | 'headers'> {
  readonly target: Target
  readonly body: string | null
  readonly agent: Agent
  /** Milliseconds from sending to the last byte of the answer. */
  readonly timeoutMs: number
  /** Gives up the request, also in the middle of its answer. */
  readonly signal: AbortSignal
  readonly clock: Clock
}

/** Where requests go. */
export type Target = Required<Pick<RequestOptions, 'protocol' | 'hostname' | 'port'>>

/** The target that an origin means. */
export function targetOf(origin: string): Target {
  const { protocol, hostname, port } = new URL(origin)
  return { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port }
}

/** An answer with what its headers say besides. */
export interface Received extends Answer {
  /** `Retry-After`, or null. */
  readonly retryAfter: string | null
}

/** What a request is given up with when its time is over. */
export class TimedOut extends Error {}

/**
 * Sends a request and reads the answer to its end, see {@link Answer}. Rejects with {@link TimedOut}, with the signal's
 * reason, or with the network error of Node where no answer came.
 */
export function exchange({
  target,
  body,
  headers,
  signal,
  timeoutMs,
  clock,
  ...options
}: Outgoing): Promise<Received> {
  const { promise, resolve, reject } = Promise.withResolvers<Received>()
  const { request } = process.getBuiltinModule(target.protocol === 'https:' ? 'node:https' : 'node:http')
  const sent = request({ ...target, ...options, headers: { ...headers, 'accept-encoding': 'gzip' } })
    .on('response', (message) => read(message).then(resolve, reject))
    .on('error', reject)
  const giveUp = (reason: unknown): void => {
    reject(reason)
    sent.destroy()
  }
  const onAbort = (): void => giveUp(signal.reason)
  signal.addEventListener('abort', onAbort)
  const disarm = clock.alarm(timeoutMs, () => giveUp(new TimedOut()))
  sent.end(body ?? undefined)
  return promise.finally(() => {
    signal.removeEventListener('abort', onAbort)
    disarm()
  })
}

const decoder = new TextDecoder()

async function read(message: IncomingMessage): Promise<Received> {
  const { statusCode: status = 0, headers } = message
  const answer = { status, location: headers.location ?? null, retryAfter: headers['retry-after'] ?? null }
  try {
    const sent = await bytesOf(message)
    const bytes = sent !== null && headers['content-encoding'] === 'gzip' ? await unzipped(sent) : sent
    const body = bytes === null ? null : decoder.decode(bytes)
    return { ...answer, body, tooLong: body === null }
  } catch {
    return { ...answer, body: null, tooLong: false }
  }
}

/** The bytes of an answer, or null where there are more than {@link MAX_ANSWER_BYTES}. Rejects where they are cut off. */
function bytesOf(message: IncomingMessage): Promise<Buffer | null> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | null>()
  const chunks: Buffer[] = []
  let length = 0
  message
    .on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= MAX_ANSWER_BYTES) return void chunks.push(chunk)
      resolve(null)
      message.destroy()
    })
    .on('end', () => resolve(Buffer.concat(chunks)))
    .on('error', reject)
  return promise
}

async function unzipped(bytes: Buffer): Promise<Buffer | null> {
  const { gunzipSync } = await import('node:zlib')
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_ANSWER_BYTES })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return null
    throw error
  }
}
