import { getEventListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Cancellation } from '../../src/cancellation.ts'
import type { HttpSettings } from '../../src/kaleyra/http.ts'
import { createClock } from '../clock.ts'
import { failureOf, openAt, openSandbox } from './api.ts'
import { fail, open, request, sandbox, status, useSandbox } from './sandboxed.ts'

useSandbox()

describe('connections', () => {
  test.each([1, 3])('are never more than %i at once, and are used again', async (concurrency) => {
    const own = await openSandbox({ latency: 2 }, { concurrency })
    const read = { method: 'GET', path: '', operation: 'list' } as const
    await Promise.all(Array.from({ length: 30 }, () => own.send(read)))
    expect(own.sandbox.requests).toHaveLength(30)
    expect(own.sandbox.sockets).toBe(concurrency)
  })

  test('that the server has closed meanwhile do not fail a read', async () => {
    const own = await openSandbox()
    const read = { method: 'GET', path: '', operation: 'list' } as const
    await own.send(read)
    own.sandbox.faults.add({ on: { nth: 1 }, when: 'before', what: { kind: 'close' } })
    await own.send(read)
    expect(own.sandbox.sockets).toBe(2)
  })

  test('leave nothing behind that keeps the process alive', async () => {
    const { send, close } = openAt(sandbox.origin, { timeoutMs: 600_000, retries: 0 })
    fail({ kind: 'cut' }, 1)
    await failureOf(send(request()))
    const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    await Promise.all([send(request()), send(request('PATCH'))])
    close()
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).toBeLessThanOrEqual(
      timers,
    )
  })

  test('are given up by close, and what still waits for one is not sent', async () => {
    const { send, close } = openAt(sandbox.origin, { concurrency: 1, clock: createClock({ manual: true }) })
    fail({ kind: 'hang' })
    const all = Promise.all([send(request()), send(request('POST')), send(request())].map(failureOf))
    await expect.poll(() => sandbox.requests.length, { interval: 5 }).toBe(1)
    close()
    expect((await all).map(({ kind }) => kind)).toEqual(['unanswered', 'stopped', 'stopped'])
    expect(sandbox.requests).toHaveLength(1)
  })

  test('are given up by close also while a request waits for its next try', async () => {
    const clock = createClock({ manual: true })
    const { send, close } = openAt(sandbox.origin, { clock })
    fail(status(503))
    const failure = failureOf(send(request()))
    await expect.poll(() => clock.waits, { interval: 5 }).toHaveLength(1)
    close()
    expect((await failure).status).toBe(503)
  })
})

describe('a cancelled run', () => {
  const start = (settings: Partial<HttpSettings> = {}) => {
    const [stop, abort, end] = [new AbortController(), new AbortController(), new AbortController()]
    const cancellation: Cancellation = { stop: stop.signal, abort: abort.signal, end: end.signal }
    return { stop, abort, end, cancellation, send: open({ cancellation, ...settings }) }
  }
  const arrived = (count: number): Promise<void> =>
    expect.poll(() => sandbox.requests.length, { interval: 5 }).toBe(count)

  test('sends no write any more, but reads until the end', async () => {
    const { stop, end, send } = start()
    stop.abort()
    for (const method of ['POST', 'PATCH', 'DELETE'] as const) {
      const { kind, message, mayHaveLanded } = await failureOf(send(request(method)))
      expect([kind, mayHaveLanded]).toEqual(['stopped', false])
      expect(message).toContain('the run was cancelled before it was sent')
    }
    await send(request('GET'))
    end.abort()
    expect((await failureOf(send(request('GET')))).kind).toBe('stopped')
    expect(sandbox.requests.map(({ method }) => method)).toEqual(['GET'])
  })

  test('lets a write under way finish, and then gives it up as one that may have landed', async () => {
    const { stop, abort, send } = start()
    fail({ kind: 'hang' })
    const failure = failureOf(send(request('POST')))
    await arrived(1)
    stop.abort()
    await delay(20)
    expect(sandbox.requests).toHaveLength(1)
    abort.abort()
    const { kind, final, mayHaveLanded, message } = await failure
    expect([kind, final, mayHaveLanded]).toEqual(['unanswered', true, true])
    expect(message).toContain('the run was cancelled before an answer came')
  })

  test('gives up a read under way at the end, also in the middle of its answer', async () => {
    const { end, send } = start()
    fail({ kind: 'drip', bytesPerSecond: 50 })
    const failure = failureOf(send(request('GET')))
    await arrived(1)
    await delay(40)
    end.abort()
    expect((await failure).kind).toBe('unanswered')
  })

  test.each([
    ['PATCH', status(503), 'faulty', true],
    ['POST', status(429), 'busy', false],
  ] as const)(
    'ends the wait for the next try of a %s with what went wrong before',
    async (method, what, kind, landed) => {
      const clock = createClock({ manual: true })
      const { stop, send } = start({ clock })
      fail(what)
      const failure = failureOf(send(request(method)))
      await expect.poll(() => clock.waits, { interval: 5 }).toHaveLength(1)
      stop.abort()
      const error = await failure
      expect([error.kind, error.mayHaveLanded, sandbox.requests.length]).toEqual([kind, landed, 1])
    },
  )

  test('ends the wait that the server asked for', async () => {
    const clock = createClock({ manual: true })
    const { stop, send } = start({ clock, retries: 0 })
    fail(status(429, { 'retry-after': '30' }), 1)
    await failureOf(send(request()))
    const failure = failureOf(send(request('PATCH')))
    await expect.poll(() => clock.waits, { interval: 5 }).toHaveLength(1)
    stop.abort()
    expect((await failure).kind).toBe('stopped')
    expect(sandbox.requests).toHaveLength(1)
  })

  test('was listened to by none of the requests that are over', async () => {
    const { cancellation, send } = start({ retries: 0 })
    fail({ kind: 'cut' }, 5)
    await Promise.allSettled(Array.from({ length: 40 }, () => send(request())))
    for (const signal of Object.values(cancellation)) expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
