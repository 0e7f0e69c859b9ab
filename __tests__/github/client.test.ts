import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { createCancellation } from '../../src/cancellation.ts'
import { githubFailure, openGitHub, statusOf } from '../../src/github/client.ts'
import { createClock } from '../clock.ts'
import { unusedPort } from '../kaleyra/api.ts'
import { createAuthority, selfSigned } from '../kaleyra/certificate.ts'
import { startProxy, startTls, type TestProxy } from '../kaleyra/proxy.ts'
import { type LoopbackGitHub, REPOSITORY, startGitHub, TOKEN } from './loopback.ts'

const HOST = 'ghe.example.test'
const [owner = '', repo = ''] = REPOSITORY.split('/')
const authority = createAuthority()
const trusted = getCACertificates('default')
let github: LoopbackGitHub
let proxy: TestProxy

beforeAll(async () => {
  setDefaultCACertificates([...trusted, authority.cert])
  github = await startGitHub({ comments: [{ body: 'first' }] })
  proxy = await startProxy()
})
afterAll(async () => {
  setDefaultCACertificates(trusted)
  await Promise.all([github.close(), proxy.close()])
})
afterEach(() => {
  vi.unstubAllEnvs()
  github.exchanges.length = 0
})

/** Lists comments through the API at an address. */
async function comments(apiUrl: string, token = TOKEN): Promise<number> {
  const { cancellation } = createCancellation()
  const edges = { env: { GITHUB_API_URL: apiUrl }, clock: createClock(), cancellation }
  const client = openGitHub({ githubToken: token, timeoutMs: 5000 }, edges)
  const request = { owner, repo, issue_number: 7, request: { retries: 0 } }
  return (await client.rest.issues.listComments(request)).data.length
}

/** A TLS server in front of the API. */
async function front(certificate: ReturnType<typeof selfSigned>): Promise<string> {
  const server = await startTls(certificate, Number(new URL(github.url).port))
  onTestFinished(() => server.close())
  return `https://${HOST}:${server.port}`
}

test('requests carry the token to the address that the run names', async () => {
  expect(await comments(github.url)).toBe(1)
  expect(github.exchanges).toMatchObject([{ operation: 'list comments', authorization: `token ${TOKEN}` }])
})

test('they go through a proxy, which does not see the token', async () => {
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${proxy.port}`)
  const apiUrl = await front(authority.issue(HOST))
  expect(await comments(apiUrl)).toBe(1)
  expect(proxy.connects.map(({ target }) => `https://${target}`)).toEqual([apiUrl])
  expect(proxy.seen()).not.toContain(TOKEN)
})

test('a certificate that nobody trusts is refused, and the token stays here', async () => {
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${proxy.port}`)
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  const error = await comments(await front(selfSigned(HOST))).catch((thrown: unknown) => thrown)
  expect(githubFailure(error)).toMatch(/^no answer from GitHub: .*self-signed certificate/)
  expect(github.exchanges).toEqual([])
})

test.each([
  ['an answer', () => github.url, 401, 'HTTP 401: Bad credentials - https://docs.github.com/rest'],
  [
    'no answer',
    async () => `http://127.0.0.1:${await unusedPort()}`,
    null,
    /^no answer from GitHub: .*ECONNREFUSED/,
  ],
])('a failure with %s says so', async (_, apiUrl, status, message) => {
  const error = await comments(await apiUrl(), 'wrong').catch((thrown: unknown) => thrown)
  expect(statusOf(error)).toBe(status)
  expect(githubFailure(error)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
})
