import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ActionResult } from '../../sandbox/runner.ts'
import { account, act, annotations, commands, MANIFEST, ONE, onlyError, PEAK_MEMORY } from './scenario.ts'

const HOSTILE = [
  '::error::pwned',
  '  ::set-output name=profile-id::pwned',
  '::stop-commands::pwned',
  ':::warning::pwned',
  '##[error]pwned',
  '\n::error::pwned\r\n##[group]pwned\r::add-mask::e\u2028::error::pwned',
  '\u001b[31m\u001b]8;;https://evil.example.com\u0007pwned',
  '# pwned\n\n| a | b |\n| --- | --- |\n* pwned **bold** _em_ ~~x~~ `code` $x^2$',
  '</pre></details></code><img src=x onerror=alert(1)><script>alert(1)</script>&lt;b&gt;',
  '[pwned](https://evil.example.com) ![pwned](https://evil.example.com/x.png) <https://evil.example.com>',
  '@octocat @example/team #1 GH-1 example/shop#1 www.evil.example.com',
  '\u202epwned\u200b\u0000',
].join(' ')

/** What the runner does of itself in every run. */
const OWN_COMMANDS = ['add-mask', 'group', 'endgroup', 'error', 'warning']

/** A link to a line of the manifest, which is no text of others. */
const OWN_LINK = /<a href="https:\/\/github\.com\/example\/shop\/blob\/0{40}\/[\w./-]+#L\d+">/g

/** What a log or terminal obeys, or a page shows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ACTIVE = /##\[|::|[<>@`\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e\u2028]/

function expectHarmless({ log, summary, plan, outputs }: ActionResult): void {
  const found = commands(log).map(({ name }) => name)
  expect(found.filter((name) => !OWN_COMMANDS.includes(name))).toEqual([])
  expect(log).not.toContain('##[')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would obey
  expect(log).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u202a-\u202e\u2028\u2029]/)
  expect(summary.replace(OWN_LINK, '')).not.toMatch(
    /<(img|script|a|h1)|\]\(|\*\*(bold|pwned)|`code`|@octocat|@example|www\.evil/,
  )
  expect(summary.match(/^#/gm)).toHaveLength(1)
  // Whoever prints the plan file or this output prints it into a log.
  for (const json of [plan, outputs.profiles ?? '']) expect(json).not.toMatch(ACTIVE)
  expect(summary.match(/<pre>/g)?.length).toBe(summary.match(/<\/pre>/g)?.length)
  expect(summary.match(/<code>/g)?.length).toBe(summary.match(/<\/code>/g)?.length)
}

test('titles and values of the account do no harm in what a run leaves', async () => {
  const sandbox = await account()
  const id = sandbox.store.seed({
    title: `GH ${HOSTILE}`,
    http_method: 'GET',
    url: `https://hooks.example.com/${HOSTILE}`,
    response_message: HOSTILE,
    body: { [HOSTILE]: HOSTILE },
    channel: HOSTILE,
    events: [HOSTILE],
    headers: { [HOSTILE]: 'x' },
    enc: { algo: HOSTILE, key: 'x', IV: 'x' },
  })
  const manifest = `profiles:
  pinned:
    id: ${id}
    http_method: GET
    url: https://hooks.example.com/pinned
    response_message: null
    body: null
    channel: sms
    events: null
    headers: null
    enc: null
`
  const result = await act(sandbox, { inputs: { mode: 'plan' }, manifest })
  expect(annotations(result, 'error')).toEqual([])
  expect(JSON.parse(result.plan).changes[0].changes).toContainEqual({
    path: 'response_message',
    from: JSON.stringify(HOSTILE),
    to: null,
  })
  expectHarmless(result)
  expect(result.log).toContain('pwned')
  expect(JSON.parse(result.outputs.profiles ?? '')).toMatchObject([{ title: `GH ${HOSTILE}` }])
  expect(result.outputs['profile-id']).toBe(id)
})

test('what the API says of a failure does no harm in what a run leaves', async () => {
  const sandbox = await account()
  const texts = HOSTILE.match(/[\s\S]{1,400}/g) ?? []
  const body = {
    code: HOSTILE,
    message: texts[0],
    data: {},
    error: texts.map((text) => ({ [text]: text })),
    status: 400,
  }
  sandbox.faults.add({ on: { method: 'POST' }, when: 'before', what: { kind: 'status', status: 400, body } })
  const manifest = `profiles:
  ping: { title: GH Ping, http_method: GET, url: "https://hooks.example.com/ping" }
`
  const result = await act(sandbox, { manifest })
  expect(annotations(result, 'error')).toEqual([expect.stringContaining('HTTP 400')])
  expectHarmless(result)
})

test('a manifest and inputs do no harm either', async () => {
  const sandbox = await account()
  const inputs = { region: HOSTILE.slice(0, 100), mode: '##[error]pwned\n::error::pwned' }
  const wrong = await act(sandbox, { inputs, manifest: 'profiles: {}\n' })
  expect(annotations(wrong, 'error')).toHaveLength(2)
  expectHarmless(wrong)
  const text = JSON.stringify(HOSTILE.replaceAll('\u0000', ''))
  const manifest = `profiles:\n  ping: { title: ${text}, ${text}: 1, http_method: ${text}, url: ${text} }\n  ${text}: 1\n`
  const result = await act(sandbox, { manifest })
  expect(result.exitCode).toBe(1)
  expect(
    annotations(result, 'error').every((error) => error.startsWith('.github/callback-profiles.yml:')),
  ).toBe(true)
  expectHarmless(result)
})

test('what the API says of a redirect, and as an id, does no harm either', async () => {
  const sandbox = await account()
  const location = `https://evil.example.com/##[error]x?${encodeURI(HOSTILE)}::error::x<img>@octocat`
  sandbox.faults.add({ on: {}, when: 'before', what: { kind: 'status', status: 302, headers: { location } } })
  const redirected = await act(sandbox, { manifest: ONE })
  expect(onlyError(redirected)).toContain('redirected to https://evil.example.com/')
  expectHarmless(redirected)

  sandbox.faults.clear()
  sandbox.store.seed({ title: 'GH Ping', profile_id: HOSTILE.slice(0, 150) })
  const identified = await act(sandbox, { manifest: ONE })
  expect(onlyError(identified)).toContain('no profile id (`profile_id`)')
  expectHarmless(identified)
})

/** Starts a server until the test ends, and returns its address. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  onTestFinished(() => void server.close().closeAllConnections())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a redirect takes the key nowhere', async () => {
  const sandbox = await account()
  const seen: unknown[] = []
  const elsewhere = await serve((request, response) => {
    seen.push([request.method, request.url, request.headers])
    response.end('{}')
  })
  for (const on of [{ operation: 'list' }, { operation: 'create' }] as const) {
    sandbox.faults.clear()
    const headers = { location: `${elsewhere}/v1/x` }
    sandbox.faults.add({ on, when: 'before', what: { kind: 'status', status: 307, headers } })
    const result = await act(sandbox, { manifest: ONE })
    expect(onlyError(result)).toContain('redirects are refused')
  }
  expect(seen).toEqual([])
  expect(sandbox.store.size).toBe(0)
})

describe('an answer that is to exhaust the runner is given up, in little time and memory', () => {
  const deep = (open: string, close: string): string =>
    `{"data":${open.repeat(100_000)}1${close.repeat(100_000)}}`
  const always =
    (text: string | Buffer, headers = {}): RequestListener =>
    (_, response) =>
      response.writeHead(200, headers).end(text)
  const forever =
    (chunk: string): RequestListener =>
    (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) {}
      }
      response.on('drain', more)
      more()
    }
  const drips: RequestListener = (_, response) => {
    const timer = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(timer))
  }
  const LONG = 'the answer is longer than 4 MiB'
  const DEEP = 'the answer is nested more than 200 levels deep'

  test.each<[string, RequestListener, message: string]>([
    ['5 MiB', always('x'.repeat(5 * 1024 * 1024)), LONG],
    ['one without an end', forever('x'.repeat(65_536)), LONG],
    [
      'one that unpacks to gigabytes',
      always(gzipSync(Buffer.alloc(200 * 1024 * 1024)), { 'content-encoding': 'gzip' }),
      LONG,
    ],
    ['one that drips a byte at a time', drips, 'no answer within 1 s'],
    ['nothing at all', () => {}, 'no answer within 1 s'],
    ['lists in lists', always(deep('[', ']')), DEEP],
    ['objects in objects', always(deep('{"a":', '}')), DEEP],
    [
      'deep JSON in a text',
      always(`{"data":[{"profile_id":"SG_1","title":"GH Ping","body":"${'['.repeat(100_000)}"}]}`),
      'read profile SG_1 failed',
    ],
  ])('%s', async (_, listener, message) => {
    const sandbox = await account()
    const inputs = { 'api-url': await serve(listener), timeout: '1', retries: '0' }
    const started = performance.now()
    const result = await act(sandbox, { inputs, env: PEAK_MEMORY, manifest: MANIFEST })
    expect(onlyError(result)).toContain(message)
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(Number(result.left['workspace/peak'])).toBeLessThan(200)
  })
})
