/** Every heading of the page on troubleshooting is a message that a run prints, word by word. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  type Fault,
  NORMALISERS,
  type ProfileInput,
  type SandboxOverrides,
  startSandbox,
} from '../sandbox/server.ts'
import { type Acted, type ActOptions, act } from './action.ts'
import { REPOSITORY, startGitHub, TOKEN } from './github/loopback.ts'
import { unusedPort } from './kaleyra/api.ts'
import { selfSigned } from './kaleyra/certificate.ts'
import { startProxy } from './kaleyra/proxy.ts'
import { read } from './pages.ts'

const A = { title: 'GH A', http_method: 'GET', url: 'https://hooks.example.com/a' }
const HEADERS = { ...A, headers: { 'x-team': 'orders' } }
const SMS = { ...A, channel: 'sms', events: ['SMS-sent'] }

/** How a message comes about: a run with one declared profile, on an account that holds some. */
interface Cause extends Partial<Omit<ActOptions, 'sandbox'>> {
  readonly account?: readonly ProfileInput[]
  readonly options?: SandboxOverrides
  readonly fault?: Omit<Fault, 'on'> & { readonly on?: Fault['on'] }
  /** Text of the manifest, instead of one profile. */
  readonly manifest?: string
}

const yaml = (fields: string): Cause => ({ manifest: `profiles:\n  a:\n    ${fields}\n` })
const answer = (status: number, headers?: Record<string, string>): Cause => ({
  fault: { when: 'before', what: { kind: 'status', status, ...(headers && { headers }) } },
})
const nothing = { code: 'RBC024', message: 'Profiles fetched successfully', data: [], error: {}, status: 200 }
const unrouted = { code: 'RBC618', message: 'Invalid request.', data: [], error: {} }
/** The environment of a run on a pull request from this repository to `c/d`. */
const pullRequest = (head: string, event = 'pull_request'): Record<string, string> => {
  const path = join(mkdtempSync(join(tmpdir(), 'event-')), 'event.json')
  const side = (name: string): object => ({ repo: { full_name: name }, sha: 'abc' })
  writeFileSync(path, JSON.stringify({ pull_request: { number: 7, head: side(head), base: side('c/d') } }))
  return { GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: path, GITHUB_REPOSITORY: 'c/d' }
}

/** The environment of a run on GitHub whose repository has no such file. */
const onGitHub = async (): Promise<Record<string, string>> => {
  const server = await startGitHub()
  onTestFinished(() => server.close())
  return { GITHUB_API_URL: server.url, GITHUB_REPOSITORY: REPOSITORY, GITHUB_SHA: 'abc' }
}

const CAUSES: Readonly<Record<string, Cause | (() => Cause | Promise<Cause>)>> = {
  'Input `api-key` is empty': { inputs: { 'api-key': '' } },
  'HTTP 401 — RBC001 Incorrect SID or API key.': { inputs: { 'api-key': 'wrong' } },
  'Check that the API key may manage callback profiles and that its IP allow-list admits this runner':
    answer(403),
  'Check the inputs `region`, `api-url` and `sid`: this server does not know the path of callback profiles.':
    { fault: { when: 'before', what: { kind: 'status', status: 400, body: unrouted } } },
  'the answer is an HTML page, not the API': {
    fault: { when: 'before', what: { kind: 'html', status: 200 } },
  },
  'redirects are refused, since they would carry the API key elsewhere': answer(302, { location: '/x' }),
  'no connection to the API (…)': async () => ({
    inputs: { 'api-url': `http://127.0.0.1:${await unusedPort()}` },
  }),
  'no answer within … s (input `timeout`)': { fault: { when: 'before', what: { kind: 'hang' } } },
  'TLS: …': async () => ({ inputs: { 'api-url': await untrusted() } }),
  'the proxy … wants credentials, or other ones (HTTP 407)': () => behindProxy(407),
  'the proxy … refused to connect to the API (HTTP …)': () => behindProxy(403),
  'HTTP 429': answer(429),
  'the server asks to wait … s, longer than the 60 s that this action waits': answer(429, {
    'retry-after': '3600',
  }),
  'Kaleyra could not answer. Run again later.': answer(503),

  'there is no such file, and no other source of profiles is given': { inputs: { profiles: '' } },
  'nothing is checked out, and GitHub shows no such file': async () => ({
    inputs: { profiles: '', 'github-token': TOKEN },
    env: await onGitHub(),
  }),
  "`env.…` is unset or empty: add it to the step's `env:`": yaml('title: "${{ env.TITLE }}"'),
  '`secrets.…` is out of reach here': yaml('title: "${{ secrets.TITLE }}"'),
  'unknown field — did you mean `…`?': { profiles: { profiles: { a: { ...A, http_metod: 'GET' } } } },
  'has this title already (case does not count)': { profiles: { profiles: { a: A, b: A } } },
  '`body` is missing: POST needs one (`{}` for an empty one)': {
    profiles: { profiles: { a: { ...A, http_method: 'POST' } } },
  },
  'expected text: put the value in quotes': {
    profiles: { profiles: { a: { ...A, headers: { 'x-v': 1 } } } },
  },
  'expected one `name: value` on a line: a value that holds `: ` needs quotes': yaml(
    'response_message: Thanks: we call back',
  ),
  'expected `name: value` on one line: a colon may be missing above': yaml('title GH A\n    id: A'),
  'Tabs are not allowed as indentation': yaml('title: GH A\n\tid: A'),
  'expected a text in quotes: this character has a meaning in YAML': yaml('title: @orders'),
  'expected nothing after this value: it may need quotes as a whole': yaml('url: "https://a.example.com" /b'),
  'this key stands here a second time, first on line …': yaml('title: GH A\n    title: GH B'),
  'expected one source of profiles, found …': { inputs: { title: 'GH A' } },

  'is to be deleted, which is blocked': {
    account: [A],
    profiles: { profiles: { a: { title: 'GH A', state: 'absent' } } },
  },
  'is to be replaced under a new id, which is blocked': {
    account: [A],
    profiles: { profiles: { a: SMS } },
  },
  'the plan deletes or replaces …, and `max-deletes` permits …': {
    account: [A],
    profiles: { profiles: { a: SMS } },
    inputs: { 'allow-delete': 'true', 'max-deletes': '0' },
  },
  'the plan is not the reviewed one': { inputs: { 'expected-plan': 'abc' } },
  'the account has … such profiles': { account: [A, A] },
  'the pinned profile … does not exist on this account': { profiles: { profiles: { a: { id: 'SG_a' } } } },
  'differs from the account in …, and `on-existing` is `fail`': {
    account: [{ ...A, url: 'https://b.example.com' }],
    inputs: { 'on-existing': 'fail' },
  },
  'the account differs from the manifest, and `fail-on-changes` is set': {
    inputs: { mode: 'plan', 'fail-on-changes': 'true' },
  },
  'differs from … only in case: write the title so': { account: [{ ...A, title: 'GH a' }] },
  '(secret, cannot be compared)': {
    account: [{ ...A, headers: { authorization: 'Bearer 1' } }],
    options: { mask: true },
    profiles: { profiles: { a: { ...A, headers: { authorization: 'Bearer 1' } } } },
  },
  'Kaleyra disabled this profile (status 2)': { account: [{ ...A, status: 2 }] },
  'so the account was not read': () => ({ inputs: { 'api-key': '' }, env: pullRequest('a/b') }),
  'is refused on `pull_request_target` for the head of a fork': () => ({
    env: pullRequest('a/b', 'pull_request_target'),
  }),

  'the API answered success but did not take …': {
    account: [A],
    options: { patch: { undocumented: 'ignore' } },
    profiles: { profiles: { a: HEADERS } },
  },
  'the API does not take … (HTTP 400: …). A replacement would, but': {
    account: [A],
    options: { patch: { undocumented: 'refuse' } },
    profiles: { profiles: { a: HEADERS } },
  },
  'the account shows other values than were sent': {
    account: [A],
    options: { normalise: NORMALISERS['trim-url-slash'] },
    profiles: { profiles: { a: { ...A, url: 'https://hooks.example.com/b/' } } },
  },
  'the account shows other values in profile … than are declared': {
    options: { normalise: NORMALISERS['trim-url-slash'] },
    profiles: { profiles: { a: { ...A, url: 'https://hooks.example.com/b/' } } },
  },
  'the account now has … profiles of this title': {
    fault: { on: { method: 'POST', nth: 1 }, when: 'after', what: { kind: 'status', status: 429 } },
  },
  'it did not appear on the account since, but may yet': {
    fault: { on: { method: 'POST' }, when: 'before', what: { kind: 'reset' } },
  },
  'exists, but the list of the account does not show it yet': {
    fault: {
      on: { operation: 'list' },
      when: 'before',
      what: { kind: 'status', status: 200, body: nothing },
    },
  },
  'the run was cancelled before it was done': {
    fault: { when: 'before', what: { kind: 'hang' } },
    cancelAt: 1,
  },

  'The plan could not be put on the pull request (…)': async () => ({
    inputs: { comment: 'always', 'github-token': 'wrong' },
    env: { ...pullRequest('c/d'), ...(await onGitHub()) },
  }),
  'text that is masked as a secret; GitHub drops a job output with such text': {
    profiles: { profiles: { a: { ...A, headers: { token: 'GH A' } } } },
  },
  'names a file that exists already, and an export never overwrites': () => {
    const workspace = mkdtempSync(join(tmpdir(), 'export-'))
    writeFileSync(join(workspace, 'callback-profiles.yml'), '')
    return { workspace, inputs: { mode: 'export', profiles: '' } }
  },
}

/** Address of a server whose certificate nobody vouches for. */
async function untrusted(): Promise<string> {
  const server = createServer(selfSigned())
  onTestFinished(() => void server.close().closeAllConnections())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A run whose proxy answers CONNECT with a status. */
async function behindProxy(status: number): Promise<Cause> {
  const proxy = await startProxy()
  proxy.answer = (socket) => socket.end(`HTTP/1.1 ${status} No\r\n\r\n`)
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${proxy.port}`)
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await proxy.close()
  })
  return { inputs: { 'api-url': 'https://api.kaleyra.test' } }
}

/** Runs the action as a cause says. */
async function bring({ account = [], options, fault, manifest, profiles, ...rest }: Cause): Promise<Acted> {
  const sandbox = await startSandbox(options)
  onTestFinished(() => sandbox.close())
  for (const profile of account) sandbox.store.seed(profile)
  if (fault !== undefined) sandbox.faults.add({ on: {}, ...fault })
  return act({ sandbox, profiles: manifest ?? profiles ?? { profiles: { a: A } }, ...rest })
}

/** Everything that a run says: messages, and the notes of the plan. */
const said = ({ annotations, log }: Acted): string =>
  [...annotations.map(({ message }) => message), log].join('\n')

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const patternOf = (heading: string): RegExp => new RegExp(heading.split('…').map(escaped).join('.+'))

const headings = [...read('docs/troubleshooting.md').matchAll(/^### (.*)$/gm)].map(
  ([, heading = '']) => heading,
)

test('the headings are the messages that are brought about here', () => {
  expect(headings).toEqual(Object.keys(CAUSES))
})

describe('a run says', () => {
  test.each(headings)('%s', async (heading) => {
    const cause = CAUSES[heading] ?? {}
    const acted = await bring(typeof cause === 'function' ? await cause() : cause)
    expect(said(acted)).toMatch(patternOf(heading))
  })

  test('none of it where all is well', async () => {
    const acted = await bring({ account: [A] })
    expect(acted.exitCode).toBe(0)
    expect(headings.filter((heading) => patternOf(heading).test(said(acted)))).toEqual([])
  })
})
