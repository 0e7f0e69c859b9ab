import { Agent } from 'node:https'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openAgent } from '../../src/kaleyra/agent.ts'
import type { HttpSettings } from '../../src/kaleyra/http.ts'
import { createClock } from '../clock.ts'
import { failureOf, openAt, serveSockets, unusedPort } from './api.ts'
import { createAuthority, selfSigned } from './certificate.ts'
import { startProxy, startTls, type TestProxy } from './proxy.ts'
import { METHODS, request, sandbox, useSandbox } from './sandboxed.ts'

const HOST = 'api.kaleyra.test'
const authority = createAuthority()
const trusted = getCACertificates('default')
let proxy: TestProxy
let front: Awaited<ReturnType<typeof startTls>>

useSandbox()
beforeAll(async () => {
  setDefaultCACertificates([...trusted, authority.cert])
  proxy = await startProxy()
  front = await startTls(authority.issue(HOST, 'localhost'), Number(new URL(sandbox.url).port))
})
afterAll(async () => {
  setDefaultCACertificates(trusted)
  await Promise.all([proxy.close(), front.close()])
})
beforeEach(() => {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'])
    vi.stubEnv(name, undefined)
  proxy.answer = null
  proxy.connects.length = 0
})
afterEach(() => vi.unstubAllEnvs())

const openApi = (settings: Partial<HttpSettings> = {}) => openAt(`https://${HOST}:${front.port}`, settings)
const useProxy = (address = `http://127.0.0.1:${proxy.port}`): void => void vi.stubEnv('HTTPS_PROXY', address)

describe('through a proxy', () => {
  test.each(['HTTPS_PROXY', 'https_proxy'])(
    'of %s every request arrives, and the proxy sees nothing of it but host and port',
    async (variable) => {
      vi.stubEnv(variable, `http://127.0.0.1:${proxy.port}`)
      const { send } = openApi()
      for (const method of METHODS) await send(request(method))
      expect(sandbox.requests.map(({ method }) => method)).toEqual([...METHODS])
      expect(proxy.connects).toEqual([
        {
          target: `${HOST}:${front.port}`,
          headers: { host: `${HOST}:${front.port}`, 'proxy-connection': 'Keep-Alive' },
        },
      ])
      for (const secret of [sandbox.options.apiKey, sandbox.options.sid, 'GH Orders', 'api-key', 'profiles'])
        expect(proxy.seen()).not.toContain(secret)
    },
  )

  test.each([1, 3])('connections are never more than %i at once, and are used again', async (concurrency) => {
    useProxy()
    const { send } = openApi({ concurrency })
    await Promise.all(Array.from({ length: 30 }, () => send(request())))
    expect(sandbox.requests).toHaveLength(30)
    expect(proxy.connects).toHaveLength(concurrency)
  })

  test('its credentials go to it alone', async () => {
    useProxy(`http://us%40er:p%2Fss:%25@127.0.0.1:${proxy.port}`)
    await openApi().send(request())
    const [connect] = proxy.connects
    expect(connect?.headers['proxy-authorization']).toBe(`Basic ${btoa('us@er:p/ss:%')}`)
    expect(JSON.stringify(sandbox.requests)).not.toMatch(/proxy|dXNAZXI6|us(@|%40)er/i)
  })

  test('credentials that are not encoded as a URL wants are taken as they stand', async () => {
    useProxy(`http://user:50%off@127.0.0.1:${proxy.port}`)
    await openApi().send(request())
    expect(proxy.connects[0]?.headers['proxy-authorization']).toBe(`Basic ${btoa('user:50%off')}`)
  })

  test('its address may lack the scheme', async () => {
    useProxy(`user:pass@localhost:${proxy.port}`)
    await openApi().send(request())
    expect(proxy.connects[0]?.headers['proxy-authorization']).toBe(`Basic ${btoa('user:pass')}`)
  })

  test('it may speak TLS itself', async () => {
    const secure = await startProxy({ certificate: authority.issue('localhost') })
    useProxy(`https://localhost:${secure.port}`)
    await openApi().send(request())
    expect(secure.connects).toHaveLength(1)
    await secure.close()
  })
})

describe('no proxy carries', () => {
  test.each([
    ['NO_PROXY', HOST],
    ['no_proxy', HOST],
    ['NO_PROXY', HOST.toUpperCase()],
    ['NO_PROXY', 'kaleyra.test'],
    ['NO_PROXY', '.kaleyra.test'],
    ['NO_PROXY', `other.test, ${HOST}`],
    ['NO_PROXY', `${HOST}:PORT`],
    ['NO_PROXY', '*'],
  ])('what %s=%s exempts', async (variable, hosts) => {
    useProxy()
    vi.stubEnv(variable, hosts.replace('PORT', String(front.port)))
    const { kind, message } = await failureOf(openApi({ retries: 0 }).send(request()))
    expect(kind).toBe('unreachable')
    expect(message).toMatch(/no connection to the API \((ENOTFOUND|EAI_AGAIN)\)$/)
    expect(proxy.connects).toEqual([])
  })

  test.each(['other.test', 'a.kaleyra.test', 'leyra.test', `${HOST}:1`, ''])(
    'other hosts than those of NO_PROXY=%s',
    async (hosts) => {
      useProxy()
      vi.stubEnv('NO_PROXY', hosts)
      await openApi().send(request())
      expect(proxy.connects).toHaveLength(1)
    },
  )

  test('an API on loopback, with TLS or without', async () => {
    const nobody = `http://127.0.0.1:${await unusedPort()}`
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy']) vi.stubEnv(name, nobody)
    await openAt(`https://localhost:${front.port}`).send(request())
    await openAt(sandbox.url).send(request())
    expect(sandbox.requests).toHaveLength(2)
  })
})

const answering = (text: string) => (socket: { end(text: string): void }) => socket.end(text)
const status = (code: number) => answering(`HTTP/1.1 ${code} No\r\ncontent-length: 2\r\n\r\nno`)

describe('where the proxy makes no connection, nothing was sent: a POST may be sent again', () => {
  const PROXY_HINT = /HTTPS_PROXY.*http:\/\/user:password@host:port.*NO_PROXY/

  test.each<[string, TestProxy['answer'], RegExp, tries: number]>([
    ['407', status(407), /the proxy 127\.0\.0\.1:\d+ wants credentials, or other ones \(HTTP 407\)$/, 1],
    ['403', status(403), /the proxy 127\.0\.0\.1:\d+ refused to connect to the API \(HTTP 403\)$/, 1],
    ['400', status(400), /refused to connect to the API \(HTTP 400\)$/, 1],
    ['429', status(429), /refused to connect to the API \(HTTP 429\)$/, 3],
    ['302', status(302), /refused to connect to the API \(HTTP 302\)$/, 3],
    ['502', status(502), /refused to connect to the API \(HTTP 502\)$/, 3],
    ['503', status(503), /refused to connect to the API \(HTTP 503\)$/, 3],
    ['garbage', answering('garbage\r\n\r\n'), /\(it did not answer as a proxy does\)$/, 3],
    [
      'a header that is none',
      answering('HTTP/1.1 200 OK\r\ngarbage\r\n\r\n'),
      /\(it did not answer as a proxy does\)$/,
      3,
    ],
    ['half an answer', answering('HTTP/1.1 200 OK\r\n'), /\(it did not answer as a proxy does\)$/, 3],
    [
      'a closed connection',
      (socket) => socket.destroy(),
      /no connection through the proxy 127\.0\.0\.1:\d+ /,
      3,
    ],
    [
      'a reset',
      (socket) => socket.resetAndDestroy(),
      /no connection through the proxy .* \(ECONNRESET\)$/,
      3,
    ],
    ['no answer', () => {}, /the proxy 127\.0\.0\.1:\d+ opened no connection within 0\.24 s$/, 3],
  ])('%s', async (_, answer, message, tries) => {
    useProxy()
    proxy.answer = answer
    const { send } = openApi({ timeoutMs: 300 })
    for (const method of ['POST', 'GET'] as const) {
      proxy.connects.length = 0
      const error = await failureOf(send(request(method)))
      expect(error.message).toMatch(message)
      expect(error.hint).toMatch(PROXY_HINT)
      expect([error.kind, error.mayHaveLanded, error.status]).toEqual(['unreachable', false, null])
      expect(proxy.connects).toHaveLength(tries)
    }
    expect(sandbox.requests).toEqual([])
  })

  test.each([
    ['a port on which nothing listens', async () => `127.0.0.1:${await unusedPort()}`, /\(ECONNREFUSED\)$/],
    ['a name that does not exist', async () => 'proxy.invalid:8080', /\((ENOTFOUND|EAI_AGAIN)\)$/],
  ])('%s', async (_, address, message) => {
    useProxy(await address())
    const clock = createClock()
    const { kind, message: said } = await failureOf(openApi({ clock }).send(request('POST')))
    expect([kind, clock.waits.length]).toEqual(['unreachable', 2])
    expect(said).toMatch(/no connection through the proxy /)
    expect(said).toMatch(message)
  })

  test('a POST arrives once where the proxy is up at the second try', async () => {
    const port = await unusedPort()
    useProxy(`http://127.0.0.1:${port}`)
    const clock = createClock()
    const late: TestProxy[] = []
    const sleep: typeof clock.sleep = async () => void late.push(await startProxy({ port }))
    await openApi({ clock: { ...clock, sleep } }).send(request('POST'))
    expect(sandbox.store.titles()).toEqual(['GH Stored', 'GH Orders'])
    await late[0]?.close()
  })

  test('also where it ends the connection before TLS stands', async () => {
    useProxy()
    proxy.answer = answering('HTTP/1.1 200 OK\r\n\r\n')
    const { kind, mayHaveLanded } = await failureOf(openApi().send(request('POST')))
    expect([kind, mayHaveLanded, proxy.connects.length]).toEqual(['unreachable', false, 3])
  })

  test.each(['socks5://127.0.0.1:1080', 'http://', 'ftp://proxy', 'http://us er:x@', 'file:///etc/proxy'])(
    'an address that is none: %s',
    async (address) => {
      useProxy(address)
      const { kind, final, message } = await failureOf(openApi().send(request('POST')))
      expect([kind, final]).toEqual(['unreachable', true])
      expect(message).toBe(
        'POST of a test failed: HTTPS_PROXY is no address of a proxy, such as http://proxy.example.com:8080',
      )
    },
  )
})

describe('once the connection stands', () => {
  test.each([undefined, '0'])(
    'a proxy that reads along is refused, and gets no key (%s)',
    async (unchecked) => {
      vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', unchecked)
      const seen: Buffer[] = []
      const port = await serveSockets((socket) => socket.on('data', (chunk: Buffer) => seen.push(chunk)))
      const spy = await startTls(selfSigned(HOST), port)
      useProxy()
      const { send } = openAt(`https://${HOST}:${spy.port}`)
      const { kind, final, message, hint } = await failureOf(send(request('POST')))
      expect([kind, final]).toEqual(['unreachable', true])
      expect(message).toContain('TLS: DEPTH_ZERO_SELF_SIGNED_CERT')
      expect(hint).toMatch(/NODE_EXTRA_CA_CERTS in the step's `env:` to the path of that CA's certificate/)
      expect(seen).toEqual([])
      await spy.close()
    },
  )

  test('a certificate of another host is refused', async () => {
    const other = await startTls(authority.issue('other.test'), Number(new URL(sandbox.url).port))
    useProxy()
    const { kind, message } = await failureOf(openAt(`https://${HOST}:${other.port}`).send(request('POST')))
    expect([kind, sandbox.requests.length]).toEqual(['unreachable', 0])
    expect(message).toContain('TLS: ERR_TLS_CERT_ALTNAME_INVALID')
    await other.close()
  })

  test('a proxy with TLS whose certificate is not trusted is said to be the one', async () => {
    const secure = await startProxy({ certificate: selfSigned() })
    useProxy(`https://localhost:${secure.port}`)
    const { kind, final, message } = await failureOf(openApi().send(request('POST')))
    expect([kind, final]).toEqual(['unreachable', true])
    expect(message).toMatch(/through the proxy localhost:\d+ \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/)
    await secure.close()
  })

  test('a POST whose answer is lost may have landed, and is not sent again', async () => {
    useProxy()
    sandbox.faults.add({ on: { method: 'POST' }, when: 'after', what: { kind: 'close' } })
    const { kind, mayHaveLanded } = await failureOf(openApi().send(request('POST')))
    expect([kind, mayHaveLanded]).toEqual(['unanswered', true])
    expect(sandbox.store.titles()).toEqual(['GH Stored', 'GH Orders'])
  })

  test('an API that does not answer in time is said to be the one', async () => {
    useProxy()
    sandbox.faults.add({ on: {}, when: 'before', what: { kind: 'hang' } })
    const { kind, message, mayHaveLanded } = await failureOf(
      openApi({ timeoutMs: 300, retries: 0 }).send(request('POST')),
    )
    expect([kind, mayHaveLanded]).toEqual(['timeout', true])
    expect(message).not.toContain('proxy')
  })
})

describe('closing', () => {
  test('gives up a connection that the proxy does not make', async () => {
    useProxy()
    let ended = false
    proxy.answer = (socket) =>
      void socket.resume().once('end', () => {
        ended = true
      })
    const { send, close } = openApi({ timeoutMs: 600_000, retries: 0 })
    const failure = failureOf(send(request('POST')))
    await expect.poll(() => proxy.connects.length, { interval: 5 }).toBe(1)
    close()
    expect((await failure).kind).toBe('unanswered')
    await expect.poll(() => ended, { interval: 5 }).toBe(true)
  })

  test('ends connections that are kept open', async () => {
    useProxy()
    const { send, close } = openApi()
    await send(request())
    const open = (): number =>
      process.getActiveResourcesInfo().filter((name) => /^(TCP|TLS)SocketWrap$/.test(name)).length
    const before = open()
    close()
    await expect.poll(open, { interval: 5 }).toBeLessThan(before)
  })
})

test('without a proxy the agent is the one of Node', async () => {
  const settings = { origin: `https://${HOST}`, concurrency: 1, timeoutMs: 1000 }
  expect(await openAgent(settings)).toBeInstanceOf(Agent)
  useProxy()
  expect(await openAgent(settings)).not.toBeInstanceOf(Agent)
})
