import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  account,
  act,
  annotations,
  commands,
  expectHidden,
  MANIFEST_PATH,
  ONE,
  onlyError,
} from './scenario.ts'

const SIX_MISTAKES = `version: 1
profiles:
  orders-sms:
    title: GH
    http_method: POST
    url: ftp://hooks.example.com/sms
    channel: sms
    events: [SMS-sant]
    body: { id: "<id>" }
    retries: 3
  pay:
    title: GH Pay
    http_method: FETCH
    url: https://hooks.example.com/pay
    body: {}
    enc: { algo: AES-256-GCM, key: too-short-a-key, IV: "fedcba9876543210" }
`
const PLACES = ['4:12', '6:10', '8:13', '10:5', '13:18', '16:36'].map((place) => `${MANIFEST_PATH}:${place}`)

test('six mistakes in one manifest are six located messages, and nothing is sent', async () => {
  const sandbox = await account()
  const result = await act(sandbox, { manifest: SIX_MISTAKES })
  expect(result.exitCode).toBe(1)
  expect(sandbox.requests).toEqual([])
  const errors = annotations(result, 'error')
  expect(errors).toEqual([
    expect.stringContaining('profiles.orders-sms.title: expected 3 or more characters'),
    expect.stringContaining('profiles.orders-sms.url: expected a URL that starts with https://'),
    expect.stringContaining('profiles.orders-sms.events: expected SMS-sent'),
    expect.stringContaining('profiles.orders-sms.retries: unknown field'),
    expect.stringContaining('profiles.pay.http_method: expected one of GET, POST, PUT, DELETE'),
    expect.stringContaining('profiles.pay.enc.key: expected 32 characters for AES-256-GCM'),
  ])
  expect(errors.map((error) => error.split(' ')[0])).toEqual(PLACES)
  for (const place of PLACES) expect(result.log).toMatch(new RegExp(`^error: ${place}  profiles\\.`, 'm'))
  expectHidden(result, ['too-short-a-key'])
  expect(result.summary).toContain('6 problems found, nothing was sent')
  expect(result.outputs).toMatchObject({ 'profile-ids': '{}', profiles: '[]', changed: 'false', failed: '0' })
})

test('more than ten mistakes are ten annotations, and all of them are in the log', async () => {
  const wrong = Array.from(
    { length: 14 },
    (_, index) => `  p${index}: { title: GH P${index}, http_method: GET, url: nowhere }`,
  )
  const result = await act(await account(), { manifest: `profiles:\n${wrong.join('\n')}\n` })
  expect(annotations(result, 'error')).toHaveLength(10)
  expect(result.log.match(/^error: .*profiles\.p\d+\.url: /gm)).toHaveLength(14)
  expect(result.summary).toContain('profiles.p13.url')
})

test('YAML that cannot be read is a located message', async () => {
  const result = await act(await account(), { manifest: 'profiles:\n  a: { title: "GH A\n' })
  expect(annotations(result, 'error')[0]).toMatch(/^\.github\/callback-profiles\.yml:\d+:\d+ /)
})

test('a mistake in a single-profile input names the input', async () => {
  const inputs = { title: 'GH A', 'http-method': 'POST', url: 'hooks.example.com', body: '{ "id": ' }
  const result = await act(await account(), { inputs })
  expect(annotations(result, 'error').join('\n')).toMatch(/input body:1:\d+/)
  const other = await act(await account(), { inputs: { ...inputs, body: '{}' } })
  expect(onlyError(other)).toMatch(/input url:1:1 .*expected a URL that starts with https:/)
})

describe('inputs that cannot be used', () => {
  const RIGHT = { profiles: ONE }
  test.each([
    [
      'words out of the list',
      { mode: 'deploy', region: 'us', 'on-existing': 'replace', 'fail-on-changes': 'yes', summary: 'no' },
      {
        mode: 'expected one of auto, validate, plan, apply',
        region: 'expected one of sg, in, eu, na, found "us"',
        'on-existing': 'expected one of update, keep, fail, found "replace"',
        'fail-on-changes': 'expected true or false, found "yes"',
        summary: 'expected true or false, found "no"',
      },
    ],
    [
      'numbers out of range',
      { concurrency: '0', timeout: '601', retries: '21' },
      {
        concurrency: 'expected a whole number from 1 to 32, found "0"',
        timeout: 'expected a whole number from 1 to 600, found "601"',
        retries: 'expected a whole number from 0 to 20, found "21"',
      },
    ],
    [
      'what is no number or address',
      { concurrency: '4.5', timeout: '1e2', retries: '-1', 'api-url': 'http://api.kaleyra.io', sid: 'HX/1' },
      {
        concurrency: 'expected a whole number from 1 to 32, found "4.5"',
        timeout: 'expected a whole number from 1 to 600, found "1e2"',
        retries: 'expected a whole number from 0 to 20, found "-1"',
        'api-url': 'only https (http only for a loopback address)',
        sid: 'expected the account SID alone',
      },
    ],
    [
      'what was copied with something around it',
      { 'api-key': 'key with spaces', 'api-url': 'https://api.kaleyra.io/v1/HX1', sid: 'HX 1' },
      { 'api-key': 'copy it again', 'api-url': 'without a path', sid: 'copy it again' },
    ],
    [
      'two sources at once',
      { manifest: 'a.yml', title: 'GH A', url: 'https://hooks.example.com' },
      { manifest: 'expected one source of profiles, found 3: `manifest` and `profiles` and `title`, `url`' },
    ],
  ])('%s give one message each', async (_, inputs, messages) => {
    const sandbox = await account()
    const result = await act(sandbox, { inputs: { ...RIGHT, ...inputs } })
    expect(sandbox.requests).toEqual([])
    const errors = annotations(result, 'error')
    expect(errors).toHaveLength(Object.keys(messages).length)
    for (const [input, message] of Object.entries(messages)) {
      const found = errors.filter((error) => error.startsWith(`Input \`${input}\``))
      expect(found).toEqual([expect.stringContaining(message)])
    }
  })
})

describe('a manifest path', () => {
  test.each([
    ['does not exist', 'nowhere.yml', 'there is no such file in the workspace'],
    ['is a directory', '.github', 'expected a file, found a directory: did you mean `.github/*.yml`?'],
    ['matches nothing', '.github/*.json', 'no file of the workspace matches this pattern'],
    ['is absolute', '/etc/hostname', 'expected a path relative to the workspace'],
  ])('that %s is one message that names it', async (_, manifest, message) => {
    const sandbox = await account()
    const result = await act(sandbox, { inputs: { manifest }, files: { [MANIFEST_PATH]: ONE } })
    const error = onlyError(result)
    expect(error).toContain(manifest)
    expect(error).toContain(message)
    expect(sandbox.requests).toEqual([])
  })

  test('that leaves the workspace is refused, also through a symbolic link', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'))
    onTestFinished(() => rm(outside, { recursive: true }))
    await writeFile(join(outside, 'secret.yml'), ONE)
    const workspace = join(outside, 'workspace')
    const sandbox = await account()
    const direct = await act(sandbox, { workspace, inputs: { manifest: '../secret.yml' } })
    expect(onlyError(direct)).toContain('../secret.yml:1:1  this file is outside the workspace')
    await symlink(join(outside, 'secret.yml'), join(workspace, 'linked.yml'))
    const linked = await act(sandbox, { workspace, inputs: { manifest: '*.yml' } })
    expect(onlyError(linked)).toContain('linked.yml:1:1  this file is outside the workspace')
    expect(sandbox.requests).toEqual([])
  })

  test('that nobody set says what to do', async () => {
    const error = onlyError(await act(await account()))
    expect(error).toContain(MANIFEST_PATH)
    expect(error).toContain('actions/checkout')
  })
})

test('a doubtful value is a warning on its line, and the step goes on', async () => {
  const manifest = `profiles:
  call:
    title: GH Call
    http_method: GET
    url: https://hooks.example.com/call
    channel: voise
`
  const result = await act(await account(), { inputs: { mode: 'validate' }, manifest })
  expect(result.exitCode).toBe(0)
  expect(annotations(result, 'warning')).toEqual([
    expect.stringMatching(
      /^\.github\/callback-profiles\.yml:6:14 profiles\.call\.channel: .*did you mean `voice`\?/,
    ),
  ])
  expect(commands(result.log).filter(({ name }) => name === 'error')).toEqual([])
})
