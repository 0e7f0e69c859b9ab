/**
 * One request and its answer, over Node's own HTTP client: a library around it takes longer to load than a run takes to send
 * its requests. Redirects are not followed.
 */
import { type Agent, type IncomingMessage, type RequestOptions, request } from 'node:http'
import type { Clock } from '../clock.ts'
import { type Answer, MAX_ANSWER_BYTES } from './classify.ts'

/** What goes out. `agent` knows whether by TLS; `body` is null where there is none. */
export interface Outgoing extends Pick<RequestOptions, 'method' | 'headers'> {
  readonly url: string
  readonly body: string | null
  readonly agent: Agent
  /** Milliseconds from sending to the last byte of the answer. */
  readonly timeoutMs: number
  /** Gives up the request, also in the middle of its answer. */
  readonly signal: AbortSignal
  readonly clock: Clock
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
  url,
  body,
  headers,
  signal,
  timeoutMs,
  clock,
  ...options
}: Outgoing): Promise<Received> {
  const { promise, resolve, reject } = Promise.withResolvers<Received>()
  const sent = request(url, { ...options, headers: { ...headers, 'accept-encoding': 'gzip' } })
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

async function read(message: IncomingMessage): Promise<Received> {
  const { statusCode: status = 0, headers } = message
  const answer = { status, location: headers.location ?? null, retryAfter: headers['retry-after'] ?? null }
  try {
    const bytes = await bytesOf(message)
    const body = bytes && new TextDecoder().decode(bytes)
    return { ...answer, body, tooLong: body === null }
  } catch {
    return { ...answer, body: null, tooLong: false }
  }
}

/** The bytes of an answer, or null where there are more than {@link MAX_ANSWER_BYTES}. Throws where they are cut off. */
async function bytesOf(message: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MAX_ANSWER_BYTES) return null
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  return message.headers['content-encoding'] === 'gzip' ? unzipped(bytes) : bytes
}

async function unzipped(bytes: Buffer): Promise<Uint8Array | null> {
  const { gunzipSync } = await import('node:zlib')
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_ANSWER_BYTES })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return null
    throw error
  }
}
