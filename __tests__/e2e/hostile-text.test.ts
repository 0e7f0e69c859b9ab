import { expect, test } from 'vitest'
import type { ActionResult } from '../../sandbox/runner.ts'
import { account, act, annotations, commands } from './scenario.ts'

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

function expectHarmless({ log, summary }: ActionResult): void {
  const found = commands(log).map(({ name }) => name)
  expect(found.filter((name) => !OWN_COMMANDS.includes(name))).toEqual([])
  expect(log).not.toContain('##[')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would obey
  expect(log).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u202a-\u202e\u2028\u2029]/)
  const foreign = summary.replace(OWN_LINK, '')
  expect(foreign).not.toMatch(/<(img|script|a|h1)|\]\(|\*\*(bold|pwned)|`code`|@octocat|@example|www\.evil/)
  expect(summary.match(/^#/gm)).toHaveLength(1)
  expect(summary.match(/<pre>/g)?.length).toBe(summary.match(/<\/pre>/g)?.length)
  expect(summary.match(/<code>/g)?.length).toBe(summary.match(/<\/code>/g)?.length)
}

test('titles and values of the account do no harm in log and summary', async () => {
  const sandbox = await account()
  const id = sandbox.store.seed({
    title: `GH ${HOSTILE}`,
    http_method: 'GET',
    url: `https://hooks.example.com/${HOSTILE}`,
    response_message: HOSTILE,
    body: { [HOSTILE]: HOSTILE },
  })
  const manifest = `profiles:
  pinned:
    id: ${id}
    http_method: GET
    url: https://hooks.example.com/pinned
    response_message: null
    body: null
`
  const result = await act(sandbox, { inputs: { mode: 'plan' }, manifest })
  expect(result.exitCode).toBe(0)
  expect(annotations(result, 'warning')).toEqual([])
  expectHarmless(result)
  expect(result.log).toContain('pwned')
  expect(JSON.parse(result.outputs.profiles ?? '')).toMatchObject([{ title: `GH ${HOSTILE}` }])
  expect(result.outputs['profile-id']).toBe(id)
})

test('what the API says of a failure does no harm in log and summary', async () => {
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
