import { describe, expect, test } from 'vitest'
import { endpointOf } from '../../src/manifest/url.ts'
import { explain, type Fact, failureOf, sift, verdictOn } from '../../src/preflight/facts.ts'
import { checkedOf, usedEndpoints } from '../../src/preflight/findings.ts'
import { entriesOf } from '../declared.ts'

const DAY_MS = 86_400_000
const NOW = Date.parse('2026-11-25T12:00:00Z')
const PUBLIC = ['1.1.1.1', '2606:4700::1111']

const coded = (code: string): Error => Object.assign(new Error(code), { code })

describe('the addresses of a name', () => {
  test('that are all public are all connected to', () => {
    expect(sift(PUBLIC)).toEqual({ targets: PUBLIC, wrong: [] })
  })

  test('that are public in part are connected to in that part, and the others are bad', () => {
    const { targets, wrong } = sift(['10.0.0.1', ...PUBLIC, '::1', '::ffff:127.0.0.1'])
    expect(targets).toEqual(PUBLIC)
    expect(wrong).toEqual([{ kind: 'address', address: '10.0.0.1', what: 'a private address', alone: false }])
  })

  test('of which none is public are connected to, and bad', () => {
    const addresses = ['169.254.0.1', 'fd00::1']
    expect(sift(addresses)).toEqual({
      targets: addresses,
      wrong: [{ kind: 'address', address: '169.254.0.1', what: 'a link-local address', alone: true }],
    })
  })
})

describe('an error of connecting', () => {
  test.each<[what: string, error: unknown, addresses: string[], fact: Fact]>([
    ['of one address', coded('ECONNREFUSED'), ['1.1.1.1'], { kind: 'connection', reason: 'ECONNREFUSED' }],
    [
      'of several addresses, by what is not the fault of the runner',
      new AggregateError([coded('ENETUNREACH'), coded('ECONNREFUSED')]),
      PUBLIC,
      { kind: 'connection', reason: 'ECONNREFUSED' },
    ],
    [
      'of IPv6 addresses that this runner has no way to',
      new AggregateError([coded('ENETUNREACH'), coded('ENETUNREACH')]),
      ['2606:4700::1111', '2606:4700::1001'],
      { kind: 'route', reason: 'ENETUNREACH' },
    ],
    [
      'of an IPv4 address that is not there',
      coded('EHOSTUNREACH'),
      ['1.1.1.1'],
      { kind: 'connection', reason: 'EHOSTUNREACH' },
    ],
    ['without a code', new Error('?'), ['1.1.1.1'], { kind: 'connection', reason: 'unknown reason' }],
  ])('is read %s', (_, error, addresses, fact) => {
    expect(failureOf('connection', error, addresses)).toEqual(fact)
  })
})

test.each<[verdict: string, fact: Fact]>([
  ['bad', { kind: 'name', reason: 'ENOTFOUND' }],
  ['bad', { kind: 'address', address: '::1', what: 'a loopback address', alone: false }],
  ['bad', { kind: 'connection', reason: 'ECONNREFUSED' }],
  ['bad', { kind: 'handshake', reason: 'CERT_HAS_EXPIRED' }],
  ['doubtful', { kind: 'route', reason: 'ENETUNREACH' }],
  ['doubtful', { kind: 'certificate', until: NOW + 1 }],
  ['doubtful', { kind: 'certificate', until: NOW + 14 * DAY_MS - 1 }],
  ['good', { kind: 'certificate', until: NOW + 14 * DAY_MS }],
])('%s: %j', (verdict, fact) => {
  expect(verdictOn(fact, NOW)).toBe(verdict)
})

describe('every fact says what was found, from where, and what to do', () => {
  const said = (fact: Fact, url = 'https://hooks.example/a'): string => {
    const endpoint = endpointOf(url)
    if (endpoint === null) throw new Error(`${url} has no endpoint`)
    const { message, hint } = explain(endpoint, fact)
    return `${message}. ${hint}`
  }

  test.each<[fact: Fact, text: string]>([
    [
      { kind: 'name', reason: 'ENOTFOUND' },
      "hooks.example does not resolve from this runner (ENOTFOUND). Correct the host in `url`, or publish it in DNS: Kaleyra's servers must reach it from the internet.",
    ],
    [
      { kind: 'address', address: '10.0.0.1', what: 'a private address', alone: false },
      "hooks.example resolves from this runner to 10.0.0.1, a private address, beside others. Use a host that has public addresses only: Kaleyra's servers must reach it from the internet.",
    ],
    [
      { kind: 'route', reason: 'ENETUNREACH' },
      "hooks.example:443 has IPv6 addresses only and was not checked: there is no way to them from this runner (ENETUNREACH). Check it from elsewhere: Kaleyra's servers must reach it from the internet.",
    ],
    [
      { kind: 'connection', reason: 'ECONNREFUSED' },
      "no connection to hooks.example:443 from this runner (ECONNREFUSED). Correct host and port, start the server, or open its firewall: Kaleyra's servers must reach it from the internet.",
    ],
    [
      { kind: 'handshake', reason: 'ECONNRESET' },
      'the TLS handshake of this runner with hooks.example:443 failed (ECONNRESET). Correct the port in `url`, or the TLS settings of the server.',
    ],
    [
      { kind: 'handshake', reason: 'CERT_HAS_EXPIRED' },
      'the certificate of hooks.example:443 has expired (CERT_HAS_EXPIRED). Renew it.',
    ],
    [
      { kind: 'certificate', until: NOW },
      'the certificate of hooks.example:443 expires on 2026-11-25. Renew it before then.',
    ],
  ])('%j', (fact, text) => {
    expect(said(fact)).toBe(text)
  })

  test('an address of IPv6 is written as in a URL', () => {
    const fact: Fact = { kind: 'connection', reason: 'ECONNREFUSED' }
    expect(said(fact, 'http://[2606:4700::1111]/')).toContain('no connection to [2606:4700::1111]:80 from')
  })
})

test('what was seen becomes findings about every profile of the endpoint', async () => {
  const entries = await entriesOf(`
defaults: { http_method: GET }
profiles:
  one: { title: GH One, url: "https://hooks.example/1" }
  local: { title: GH Local, url: "http://10.0.0.1:8080/" }
  two: { title: GH Two, url: "https://hooks.example/2" }
  behind: { title: GH Behind, url: "https://behind.example/" }
  last: { title: GH Last, url: "https://last.example/" }
`)
  const used = usedEndpoints(entries)
  const seen = [
    [{ kind: 'certificate', until: NOW + DAY_MS }],
    [{ kind: 'connection', reason: 'ECONNREFUSED' }],
    'proxied',
    'late',
  ] as const
  const { count, findings, notes } = checkedOf(
    used.map((one, index) => ({ ...one, seen: seen[index] ?? [] })),
    NOW,
  )
  expect(count).toBe(2)
  expect(
    findings.map(({ message, bad, declared, entries: of }) => [
      message.split(' ').slice(0, 5).join(' '),
      of.map(({ key }) => key).join(' '),
      bad ? 'bad' : 'doubtful',
      declared,
    ]),
  ).toEqual([
    ['the certificate of hooks.example:443 expires', 'one two', 'doubtful', false],
    ['10.0.0.1 is a private address', 'local', 'bad', true],
    ['no connection to 10.0.0.1:8080 from', 'local', 'bad', false],
  ])
  expect(notes.map(({ message }) => message)).toEqual([
    '1 endpoint not checked: this runner is to reach them through a proxy',
    '1 endpoint not checked: the time for all checks was up',
  ])
})
