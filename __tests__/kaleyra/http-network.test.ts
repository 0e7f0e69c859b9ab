import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Malfunction, type Sandbox, startSandbox } from '../../sandbox/server.ts'
import type { FailureKind } from '../../src/kaleyra/error.ts'
import { createClock } from '../clock.ts'
import { failureOf, openAt, serve, serveSockets, successOf, unusedPort } from './api.ts'
import { selfSigned } from './certificate.ts'
import { fail, METHODS, open, request, sandbox, useSandbox } from './sandboxed.ts'

useSandbox()

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
      answers(
        'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}',
      ),
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
  test.each([300, 301, 302, 303, 304, 305, 306, 307, 308])(
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

  test('may be compressed, and counts at its full length', async () => {
    let length = LIMIT
    const origin = await serve((_, response) => {
      response.setHeader('content-encoding', 'gzip')
      response.end(gzipSync(successOf('x'.repeat(length - frame))))
    })
    const { send } = openAt(origin)
    expect((await send(request())).data).toHaveLength(LIMIT - frame)
    length += 1
    const { kind, message, final } = await failureOf(send(request()))
    expect([kind, final]).toEqual(['faulty', true])
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

  test('that unpacks to more is given up as soon as it is too long', async () => {
    const packed = gzipSync(Buffer.alloc(64 * 1024 * 1024, 'x'))
    const origin = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    )
    expect((await failureOf(openAt(origin).send(request()))).message).toContain('longer than 4 MiB')
  })

  test.each<[string, start: string, repeated: string, FailureKind]>([
    ['its status', '', 'H', 'unanswered'],
    ['its headers', 'HTTP/1.1 200 OK\r\n', 'x: y\r\n', 'unanswered'],
    ['one header', 'HTTP/1.1 200 OK\r\nx: ', 'y', 'unanswered'],
    ['hints', '', 'HTTP/1.1 103 Early Hints\r\n\r\n', 'timeout'],
  ])('of which %s never end is given up', async (_, start, repeated, expected) => {
    const port = await serveSockets((socket) => {
      const more = (): void => {
        while (!socket.destroyed && socket.write(repeated.repeat(1000))) {}
      }
      socket.on('drain', more).once('data', () => {
        socket.write(start)
        more()
      })
    })
    const { kind } = await failureOf(
      openAt(`http://127.0.0.1:${port}`, { timeoutMs: 300, retries: 0 }).send(request()),
    )
    expect(kind).toBe(expected)
  })

  test('that drips is given up when the time is over', async () => {
    fail({ kind: 'drip', bytesPerSecond: 50 })
    const { kind, message, hint } = await failureOf(open({ timeoutMs: 100, retries: 0 })(request()))
    expect(kind).toBe('timeout')
    expect(message).toBe('GET of a test failed: no answer within 0.1 s (input `timeout`)')
    expect(hint).not.toBe('')
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
