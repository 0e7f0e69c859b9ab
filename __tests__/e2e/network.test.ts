import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ROOT } from '../../sandbox/runner.ts'
import { createAuthority, selfSigned } from '../kaleyra/certificate.ts'
import { startProxy, startTls } from '../kaleyra/proxy.ts'
import { account, act, expectHidden, MANIFEST, ONE, onlyError, visible } from './scenario.ts'

const HOST = 'api.kaleyra.test'
const authority = createAuthority()
const authorityFile = join(mkdtempSync(join(tmpdir(), 'authority-')), 'authority.pem')
writeFileSync(authorityFile, authority.cert)

const sandbox = await account()
const behind = Number(new URL(sandbox.url).port)
const proxy = await startProxy()
const front = await startTls(authority.issue(HOST, 'localhost'), behind)
const spy = await startTls(selfSigned(), behind)
afterAll(() => Promise.all([proxy.close(), front.close(), spy.close()]))

test('a private authority is trusted by NODE_EXTRA_CA_CERTS, and by nothing else', async () => {
  const inputs = { 'api-url': `https://localhost:${front.port}`, mode: 'plan', retries: '0' }
  const env = { NODE_EXTRA_CA_CERTS: authorityFile }
  const trusted = await act(sandbox, { inputs, env, manifest: ONE })
  expect(trusted.outputs['has-changes']).toBe('true')

  sandbox.requests.length = 0
  for (const env of [{}, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }]) {
    const refused = await act(sandbox, { inputs, env, manifest: ONE })
    expect(onlyError(refused)).toMatch(
      /TLS: UNABLE_TO_VERIFY_LEAF_SIGNATURE\. .* set NODE_EXTRA_CA_CERTS in the step's `env:` to the path of that CA's certificate \(PEM\); verification cannot be turned off\.$/,
    )
  }
  const self = await act(sandbox, {
    inputs: { ...inputs, 'api-url': `https://localhost:${spy.port}` },
    env,
    manifest: ONE,
  })
  expect(onlyError(self)).toContain('TLS: DEPTH_ZERO_SELF_SIGNED_CERT')
  expect(sandbox.requests).toEqual([])
})

test('a proxy carries a whole run, sees nothing of it, and its credentials appear nowhere', async () => {
  const [user, password] = ['proxy-user', 'pr0xy/p@ss']
  const result = await act(sandbox, {
    inputs: { 'api-url': `https://${HOST}:${front.port}` },
    env: {
      NODE_EXTRA_CA_CERTS: authorityFile,
      HTTPS_PROXY: `http://${user}:${encodeURIComponent(password)}@127.0.0.1:${proxy.port}`,
      NO_PROXY: 'localhost,.internal.test',
      DEBUG: '*',
      RUNNER_DEBUG: '1',
    },
    manifest: MANIFEST,
  })
  expect(result.outputs.created).toBe('3')
  expect(sandbox.store.size).toBe(3)
  expect(new Set(proxy.connects.map(({ target }) => target))).toEqual(new Set([`${HOST}:${front.port}`]))
  expect(proxy.connects[0]?.headers['proxy-authorization']).toBe(`Basic ${btoa(`${user}:${password}`)}`)
  expectHidden(result, [password, `${user}:${password}`])
  expect(visible(result)).not.toContain(btoa(`${user}:${password}`))
  for (const secret of [sandbox.options.apiKey, 'GH Orders', 'HTTP/1.1 200 OK'])
    expect(proxy.seen()).not.toContain(secret)
})

test('what a proxy needs is a part of its own, which a run without one does not load', () => {
  const dist = join(ROOT, 'dist')
  const holding = readdirSync(dist).filter((name) =>
    readFileSync(join(dist, name), 'utf8').includes('refused to connect to the API'),
  )
  expect(holding).toEqual([expect.stringMatching(/^\d+\.index\.js$/)])
})

test('a proxy that refuses is named, and nothing was sent', async () => {
  sandbox.requests.length = 0
  proxy.answer = (socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
  const result = await act(sandbox, {
    inputs: { 'api-url': `https://${HOST}:${front.port}` },
    env: { https_proxy: `127.0.0.1:${proxy.port}` },
    manifest: ONE,
  })
  expect(onlyError(result)).toMatch(
    /the proxy 127\.0\.0\.1:\d+ wants credentials, or other ones \(HTTP 407\)\. Check the environment variable HTTPS_PROXY/,
  )
  expect(result.outputs.changed).toBe('false')
  expect(sandbox.requests).toEqual([])
})
