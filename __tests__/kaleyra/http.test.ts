import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Malfunction } from '../../sandbox/server.ts'
import type { FailureKind } from '../../src/kaleyra/error.ts'
import { createClock } from '../clock.ts'
import { failureOf, openAt, serve, successOf } from './api.ts'
import { fail, METHODS, open, PROFILE, request, sandbox, status, useSandbox } from './sandboxed.ts'

useSandbox()

describe('a request', () => {
  test('carries the key, asks for JSON, and says what it is', async () => {
    const seen: unknown[] = []
    const origin = await serve(({ method, url, headers }, response) => {
      const { 'api-key': key, accept, 'user-agent': agent, 'content-type': type } = headers
      seen.push([method, url, key, accept, agent, type])
      response.end(successOf({}))
    })
    const { send } = openAt(origin, { sid: 'HX/1', apiKey: 'k' })
    await send({ method: 'GET', path: '?limit=1', operation: 'read' })
    await send({ method: 'POST', path: '', body: PROFILE, operation: 'create' })
    const common = ['k', 'application/json', 'kaleyra-callback-profiles']
    expect(seen).toEqual([
      ['GET', '/v1/HX%2F1/callback/profiles?limit=1', ...common, undefined],
      ['POST', '/v1/HX%2F1/callback/profiles', ...common, 'application/json'],
    ])
  })

  test.each(METHODS)('%s comes back as an envelope', async (method) => {
    const { code, status, issues } = await open()(request(method))
    expect([code, status, issues]).toEqual(['RBC024', method === 'POST' ? 201 : 200, []])
  })

  test('that is answered 204 has succeeded and found nothing', async () => {
    const origin = await serve((_, response) => response.writeHead(204).end())
    expect(await openAt(origin).send(request('DELETE'))).toMatchObject({ data: {}, status: 204 })
  })
})

describe('after a failure', () => {
  const REPEATABLE: [string, Malfunction, FailureKind][] = [
    ['408', status(408), 'faulty'],
    ['425', status(425), 'faulty'],
    [
      '500',
      { ...status(500), body: { code: 'RBC500', message: 'Oops', data: {}, error: [] } } as Malfunction,
      'faulty',
    ],
    ['502 in HTML', { kind: 'html', status: 502 }, 'faulty'],
    ['503 and nothing', { kind: 'empty', status: 503 }, 'faulty'],
    ['599', status(599), 'faulty'],
    ['a reset connection', { kind: 'reset' }, 'unanswered'],
    ['a closed connection', { kind: 'close' }, 'unanswered'],
    ['a cut answer', { kind: 'cut' }, 'faulty'],
    ['junk in a success', { kind: 'junk' }, 'faulty'],
    ['nothing in a success', { kind: 'empty', status: 200 }, 'faulty'],
    ['HTML in a success', { kind: 'html', status: 200 }, 'faulty'],
    ['a failure in a success', { kind: 'failure-in-success' }, 'faulty'],
    ['no answer in time', { kind: 'hang' }, 'timeout'],
  ]

  test.each(REPEATABLE)('%s: GET, PATCH and DELETE are sent again, POST is not', async (_, what, kind) => {
    fail(what)
    const send = open({ timeoutMs: what.kind === 'hang' ? 250 : 5000 })
    for (const method of METHODS) {
      sandbox.requests.length = 0
      const error = await failureOf(send(request(method)))
      expect([method, error.kind, error.mayHaveLanded]).toEqual([method, kind, true])
      expect([method, sandbox.requests.length]).toEqual([method, method === 'POST' ? 1 : 3])
    }
  })

  test.each(METHODS)('429: %s is sent again', async (method) => {
    fail(status(429))
    const { kind, mayHaveLanded } = await failureOf(open()(request(method)))
    expect([kind, mayHaveLanded, sandbox.requests.length]).toEqual(['busy', false, 3])
  })

  test.each<[number, FailureKind]>([
    [301, 'misrouted'],
    [307, 'misrouted'],
    [400, 'refused'],
    [401, 'credentials'],
    [403, 'refused'],
    [404, 'misrouted'],
    [409, 'refused'],
    [413, 'refused'],
    [422, 'refused'],
  ])('%i: nothing is sent again', async (code, kind) => {
    fail(status(code))
    const send = open()
    for (const method of METHODS) {
      sandbox.requests.length = 0
      const error = await failureOf(send(request(method)))
      expect([error.kind, error.mayHaveLanded, sandbox.requests.length]).toEqual([kind, false, 1])
    }
  })

  test.each([0, 1, 4])('and %i further tries the last failure counts', async (retries) => {
    fail(status(503))
    await failureOf(open({ retries })(request()))
    expect(sandbox.requests).toHaveLength(retries + 1)
  })

  test.each(METHODS)('that passes %s succeeds', async (method) => {
    fail(status(429), 2)
    await open()(request(method))
    expect(sandbox.requests.map((entry) => entry.status).slice(0, 2)).toEqual([429, 429])
    expect(sandbox.requests).toHaveLength(3)
  })

  test('waits grow exponentially to a limit, with full jitter', async () => {
    fail(status(500))
    const [least, most] = [createClock({ random: () => 0 }), createClock({ random: () => 0.999_999 })]
    await failureOf(open({ retries: 8, clock: least })(request()))
    await failureOf(open({ retries: 8, clock: most })(request()))
    expect(least.waits).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
    expect(most.waits.map(Math.round)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000])
  })
})

describe('where the server asks to wait', () => {
  const at = (now: number): string => new Date(now).toUTCString()
  const NOW = Date.UTC(2026, 0, 1)

  test.each<[string, string, number]>([
    ['seconds', '7', 7000],
    ['0 seconds', '0', 0],
    ['60 seconds', '60', 60_000],
    ['a date', at(NOW + 9000), 9000],
    ['a date that has passed', at(NOW - 9000), 0],
  ])('by %s, it waits that long', async (_, retryAfter, ms) => {
    for (const code of [429, 503]) {
      const clock = createClock({ now: NOW, random: () => 0 })
      fail(status(code, { 'retry-after': retryAfter }), 1)
      await open({ clock })(request())
      expect(clock.now() - NOW).toBe(ms)
      sandbox.faults.clear()
    }
  })

  test.each(['', 'soon', '-5', '1, 2'])('by "%s", it waits as usual', async (retryAfter) => {
    const clock = createClock({ now: NOW })
    fail(status(429, { 'retry-after': retryAfter }), 1)
    await open({ clock })(request())
    expect(clock.now() - NOW).toBe(250)
  })

  test.each(['61', '3600', at(NOW + 61_000), '9'.repeat(400)])(
    'longer than a minute (%s), the request fails at once',
    async (retryAfter) => {
      const clock = createClock({ now: NOW })
      fail(status(429, { 'retry-after': retryAfter }))
      const { kind, status: code, message, hint } = await failureOf(open({ clock })(request()))
      expect([kind, code, sandbox.requests.length, clock.waits]).toEqual(['busy', 429, 1, []])
      expect(message).toMatch(
        /the server asks to wait (61|3600|Infinity) s, longer than the 60 s that this action waits$/,
      )
      expect(hint).toContain('`concurrency`')
    },
  )

  test('longer than a minute for its rate, later requests fail without being sent, until that time', async () => {
    const clock = createClock({ now: NOW, manual: true })
    const send = open({ clock })
    fail(status(429, { 'retry-after': '90' }), 1)
    await failureOf(send(request('POST')))
    const { kind, message, mayHaveLanded } = await failureOf(send(request('POST')))
    expect([kind, mayHaveLanded, sandbox.requests.length]).toEqual(['busy', false, 1])
    expect(message).toContain('the server asks to wait 90 s')
    clock.advance(90_000)
    await send(request('POST'))
    expect(sandbox.store.titles()).toEqual(['GH Stored', 'GH Orders'])
  })

  test('a write that a faulty server may have taken keeps that it may have landed', async () => {
    fail(status(503, { 'retry-after': '90' }), 1)
    const send = open()
    const { kind, final, mayHaveLanded } = await failureOf(send(request('POST')))
    expect([kind, final, mayHaveLanded]).toEqual(['faulty', true, true])
    await send(request('GET'))
  })

  test('in an answer that is final, it does not wait', async () => {
    const clock = createClock()
    fail(
      { ...status(400, { 'retry-after': '3600' }), body: { code: 'RBC302', message: 'bad' } } as Malfunction,
      1,
    )
    const send = open({ clock })
    expect((await failureOf(send(request()))).message).toBe('GET of a test failed: HTTP 400 — RBC302 bad')
    await send(request())
    expect(clock.waits).toEqual([])
  })

  test.each([
    ['429', status(429, { 'retry-after': '10' })],
    ['503', status(503, { 'retry-after': '10' })],
  ])('by %s, no worker sends anything before that', async (_, what) => {
    const clock = createClock({ manual: true })
    const send = open({ clock, concurrency: 2 })
    sandbox.faults.add({ on: { nth: 1 }, when: 'before', what })
    sandbox.faults.add({ on: { nth: 2 }, when: 'before', what: { kind: 'delay', ms: 30 } })
    const all = Promise.all(Array.from({ length: 6 }, () => send(request())))
    await expect.poll(() => sandbox.requests[1]?.status, { interval: 5 }).toBe(200)
    await delay(20)
    expect(sandbox.requests).toHaveLength(2)
    clock.advance(9999)
    await delay(20)
    expect(sandbox.requests).toHaveLength(2)
    clock.advance(1)
    await all
    expect(sandbox.requests).toHaveLength(7)
  })

  test('without saying how long, all wait for the jitter of the one that was refused', async () => {
    const clock = createClock({ manual: true, random: () => 0.5 })
    const send = open({ clock, concurrency: 1 })
    fail(status(429), 1)
    const all = Promise.all([send(request()), send(request())])
    await expect.poll(() => clock.waits, { interval: 5 }).toEqual([250])
    await delay(20)
    expect(sandbox.requests).toHaveLength(1)
    clock.advance(250)
    await all
    expect(clock.waits).toEqual([250])
  })
})
