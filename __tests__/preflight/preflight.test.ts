import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Clock, systemClock } from '../../src/clock.ts'
import { startPreflight } from '../../src/preflight/preflight.ts'
import { entriesOf } from '../declared.ts'
import { type NameServer, serveNames, type Zone } from './dns.ts'
import { listen } from './servers.ts'

/** A clock whose time-outs pass so many times faster. */
const faster = (times: number): Clock => ({
  ...systemClock,
  alarm: (ms, ring) => systemClock.alarm(ms / times, ring),
})

/** Entries with these URLs, in their order. */
const entriesWith = (urls: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  entriesOf(
    JSON.stringify({
      profiles: Object.fromEntries(
        urls.map((url, index) => [`p${index}`, { title: `GH ${index}`, http_method: 'GET', url }]),
      ),
    }),
    env,
  )

/** Checks these URLs to the end, with names from a name server of this zone. */
async function check(
  urls: readonly string[],
  {
    zone = {},
    clock = systemClock,
    env,
  }: { zone?: Zone; clock?: Clock; env?: Readonly<Record<string, string>> } = {},
) {
  const names: NameServer = await serveNames(zone)
  const { checked } = startPreflight(await entriesWith(urls, env), clock, names.createResolver)
  const { count, findings, notes } = await checked
  const found = findings.map(({ message, entries }) => [message, entries.map(({ key }) => key)])
  return { asked: [...names.asked], count, found, notes: notes.map(({ message }) => message) }
}

const PROXIES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY']
beforeEach(() => {
  for (const name of PROXIES) vi.stubEnv(name, undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

test('a host and port is looked up and connected to once, however many profiles have it', async () => {
  const { port, connections } = await listen()
  const urls = Array.from({ length: 500 }, (_, index) => `http://hooks.example:${port}/${index}`)
  const result = await check([...urls, `http://HOOKS.example.:${port}`], {
    zone: { 'hooks.example': ['127.0.0.1'] },
  })
  expect([result.asked, result.count, connections()]).toEqual([['hooks.example'], 1, 1])
  expect(result.found).toEqual([
    [
      'hooks.example resolves from this runner to 127.0.0.1, a loopback address',
      Array.from({ length: 501 }, (_, index) => `p${index}`),
    ],
  ])
})

test('another port or scheme of a host is another endpoint', async () => {
  const [one, other] = [await listen((socket) => socket.end()), await listen()]
  const result = await check([
    `http://127.0.0.1:${one.port}/`,
    `https://127.0.0.1:${one.port}/`,
    `http://127.0.0.1:${other.port}/`,
  ])
  expect([result.count, one.connections(), other.connections()]).toEqual([3, 2, 1])
})

test('hosts that an expression or a variable makes are neither looked up nor connected to', async () => {
  const { port, connections } = await listen()
  const result = await check(
    [
      `http://\${{ env.HOST }}:${port}/`,
      `http://\${{ env.NAME }}.example:${port}/`,
      'http://hooks.example:${{ env.PORT }}/',
      `http://user:\${{ env.NAME }}@127.0.0.1:${port}/`,
      `http:///\${{ env.HOST }}:${port}/`,
      `http://<tenant>.example:${port}/`,
      'http://127.0.0.1:<port>/',
    ],
    { env: { HOST: '127.0.0.1', NAME: 'secret', PORT: String(port) } },
  )
  expect(result).toEqual({ asked: [], count: 0, found: [], notes: [] })
  expect(connections()).toBe(0)
})

test('an expression in the path changes nothing', async () => {
  const { port, connections, received } = await listen()
  const result = await check([`http://127.0.0.1:${port}/\${{ env.STAGE }}?to=<mobile>`], {
    env: { STAGE: 'test' },
  })
  expect([result.count, connections(), await received()]).toEqual([1, 1, ''])
})

test('names of the machine or its network are bad without a look-up', async () => {
  const result = await check(['http://localhost:1/', 'https://db.internal/', 'https://printer.local/'])
  expect([result.asked, result.count]).toEqual([[], 3])
  expect(result.found).toEqual([
    ['localhost is a name of the machine itself', ['p0']],
    ['db.internal is a name of a private network', ['p1']],
    ['printer.local is a name of a local network', ['p2']],
  ])
})

test('profiles that are to be absent, and those without a URL, are left alone', async () => {
  const names = await serveNames({})
  const entries = await entriesOf(`
profiles:
  gone: { title: GH Gone, state: absent, http_method: GET, url: "https://gone.example/" }
  pinned: { id: SG_1 }
`)
  expect(await startPreflight(entries, systemClock, names.createResolver).checked).toEqual({
    count: 0,
    findings: [],
    notes: [],
  })
  expect([...names.asked]).toEqual([])
})

test.each(['https_proxy', 'HTTPS_PROXY'])(
  'what goes through a proxy is not looked at, and one note says so: %s',
  async (name) => {
    vi.stubEnv(name, 'http://proxy.example:3128')
    vi.stubEnv('NO_PROXY', 'direct.example,.inside.example')
    const { port } = await listen()
    const zone: Zone = { 'plain.example': ['127.0.0.1'] }
    const result = await check(
      [
        'https://hooks.example/',
        'https://other.example:8443/',
        'https://10.0.0.1/',
        'https://direct.example/',
        'https://a.inside.example/',
        `http://plain.example:${port}/`,
      ],
      { zone },
    )
    expect(result.asked.toSorted()).toEqual(['a.inside.example', 'direct.example', 'plain.example'])
    expect(result.count).toBe(3)
    expect(result.notes).toEqual(['3 endpoints not checked: this runner is to reach them through a proxy'])
    expect(result.found).toContainEqual(['10.0.0.1 is a private address', ['p2']])
  },
)

test('a proxy whose address is wrong is a proxy all the same', async () => {
  vi.stubEnv('HTTP_PROXY', 'no url')
  expect(await check(['http://hooks.example/'])).toMatchObject({ asked: [], notes: [expect.any(String)] })
})

test('at most 16 endpoints are looked at at once', async () => {
  let [open, most] = [0, 0]
  const { port, connections } = await listen((socket) => {
    open += 1
    most = Math.max(most, open)
    socket.on('close', () => {
      open -= 1
    })
  })
  const hosts = Array.from({ length: 50 }, (_, index) => `h${index}.example`)
  const zone = Object.fromEntries(hosts.map((host) => [host, ['127.0.0.1']]))
  const urls = hosts.map((host) => `https://${host}:${port}/`)
  const { count } = await check(urls, { zone, clock: faster(25) })
  expect([count, connections()]).toEqual([50, 50])
  expect(most).toBeGreaterThan(1)
  expect(most).toBeLessThanOrEqual(16)
})

test('what is not begun within a minute is given up, and one note says so', async () => {
  const hosts = Array.from({ length: 300 }, (_, index) => `h${index}.example`)
  const zone = Object.fromEntries(hosts.map((host) => [host, 'silent' as const]))
  const { count, found, notes } = await check(
    hosts.map((host) => `https://${host}/`),
    { zone, clock: faster(200) },
  )
  expect(count).toBeLessThan(300)
  expect(found).toHaveLength(count)
  expect(found[0]).toEqual(['h0.example does not resolve from this runner (no answer within 5 s)', ['p0']])
  expect(notes).toEqual([`${300 - count} endpoints not checked: the time for all checks was up`])
})

test('closing ends what is under way', async () => {
  const closed = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  const { port } = await listen((socket) => {
    opened.resolve()
    socket.on('close', () => closed.resolve())
  })
  const names = await serveNames({ 'silent.example': 'silent' })
  const entries = await entriesWith([`https://127.0.0.1:${port}/`, 'https://silent.example/'])
  const { checked, close } = startPreflight(entries, systemClock, names.createResolver)
  await opened.promise
  const start = performance.now()
  close()
  await Promise.all([checked, closed.promise])
  expect(performance.now() - start).toBeLessThan(1000)
})
