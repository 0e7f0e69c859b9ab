/** Requests to the API: one origin, one key, bounded in number, time and size; retried where that cannot do harm. */
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import fetch, { FetchError } from 'node-fetch'
import pLimit from 'p-limit'
import type { Cancellation } from '../cancellation.ts'
import type { Clock } from '../clock.ts'
import {
  type Answer,
  MAX_ANSWER_BYTES,
  mayRetry,
  readAnswer,
  readNetworkError,
  retryAfterMs,
} from './classify.ts'
import { KaleyraError } from './error.ts'
import type { Envelope } from './wire.ts'

export interface HttpSettings {
  readonly origin: string
  readonly sid: string
  readonly apiKey: string
  /** Most requests under way at once, and so most sockets. */
  readonly concurrency: number
  /** Time for one try, from sending to the last byte of the answer. */
  readonly timeoutMs: number
  /** Further tries of a request that may be tried again. */
  readonly retries: number
  readonly clock: Clock
  readonly cancellation?: Cancellation
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path below `/v1/<sid>/callback/profiles`, with its slash and query, already encoded. */
  readonly path: string
  readonly body?: unknown
  /** What is being done, for messages. */
  readonly operation: string
}

/** Sends a request and returns its envelope of success. Throws a {@link KaleyraError} for everything else. */
export type Send = (request: ApiRequest) => Promise<Envelope>

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 20_000
/** A `Retry-After` beyond this fails the request rather than trying early. */
const LONGEST_RETRY_AFTER_MS = 60_000

/** Opens the API. `close` ends its idle connections, so that the process may end. */
export function openApi(settings: HttpSettings): { send: Send; close: () => void } {
  const { clock, origin, sid, retries } = settings
  const options = { keepAlive: true, maxSockets: settings.concurrency, noDelay: true }
  const agent = origin.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options)
  const limit = pLimit(settings.concurrency)
  const root = `${origin}/v1/${encodeURIComponent(sid)}/callback/profiles`
  let openAt = 0

  const attempt = async (request: ApiRequest): Promise<Envelope | KaleyraError> => {
    const { starts, goesOn } = limitsOf(request)
    if (starts?.aborted) return stopped(request.operation)
    const signals = [clock.timeout(settings.timeoutMs), ...(goesOn === undefined ? [] : [goesOn])]
    try {
      const response = await fetch(root + request.path, {
        method: request.method,
        headers: {
          'api-key': settings.apiKey,
          accept: 'application/json',
          'user-agent': 'kaleyra-callback-profiles',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        agent,
        redirect: 'manual',
        size: MAX_ANSWER_BYTES,
        signal: AbortSignal.any(signals),
      })
      const retryAfter = retryAfterMs(response.headers.get('retry-after'), clock.now())
      const answer: Answer = {
        status: response.status,
        body: await readBody(response),
        location: response.headers.get('location'),
      }
      const read = readAnswer(request.operation, answer)
      if (!(read instanceof KaleyraError) || retryAfter === null) return read
      if (retryAfter > LONGEST_RETRY_AFTER_MS) return tooLong(read, retryAfter)
      openAt = Math.max(openAt, clock.now() + retryAfter)
      return read
    } catch (thrown) {
      return readNetworkError(request.operation, thrown, settings.timeoutMs)
    }
  }

  /** Signals after which a request is not started, and given up. Reads may go on longer: they resolve what is unknown. */
  const limitsOf = ({
    method,
  }: ApiRequest): { starts: AbortSignal | undefined; goesOn: AbortSignal | undefined } => {
    const { stop, abort, end } = settings.cancellation ?? {}
    return method === 'GET' ? { starts: end, goesOn: end } : { starts: stop, goesOn: abort }
  }

  const wait = async (request: ApiRequest, ms: number): Promise<void> => {
    try {
      await clock.sleep(ms, limitsOf(request).starts)
    } catch {
      throw stopped(request.operation)
    }
  }

  const untilOpen = async (request: ApiRequest): Promise<void> => {
    while (openAt > clock.now()) await wait(request, openAt - clock.now())
  }

  const send: Send = async (request) => {
    for (let tries = 0; ; tries += 1) {
      const result = await limit(async () => {
        await untilOpen(request)
        return attempt(request)
      })
      if (!(result instanceof KaleyraError)) return result
      if (tries >= retries || !mayRetry(request.method, result)) throw result
      const pause = clock.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries)
      if (result.kind === 'busy') openAt = Math.max(openAt, clock.now() + pause)
      else await wait(request, pause)
    }
  }
  return { send, close: () => agent.destroy() }
}

/** Reads an answer to its end; null where it is cut off or longer than {@link MAX_ANSWER_BYTES}. */
async function readBody(response: { text(): Promise<string> }): Promise<string | null> {
  try {
    return await response.text()
  } catch (error) {
    if (error instanceof FetchError && error.type !== 'aborted') return null
    throw error
  }
}

const stopped = (operation: string): KaleyraError =>
  new KaleyraError({
    kind: 'stopped',
    operation,
    status: null,
    said: 'the run was cancelled before it was sent',
  })

const tooLong = (error: KaleyraError, wait: number): KaleyraError =>
  new KaleyraError({
    kind: error.kind,
    final: true,
    operation: error.operation,
    status: error.status,
    said: `the server asks to wait ${Math.ceil(wait / 1000)} s, longer than the ${LONGEST_RETRY_AFTER_MS / 1000} s that this action waits`,
    hint: 'Run again after that time, or lower the input `concurrency`.',
    cause: error,
  })
