/** The input `preflight` on the committed action: what it looks at, says, and stops. */
import { describe, expect, test } from 'vitest'
import { unusedPort } from '../kaleyra/api.ts'
import { listen, listenSecurely } from '../preflight/servers.ts'
import { account, act, annotations, MANIFEST_PATH, onlyError, writesOf } from './scenario.ts'

/** A manifest of profiles with these URLs, which stand where {@link at} says. */
const manifestOf = (...urls: string[]): string =>
  ['version: 1', 'defaults: { http_method: GET }', 'profiles:']
    .concat(urls.flatMap((url, index) => [`  p${index}:`, `    title: GH ${index}`, `    url: "${url}"`]))
    .join('\n')
const at = (index: number): string => `${MANIFEST_PATH}:${6 + 3 * index}:10`
const RULE = "expected a host that Kaleyra's servers can reach from the internet, found"
const REACH = "Kaleyra's servers must reach it from the internet."
const UNRESOLVED = /hooks\.invalid does not resolve from this runner \(.+\)\. Correct the host/

describe('off, as it is by default', () => {
  test('looks at nothing, but a literal host of no use is warned of', async () => {
    const [plain, sandbox] = [await listen(), await account()]
    const manifest = manifestOf(`http://127.0.0.1:${plain.port}/a`, 'https://hooks.invalid/b')
    const result = await act(sandbox, { manifest })
    expect(annotations(result, 'warning')).toEqual([
      `${at(0)} profiles.p0.url: ${RULE} 127.0.0.1, a loopback address`,
    ])
    expect(plain.connections()).toBe(0)
    expect(result.log).not.toContain('Preflight')
    expect(result.outputs.created).toBe('2')
  })
})

describe('warn', () => {
  test('says on its line what is wrong with each URL, and applies all the same', async () => {
    const [silent, closed] = [await listenSecurely('hooks.example', { trusted: false }), await unusedPort()]
    const sandbox = await account()
    const manifest = manifestOf(
      `https://127.0.0.1:${silent.port}/a?token=hidden-token`,
      `http://127.0.0.1:${closed}/`,
      `https://127.0.0.1:${silent.port}/b`,
      'https://hooks.invalid/',
      'http://localhost/',
    )
    const result = await act(sandbox, { inputs: { preflight: 'warn' }, manifest })
    const [rule0, rule1, rule2, rule4, ...found] = annotations(result, 'warning')
    expect([rule0, rule1, rule2, rule4].map((text) => text?.split(' ')[0])).toEqual([0, 1, 2, 4].map(at))
    const certificate = `the certificate of 127.0.0.1:${silent.port} is signed by itself (DEPTH_ZERO_SELF_SIGNED_CERT). Install one that a public certificate authority has signed.`
    expect(found).toEqual([
      `${at(0)} p0: ${certificate}`,
      `${at(1)} p1: no connection to 127.0.0.1:${closed} from this runner (ECONNREFUSED). Correct host and port, start the server, or open its firewall: ${REACH}`,
      expect.stringMatching(UNRESOLVED),
      `${at(2)} p2: ${certificate}`,
    ])
    expect(found[2]).toContain(at(3))
    expect(result.log).toContain('4 endpoints checked')
    expect(result.summary).toContain('p3&#58; hooks.invalid does not resolve')
    expect([silent.connections(), await silent.received()]).toEqual([1, ''])
    expect(result.outputs).toMatchObject({ created: '5', failed: '0' })
  })
})

describe('fail', () => {
  test.each(['apply', 'plan'])('stops before the first write, mode %s', async (mode) => {
    const sandbox = await account()
    const manifest = manifestOf('https://hooks.invalid/')
    const result = await act(sandbox, { inputs: { preflight: 'fail', mode }, manifest })
    expect(onlyError(result)).toMatch(UNRESOLVED)
    expect(onlyError(result)).toContain(`${at(0)} p0: `)
    expect(writesOf(sandbox)).toEqual([])
    expect(result.outputs).toMatchObject({ changed: 'false', failed: '1', 'has-changes': 'true' })
    expect(result.summary).toContain('nothing was written, 1 in the way')
  })

  test('fails by a literal host of no use, though something answers there', async () => {
    const [plain, sandbox] = [await listen(), await account()]
    const manifest = manifestOf(`http://127.0.0.1:${plain.port}/`)
    const result = await act(sandbox, { inputs: { preflight: 'fail' }, manifest })
    expect(onlyError(result)).toBe(
      `${at(0)} p0: 127.0.0.1 is a loopback address. Use a host that has public addresses only: ${REACH}`,
    )
    expect([plain.connections(), await plain.received()]).toEqual([1, ''])
    expect(writesOf(sandbox)).toEqual([])
  })

  test('passes over hosts that an expression makes, and profiles that are to be absent', async () => {
    const [plain, sandbox] = [await listen(), await account()]
    const manifest = `${manifestOf(`http://\${{ env.HOST }}:${plain.port}/`)}
  gone: { title: GH Gone, state: absent, url: "http://127.0.0.1:${plain.port}/" }
`
    const env = { HOST: '127.0.0.1' }
    const result = await act(sandbox, { inputs: { preflight: 'fail' }, env, manifest })
    expect([result.exitCode, annotations(result, 'warning')]).toEqual([0, []])
    expect(plain.connections()).toBe(0)
    expect(result.outputs.created).toBe('1')
  })

  test('says in one note what goes through a proxy, and applies', async () => {
    const sandbox = await account()
    const manifest = manifestOf('https://hooks.invalid/', 'https://other.invalid/')
    const env = { HTTPS_PROXY: 'http://127.0.0.1:9' }
    const result = await act(sandbox, { inputs: { preflight: 'fail' }, env, manifest })
    expect(annotations(result, 'warning')).toEqual([
      expect.stringMatching(/^2 endpoints not checked: this runner is to reach them through a proxy\. /),
    ])
    expect(result.outputs.created).toBe('2')
  })
})

test.each(['validate', 'export'])('mode %s looks at nothing', async (mode) => {
  const [plain, sandbox] = [await listen(), await account()]
  const files = { [MANIFEST_PATH]: manifestOf(`http://127.0.0.1:${plain.port}/`) }
  const result = await act(sandbox, { inputs: { preflight: 'fail', mode }, files })
  expect(result.exitCode, result.log).toBe(0)
  expect(plain.connections()).toBe(0)
  expect(annotations(result, 'warning')).toHaveLength(mode === 'validate' ? 1 : 0)
})

test('a cancelled run does not wait for an endpoint that is silent', async () => {
  const sandbox = await account()
  let cancel = (): void => {}
  const { port } = await listen(() => setTimeout(() => cancel(), 200))
  const start = performance.now()
  const result = await act(sandbox, {
    inputs: { preflight: 'fail' },
    manifest: manifestOf(`https://127.0.0.1:${port}/`),
    onStart: (signal) => {
      cancel = () => signal('SIGTERM')
    },
  })
  expect(performance.now() - start).toBeLessThan(4000)
  expect(annotations(result, 'error')).toEqual([expect.stringMatching(/^the run was cancelled/)])
  expect(writesOf(sandbox)).toEqual([])
})

test('an account that cannot be read does not leave the run waiting for endpoints', async () => {
  const sandbox = await account()
  const { port } = await listen()
  const start = performance.now()
  const result = await act(sandbox, {
    inputs: { preflight: 'fail', 'api-key': 'wrong-api-key' },
    manifest: manifestOf(`https://127.0.0.1:${port}/`),
  })
  expect(performance.now() - start).toBeLessThan(4000)
  expect(onlyError(result)).toContain('HTTP 401')
})
