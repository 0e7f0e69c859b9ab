import type { Socket } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { endpointOf } from '../../src/manifest/url.ts'
import type { Fact } from '../../src/preflight/facts.ts'
import { probe } from '../../src/preflight/probe.ts'
import { unusedPort } from '../kaleyra/api.ts'
import { serveNames, type Zone } from './dns.ts'
import { type Certified, listen, listenSecurely } from './servers.ts'

const DAY_MS = 86_400_000
const HOST = 'hooks.example'
const ZONE: Zone = { [HOST]: ['127.0.0.1'] }
const RESOLVED: Fact = { kind: 'address', address: '127.0.0.1', what: 'a loopback address', alone: true }

/** What a probe sees of a URL. Each of its steps gets `ms` milliseconds. */
async function see(url: string, { zone = ZONE, ms = 5000 }: { zone?: Zone; ms?: number } = {}) {
  const endpoint = endpointOf(url)
  if (endpoint === null) throw new Error(`${url} has no endpoint`)
  const { createResolver } = await serveNames(zone)
  return probe(endpoint, {
    resolver: createResolver(),
    patience: () => AbortSignal.timeout(ms),
    impatience: 'too late',
  })
}

describe('a name', () => {
  test.each<[what: string, zone: Zone, reason: string]>([
    ['does not exist', {}, 'ENOTFOUND'],
    ['has no address', { [HOST]: [] }, 'ENODATA'],
    ['is asked for in vain', { [HOST]: 'silent' }, 'too late'],
  ])('that %s does not resolve', async (_, zone, reason) => {
    expect(await see(`https://${HOST}/a`, { zone, ms: 300 })).toEqual([{ kind: 'name', reason }])
  })

  test.each([
    [`${'a'.repeat(64)}.example`, 'EBADNAME'],
    ['a..example', 'EBADNAME'],
    ['.', 'ENOTFOUND'],
  ])('that can be none does not resolve: %s', async (host, reason) => {
    expect(await see(`https://${host}/`)).toEqual([{ kind: 'name', reason }])
  })

  test.each(['HOOKS.Example', 'hooks.example.', 'hooks%2Eexample', 'user:pass@hooks.example'])(
    'is looked up as browsers read it: %s',
    async (written) => {
      const { port, connections } = await listen()
      expect(await see(`http://${written}:${port}/`)).toEqual([RESOLVED])
      expect(connections()).toBe(1)
    },
  )

  test('in other letters is looked up in punycode', async () => {
    const { port } = await listen()
    const zone: Zone = { 'xn--bcher-kva.example': ['127.0.0.1'] }
    expect(await see(`http://bücher.example:${port}/`, { zone })).toEqual([RESOLVED])
  })

  test('may have an address of IPv6 alone', async () => {
    const [resolved] = await see(`http://${HOST}:${await unusedPort()}/`, { zone: { [HOST]: ['::1'] } })
    expect(resolved).toEqual({ ...RESOLVED, address: '::1' })
  })

  test('with several addresses is connected to where one answers', async () => {
    const { port, connections } = await listen()
    const zone: Zone = { [HOST]: ['127.0.0.2', '127.0.0.1', '::1'] }
    expect(await see(`http://${HOST}:${port}`, { zone })).toEqual([{ ...RESOLVED, address: '127.0.0.2' }])
    expect(connections()).toBe(1)
  })
})

describe('a connection', () => {
  test('is all that an http URL takes', async () => {
    const { port, connections, received } = await listen()
    expect(await see(`http://127.0.0.1:${port}/a?b=c`)).toEqual([])
    expect([connections(), await received()]).toEqual([1, ''])
  })

  test.each(['http', 'https'])('to a closed port is refused, %s', async (scheme) => {
    const facts = await see(`${scheme}://127.0.0.1:${await unusedPort()}/`)
    expect(facts).toEqual([{ kind: 'connection', reason: 'ECONNREFUSED' }])
  })

  test('to port 0 fails', async () => {
    expect(await see('http://127.0.0.1:0/')).toMatchObject([{ kind: 'connection' }])
  })
})

describe('a TLS handshake', () => {
  test('shows until when the certificate is good, and sends nothing more', async () => {
    const start = Date.now()
    const named = Promise.withResolvers<string | false | null>()
    const { port, connections, received } = await listenSecurely(HOST, { until: 100 }, ({ servername }) =>
      named.resolve(servername),
    )
    const [resolved, certificate] = await see(`https://${HOST}.:${port}/a?b=c`)
    expect(resolved).toEqual(RESOLVED)
    if (certificate?.kind !== 'certificate') throw new Error('expected a certificate')
    expect((certificate.until - start) / DAY_MS).toBeCloseTo(100, 3)
    expect([await named.promise, connections(), await received()]).toEqual([HOST, 1, ''])
  })

  test.each<[what: string, certificate: Certified, code: string]>([
    ['has expired', { until: -0.5 }, 'CERT_HAS_EXPIRED'],
    ['is not valid yet', { from: 0.5 }, 'CERT_NOT_YET_VALID'],
    ['is for another host', { name: 'other.example' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['nobody vouches for', { trusted: false }, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    [
      'comes without its issuer',
      { trusted: false, issuer: 'Some Authority' },
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ],
  ])(
    'fails by a certificate that %s, whatever the environment says',
    async (_, { name = HOST, ...facts }, code) => {
      vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
      onTestFinished(() => void vi.unstubAllEnvs())
      const { port, connections, received } = await listenSecurely(name, facts)
      expect(await see(`https://${HOST}:${port}/`)).toEqual([RESOLVED, { kind: 'handshake', reason: code }])
      expect([connections(), await received()]).toEqual([1, ''])
    },
  )

  test.each<[what: string, onSocket: (socket: Socket) => void, reason: string | RegExp]>([
    ['never speaks', () => {}, 'too late'],
    ['hangs up', (socket) => socket.once('data', () => socket.end()), 'ECONNRESET'],
    [
      'speaks HTTP',
      (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      /^(ERR_SSL_|EPROTO)/,
    ],
  ])('fails with a server that %s, which gets a greeting and no more', async (_, onSocket, reason) => {
    const { port, connections, received } = await listen(onSocket)
    const facts = await see(`https://127.0.0.1:${port}/`, { ms: 500 })
    const told = typeof reason === 'string' ? reason : expect.stringMatching(reason)
    expect(facts).toEqual([{ kind: 'handshake', reason: told }])
    expect(connections()).toBe(1)
    // A TLS record that holds a ClientHello, and is all there is.
    const hello = Buffer.from(await received(), 'latin1')
    expect([hello[0], hello[5]]).toEqual([0x16, 0x01])
    expect(hello).toHaveLength(5 + hello.readUInt16BE(3))
  })
})
