import { getEventListeners } from 'node:events'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Malfunction, type Sandbox, startSandbox } from '../../sandbox/server.ts'
import type { Cancellation } from '../../src/cancellation.ts'
import type { FailureKind } from '../../src/kaleyra/error.ts'
import type { ApiRequest, HttpSettings, Send } from '../../src/kaleyra/http.ts'
import { createClock } from '../clock.ts'
import { failureOf, openAt, openSandbox, serve, serveSockets, successOf, unusedPort } from './api.ts'
import { selfSigned } from './certificate.ts'

const METHODS = ['GET', 'POST', 'PATCH', 'DELETE'] as const
const PROFILE = { title: 'GH Orders', http_method: 'POST', url: 'https://hooks.example.com', body: {} }

let sandbox: Sandbox
let id: string
beforeAll(async () => {
  sandbox = await startSandbox()
})
beforeEach(() => {
  sandbox.faults.clear()
  for (const { profile_id } of sandbox.store.all()) sandbox.store.remove(profile_id)
  id = sandbox.store.seed({ title: 'GH Stored' })
  sandbox.requests.length = 0
})
afterAll(() => sandbox.close())

const open = (settings: Partial<HttpSettings> = {}): Send => openAt(sandbox.origin, settings).send

/** A request of this method that succeeds where nothing goes wrong. */
function request(method: ApiRequest['method'] = 'GET'): ApiRequest {
  const operation = `${method} of a test`
  if (method === 'POST') return { method, path: '', body: PROFILE, operation }
  return { method, path: `/${id}`, operation, ...(method === 'PATCH' ? { body: { title: 'GH New' } } : {}) }
}

const fail = (what: Malfunction, times = Number.POSITIVE_INFINITY): void =>
  sandbox.faults.add({ on: { nth: 1, times }, when: 'before', what })

const status = (code: number, headers = {}): Malfunction => ({ kind: 'status', status: code, headers })

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
    const send = open({ timeoutMs: what.kind === 'hang' ? 40 : 5000 })
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
    await delay(80)
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
    await delay(40)
    expect(sandbox.requests).toHaveLength(1)
    clock.advance(250)
    await all
    expect(clock.waits).toEqual([250])
  })
})

describe('a request that never left', () => {
  test.each(['127.0.0.1', 'localhost'])(
    'to a port of %s on which nothing listens is tried again, also POST',
    async (host) => {
      const clock = createClock()
      const { send } = openAt(`http://${host}:${await unusedPort()}`, { clock })
      for (const method of METHODS) {
        const { kind, message, hint, mayHaveLanded } = await failureOf(send(request(method)))
        expect([kind, mayHaveLanded]).toEqual(['unreachable', false])
        expect(message).toBe(`${method} of a test failed: no connection to the API (ECONNREFUSED)`)
        expect(hint).toMatch(/`region`.*`api-url`/)
      }
      expect(clock.waits).toHaveLength(2 * METHODS.length)
    },
  )

  test('to a name that does not exist is tried again, also POST', async () => {
    const clock = createClock()
    const { kind, message } = await failureOf(
      openAt('http://kaleyra.invalid', { clock }).send(request('POST')),
    )
    expect([kind, clock.waits.length]).toEqual(['unreachable', 2])
    expect(message).toMatch(/no connection to the API \((ENOTFOUND|EAI_AGAIN)\)$/)
  })

  test('POST arrives once where the server is up at the second try', async () => {
    const port = await unusedPort()
    const clock = createClock()
    const late: Sandbox[] = []
    const sleep: typeof clock.sleep = async () => void late.push(await startSandbox({ port }))
    await openAt(`http://127.0.0.1:${port}`, { clock: { ...clock, sleep } }).send(request('POST'))
    expect(late.map(({ store }) => store.titles())).toEqual([['GH Orders']])
    await late[0]?.close()
  })

  test.each([
    ['ends the connection', (socket: Socket) => socket.end()],
    ['ends the connection in the handshake', (socket: Socket) => socket.once('data', () => socket.end())],
  ])('since the server %s before TLS stands is tried again, also POST', async (_, onSocket) => {
    let connections = 0
    const port = await serveSockets((socket) => {
      connections += 1
      onSocket(socket)
    })
    const { kind, mayHaveLanded } = await failureOf(openAt(`https://127.0.0.1:${port}`).send(request('POST')))
    expect([kind, mayHaveLanded, connections]).toEqual(['unreachable', false, 3])
  })

  test('since the certificate is not trusted is not tried again, and says what to do', async () => {
    const server = createHttpsServer(selfSigned(), () => expect.unreachable('it was sent'))
    onTestFinished(() => void server.close().closeAllConnections())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const clock = createClock()
    const { send } = openAt(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, { clock })
    for (const method of METHODS) {
      const { kind, message, hint, mayHaveLanded } = await failureOf(send(request(method)))
      expect([kind, mayHaveLanded]).toEqual(['unreachable', false])
      expect(message).toBe(`${method} of a test failed: TLS: DEPTH_ZERO_SELF_SIGNED_CERT`)
      expect(hint).toContain('NODE_EXTRA_CA_CERTS')
    }
    expect(clock.waits).toEqual([])
  })

  test.each(['line\nbreak', 'ключ'])(
    'since no header can hold the key (%j) blames the key without showing it',
    async (apiKey) => {
      const { kind, message, hint, final } = await failureOf(open({ apiKey })(request()))
      expect([kind, final, sandbox.requests.length]).toEqual(['credentials', true, 0])
      expect(message).toContain('the input `api-key` holds a character that an API key cannot have')
      expect(message + hint).not.toContain(apiKey)
    },
  )
})

describe('a request that may have arrived', () => {
  const big = { ...request('POST'), body: { text: 'x'.repeat(5_000_000) } }
  const answers = (text: string) => (socket: Socket) => socket.once('data', () => socket.end(text))

  test.each<[string, (socket: Socket) => void, FailureKind]>([
    [
      'the connection is reset',
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      'unanswered',
    ],
    ['the connection ends', (socket) => socket.once('data', () => socket.end()), 'unanswered'],
    ['the connection ends at once', (socket) => socket.end(), 'unanswered'],
    ['the answer is not HTTP', answers('hello\r\n\r\n'), 'unanswered'],
    ['the headers are cut', answers('HTTP/1.1 200 OK\r\ncontent-le'), 'unanswered'],
    ['the body is cut', answers('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}'), 'faulty'],
    [
      'the chunks are cut',
      answers('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n'),
      'faulty',
    ],
    [
      'the body is not compressed as it says',
      answers('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}'),
      'faulty',
    ],
  ])('where %s is not sent twice as a POST', async (_, onSocket, kind) => {
    let connections = 0
    const port = await serveSockets((socket) => {
      connections += 1
      onSocket(socket)
    })
    const { send } = openAt(`http://127.0.0.1:${port}`)
    for (const post of [request('POST'), big]) {
      connections = 0
      const error = await failureOf(send(post))
      expect(error.mayHaveLanded).toBe(true)
      if (post !== big) expect(error.kind).toBe(kind)
      expect(connections).toBe(1)
    }
    connections = 0
    await failureOf(send(request('GET')))
    expect(connections).toBe(3)
  })
})

describe('the key stays with the API', () => {
  test.each([301, 302, 303, 307, 308])(
    'a redirect with %i is refused, and nothing is sent to its target',
    async (code) => {
      let reached = 0
      const elsewhere = await serve((_, response) => {
        reached += 1
        response.end()
      })
      const origin = await serve((_, response) =>
        response.writeHead(code, { location: `${elsewhere}/x` }).end(),
      )
      const { send } = openAt(origin)
      for (const method of METHODS) {
        const { kind, message, hint } = await failureOf(send(request(method)))
        expect(kind).toBe('misrouted')
        expect(message).toContain(`HTTP ${code} — redirected to ${elsewhere}/x; redirects are refused`)
        expect(hint).toMatch(/`region`.*`api-url`/)
      }
      expect(reached).toBe(0)
    },
  )
})

describe('an answer', () => {
  const LIMIT = 4 * 1024 * 1024
  const frame = successOf('').length

  test('of 4 MiB is read, a longer one is given up and not asked for again', async () => {
    let length = LIMIT
    let requests = 0
    const origin = await serve((_, response) => {
      requests += 1
      response.end(successOf('x'.repeat(length - frame)))
    })
    const { send } = openAt(origin)
    expect((await send(request())).data).toHaveLength(LIMIT - frame)
    length += 1
    const { kind, message, final } = await failureOf(send(request()))
    expect([kind, final, requests]).toEqual(['faulty', true, 2])
    expect(message).toContain('the answer is longer than 4 MiB')
  })

  test('that never ends is given up as soon as it is too long', async () => {
    const origin = await serve((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) {}
      }
      response.on('drain', more)
      more()
    })
    expect((await failureOf(openAt(origin).send(request()))).message).toContain('longer than 4 MiB')
  })

  test('that drips is given up when the time is over', async () => {
    fail({ kind: 'drip', bytesPerSecond: 50 })
    const before = performance.now()
    const { kind, message, hint } = await failureOf(open({ timeoutMs: 100, retries: 0 })(request()))
    expect(kind).toBe('timeout')
    expect(message).toBe('GET of a test failed: no answer within 0.1 s (input `timeout`)')
    expect(hint).not.toBe('')
    expect(performance.now() - before).toBeLessThan(1000)
  })

  test.each<[string, Malfunction, RegExp, RegExp]>([
    [
      '401',
      {
        kind: 'status',
        status: 401,
        body: {
          code: 'RBC001',
          message: 'Incorrect SID or API key.',
          data: [],
          error: { error: 'Incorrect SID or API key.' },
        },
      },
      /HTTP 401 — RBC001 Incorrect SID or API key\.$/,
      /`api-key`.*`sid`.*`region`/,
    ],
    [
      '401 in HTML',
      { kind: 'html', status: 401 },
      /HTTP 401 — the answer is an HTML page, not the API$/,
      /`api-key`/,
    ],
    ['403', { kind: 'status', status: 403 }, /HTTP 403 — the answer is empty$/, /IP allow-list/],
    [
      'a path that is not routed',
      {
        kind: 'status',
        status: 400,
        body: { code: 'RBC618', message: 'Invalid request.', data: [], error: {} },
      },
      /HTTP 400 — RBC618 Invalid request\.$/,
      /`region`, `api-url` and `sid`/,
    ],
    ['404 of a proxy', { kind: 'html', status: 404 }, /HTTP 404 — the answer is an HTML page/, /`api-url`/],
    [
      '404 of another API',
      { kind: 'status', status: 404, body: { message: 'no Route matched' } },
      /HTTP 404 — no Route matched$/,
      /`api-url`/,
    ],
    [
      'a failed validation',
      {
        kind: 'status',
        status: 400,
        body: {
          code: 'RBC302',
          message: "body must have required property 'title'",
          data: {},
          error: [{ body: "body must have required property 'title'" }],
        },
      },
      /HTTP 400 — RBC302 body must have required property 'title'$/,
      /^$/,
    ],
    [
      'a failed validation with more to say',
      {
        kind: 'status',
        status: 400,
        body: {
          code: 'RBC302',
          message: 'Invalid',
          data: {},
          error: [{ body: 'title is too short' }, { params: 'no such id' }],
        },
      },
      /HTTP 400 — RBC302 Invalid body: title is too short params: no such id$/,
      /^$/,
    ],
    ['429', { kind: 'empty', status: 429 }, /HTTP 429 — the answer is empty$/, /`concurrency`/],
    [
      '500',
      { kind: 'status', status: 500, body: { code: 'RBC500', message: 'Oops' } },
      /HTTP 500 — RBC500 Oops$/,
      /Run again later/,
    ],
    [
      'junk in a success',
      { kind: 'junk' },
      /HTTP 200 — not a success answer: the answer is not from the API$/,
      /`region` and `api-url`/,
    ],
    [
      'a failure in a success',
      { kind: 'failure-in-success' },
      /HTTP 200 — not a success answer: RBC500 Internal server error$/,
      /^$/,
    ],
    [
      'a cut answer',
      { kind: 'cut' },
      /HTTP 200 — not a success answer: the answer was cut off$/,
      /`api-url`/,
    ],
  ])('%s says what failed, what the server said and what to do', async (_, what, message, hint) => {
    fail(what)
    const error = await failureOf(open({ retries: 0 })(request()))
    expect(error.message).toMatch(/^GET of a test failed: /)
    expect(error.message).toMatch(message)
    expect(error.hint).toMatch(hint)
    expect(error.message + error.hint).not.toContain(sandbox.options.apiKey)
  })
})

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
    const { send, close } = openAt(sandbox.origin, { clock: createClock({ manual: true }) })
    fail(status(503))
    const failure = failureOf(send(request()))
    await expect.poll(() => sandbox.requests[0]?.status, { interval: 5 }).toBe(503)
    await delay(10)
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
      const { stop, send } = start({ clock: createClock({ manual: true }) })
      fail(what)
      const failure = failureOf(send(request(method)))
      await expect
        .poll(() => sandbox.requests[0]?.status, { interval: 5 })
        .toBe(what.kind === 'status' ? what.status : 0)
      await delay(20)
      stop.abort()
      const error = await failure
      expect([error.kind, error.mayHaveLanded, sandbox.requests.length]).toEqual([kind, landed, 1])
    },
  )

  test('ends the wait that the server asked for', async () => {
    const { stop, send } = start({ clock: createClock({ manual: true }), retries: 0 })
    fail(status(429, { 'retry-after': '30' }), 1)
    await failureOf(send(request()))
    const failure = failureOf(send(request('PATCH')))
    await delay(10)
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
