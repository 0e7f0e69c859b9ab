/** Requests to the API: one origin, one key, bounded in number, time and size; retried where that cannot do harm. */
import pLimit from 'p-limit'
import type { Cancellation } from '../cancellation.ts'
import type { Clock } from '../clock.ts'
import { openAgent } from './agent.ts'
import { mayRetry, readAnswer, readNetworkError, retryAfterMs } from './classify.ts'
import { KaleyraError } from './error.ts'
import { exchange, TimedOut, targetOf } from './exchange.ts'
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

/** Opens the API. `close` ends its connections and whatever still waits for one, so that the process may end. */
export function openApi(settings: HttpSettings): { send: Send; close: () => void } {
  const { clock, origin, sid, retries } = settings
  const agent = openAgent(settings)
  agent.catch(() => {})
  const limit = pLimit(settings.concurrency)
  const target = targetOf(origin)
  const root = `/v1/${encodeURIComponent(sid)}/callback/profiles`
  const closing = new AbortController()
  const limits = limitsUntil(closing.signal, settings.cancellation)
  /** Until then the server wants no request. */
  let openAt = 0
  const closeUntil = (time: number): void => {
    openAt = Math.max(openAt, time)
  }

  const attempt = async (request: ApiRequest): Promise<Envelope | KaleyraError> => {
    const { operation } = request
    const { goesOn } = limits(request)
    try {
      const answer = await exchange({
        target,
        method: request.method,
        path: root + request.path,
        headers: {
          'api-key': settings.apiKey,
          accept: 'application/json',
          'user-agent': 'kaleyra-callback-profiles',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        agent: await agent,
        timeoutMs: settings.timeoutMs,
        signal: goesOn,
        clock,
      })
      const retryAfter = retryAfterMs(answer.retryAfter, clock.now())
      const read = readAnswer(operation, answer)
      return read instanceof KaleyraError && retryAfter !== null ? paused(read, retryAfter) : read
    } catch (thrown) {
      const timedOutMs = thrown instanceof TimedOut ? settings.timeoutMs : null
      return readNetworkError(operation, { thrown, timedOutMs, cancelled: goesOn.aborted })
    }
  }

  /** Keeps every request waiting as long as the server asks; one that it would take too long for fails. */
  const paused = (error: KaleyraError, ms: number): KaleyraError => {
    if (error.kind !== 'busy' && error.kind !== 'faulty') return error
    const long = ms > LONGEST_RETRY_AFTER_MS
    if (error.kind === 'busy' || !long) closeUntil(clock.now() + ms)
    return long ? tooLong(error, ms) : error
  }

  /** Waits for `ms`, or throws `last` where the request may not be started any more. */
  const wait = async (request: ApiRequest, ms: number, last: KaleyraError | null): Promise<void> => {
    await clock.sleep(ms, limits(request).starts).catch(() => {
      throw last ?? stopped(request)
    })
  }

  /** Waits for the server's leave. Throws `last` where the request may not be started any more. */
  const leave = async (request: ApiRequest, last: KaleyraError | null): Promise<void> => {
    for (let ms = openAt - clock.now(); ms > 0; ms = openAt - clock.now()) {
      if (ms > LONGEST_RETRY_AFTER_MS) throw tooLong(last ?? stopped(request), ms)
      await wait(request, ms, last)
    }
    if (limits(request).starts.aborted) throw last ?? stopped(request)
  }

  const send: Send = async (request) => {
    let last: KaleyraError | null = null
    for (let tries = 0; ; tries += 1) {
      const pause = clock.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries)
      const result = await limit(async () => {
        await leave(request, last)
        const outcome = await attempt(request)
        if (outcome instanceof KaleyraError && outcome.kind === 'busy') closeUntil(clock.now() + pause)
        return outcome
      })
      if (!(result instanceof KaleyraError)) return result
      if (tries >= retries || !mayRetry(request.method, result)) throw result
      last = result
      if (result.kind !== 'busy') await wait(request, pause, last)
    }
  }

  const close = (): void => {
    closing.abort()
    agent.then(
      (opened) => opened.destroy(),
      () => {},
    )
  }
  return { send, close }
}

/** Signals after which a request is not started, and given up. */
interface Limits {
  readonly starts: AbortSignal
  readonly goesOn: AbortSignal
}

/** Limits of a request. Reads may go on longer than writes: they resolve what is unknown. */
function limitsUntil(
  closing: AbortSignal,
  cancellation: Cancellation | undefined,
): (request: ApiRequest) => Limits {
  const or = (signal: AbortSignal | undefined): AbortSignal =>
    signal === undefined ? closing : AbortSignal.any([closing, signal])
  const end = or(cancellation?.end)
  const read = { starts: end, goesOn: end }
  const write = { starts: or(cancellation?.stop), goesOn: or(cancellation?.abort) }
  return ({ method }) => (method === 'GET' ? read : write)
}

const stopped = ({ operation }: ApiRequest): KaleyraError =>
  new KaleyraError({
    kind: 'stopped',
    operation,
    status: null,
    said: 'the run was cancelled before it was sent',
  })

const tooLong = (error: KaleyraError, wait: number): KaleyraError =>
  new KaleyraError({
    kind: error.kind === 'stopped' ? 'busy' : error.kind,
    final: true,
    operation: error.operation,
    status: error.status,
    said: `the server asks to wait ${Math.ceil(wait / 1000)} s, longer than the ${LONGEST_RETRY_AFTER_MS / 1000} s that this action waits`,
    hint: 'Run again after that time, or lower the input `concurrency`.',
    cause: error,
  })
