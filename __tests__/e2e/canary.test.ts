import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { OperationName } from '../../sandbox/operations.ts'
import type { ActionResult } from '../../sandbox/runner.ts'
import { type Malfunction, type Sandbox, startSandbox } from '../../sandbox/server.ts'
import { type Acted, type ActOptions, act } from '../action.ts'
import { REPOSITORY, startGitHub } from '../github/loopback.ts'
import { type Canaries, canariesOf, envOf, heldBy, leaks, manifestOf, type Stream } from './canaries.ts'
import { act as actOnDist } from './scenario.ts'

const OPERATIONS: readonly OperationName[] = ['list', 'get', 'create', 'update', 'delete']
const NAMES = Object.keys(canariesOf(0)) as (keyof Canaries)[]
const DEBUG = { RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true', ACTIONS_RUNNER_DEBUG: 'true' }
/** The file of the event of a pull request from that repository. */
function eventFile(head: string): string {
  const side = (name: string): object => ({ repo: { full_name: name }, sha: 'abc' })
  const pull_request = { number: 7, head: side(head), base: side('example/shop') }
  const path = join(mkdtempSync(join(tmpdir(), 'event-')), 'event.json')
  writeFileSync(path, JSON.stringify({ pull_request }))
  return path
}
const forkFile = eventFile('else/shop')

let seed = 0
let canaries: Canaries
let sandbox: Sandbox
const sandboxes: Sandbox[] = []
afterAll(() => Promise.all(sandboxes.map((each) => each.close())))

/** Starts with other secrets, on an account that holds some. */
async function start(overrides: Parameters<typeof startSandbox>[0] = {}): Promise<void> {
  seed += 1
  canaries = canariesOf(seed)
  sandbox = await startSandbox({ apiKey: canaries.apiKey, ...overrides })
  sandboxes.push(sandbox)
  for (const profile of heldBy(canaries)) sandbox.store.seed(profile)
}
beforeEach(() => start())

function empty(): void {
  for (const { profile_id } of sandbox.store.all()) sandbox.store.remove(profile_id)
}

type Run = Omit<Partial<ActOptions>, 'sandbox'>

/** Runs the action in this process, and proves that nothing of it holds a secret. */
async function run({ inputs = {}, env = {}, ...rest }: Run = {}): Promise<Acted> {
  const workspace = mkdtempSync(join(tmpdir(), 'canary-'))
  const acted = await act({
    sandbox,
    inputs: { 'github-token': canaries.githubToken, 'allow-delete': 'true', retries: '1', ...inputs },
    env: { ...DEBUG, ...envOf(canaries), ...env },
    workspace,
    ...(inputs.mode === 'export' ? {} : { profiles: manifestOf(canaries) }),
    ...rest,
  })
  expect(leaks(streamsOf(acted, workspace), knownIn(inputs.mode))).toEqual([])
  return acted
}

/** The secrets that a run can know of: an export has no manifest, and takes other texts of the account for what they are. */
function knownIn(mode: string | undefined): Readonly<Record<string, string>> {
  if (mode !== 'export') return canaries
  const { apiKey, githubToken, heldCookie, heldKey, heldIv, heldPassword } = canaries
  return { apiKey, githubToken, heldCookie, heldKey, heldIv, heldPassword }
}

/** Everything that a run in this process leaves. */
function streamsOf({ log, annotations, outputs, summary }: Acted, workspace: string): Stream[] {
  const planFile = outputs['plan-file'] ?? ''
  return [
    ...log.split('\n').map((text) => ({ name: 'the log', text })),
    ...annotations.map(({ message, place }) => ({
      name: 'an annotation',
      text: message + JSON.stringify(place),
    })),
    ...Object.entries(outputs).map(([name, text]) => ({ name: `the output ${name}`, text })),
    ...summary.split('\n').map((text) => ({ name: 'the summary', text })),
    ...(planFile === '' ? [] : [{ name: 'the plan file', text: readFileSync(planFile, 'utf8') }]),
    ...readdirSync(workspace).map((name) => ({ name, text: readFileSync(join(workspace, name), 'utf8') })),
  ]
}

/** All errors of a run. */
const messages = ({ annotations }: Acted): string =>
  annotations.flatMap(({ level, message }) => (level === 'error' ? [message] : [])).join('\n')
const fail = (operation: OperationName, what: Malfunction): void =>
  sandbox.faults.add({ on: { operation }, when: 'before', what })

test('the search finds a secret however it is spelt, and nothing where there is none', () => {
  const { MESSAGE: secret } = canaries
  const spelt = [
    secret,
    JSON.stringify({ a: [secret] }),
    encodeURIComponent(`?${secret}`),
    btoa(secret),
    `# ${secret.replace(/[&<"]/g, (character) => `&#${character.charCodeAt(0)};`)}`,
    JSON.stringify({ a: secret.split('\n')[1] }),
    JSON.stringify({ a: secret }).replaceAll('<', '\\u003c'),
  ]
  for (const text of spelt) expect(leaks([{ name: 'x', text }], { secret }), text).toEqual(['secret in x'])
  expect(leaks([{ name: 'x', text: canariesOf(0).MESSAGE }], { secret })).toEqual([])
})

describe('no secret is left behind', () => {
  test('by an apply that creates, updates, renames, deletes and prunes', async () => {
    const first = await run()
    expect(messages(first)).toBe('')
    expect(first.outputs).toMatchObject({ updated: '2', deleted: '2' })
    const [full] = sandbox.store.all().filter(({ title }) => title === `GH ${canaries.TITLE}`)
    expect(full).toMatchObject({
      headers: { authorization: `Bearer ${canaries.HOOK_TOKEN}`, 'x-literal': canaries.header },
      enc: { key: canaries.ENC_KEY, IV: canaries.iv, params: { salt: canaries.SALT } },
      body: { json: { pin: Number(canaries.BODY_PIN) }, text: 'shown-text' },
      response_message: canaries.MESSAGE,
    })
    expect(first.log).toContain('headers.authorization: (empty) → (secret)')
    const again = await run({ inputs: { mode: 'plan' } })
    expect(again.outputs['has-changes']).toBe('false')
    empty()
    const created = await run()
    expect(created.outputs.created).toBe('2')
    expect(created.log).toContain('headers.authorization: (secret)')
    expect(created.log).toContain('body.text: "shown-text"')
  })

  test('by the comment on a pull request, whether it holds a plan or what is wrong', async () => {
    const github = await startGitHub({ token: canaries.githubToken })
    const env = {
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: eventFile('example/shop'),
      GITHUB_API_URL: github.url,
      GITHUB_REPOSITORY: REPOSITORY,
    }
    const inputs = { comment: 'always' }
    await run({ inputs, env })
    await run({ inputs, env: { ...env, MESSAGE: '' } })
    // The account cannot be read, so its own secrets are not known.
    const declared = Object.entries(canaries).filter(([name]) => !name.startsWith('held'))
    fail('list', { kind: 'status', status: 400, body: { message: JSON.stringify(declared) } })
    await run({ inputs, env })
    const sent = github.exchanges.filter(({ operation }) => /create|update/.test(operation))
    expect(sent.map(({ operation }) => operation)).toEqual([
      'create comment',
      'update comment',
      'update comment',
    ])
    const streams = sent.map(({ answer }) => ({
      name: 'the comment',
      text: (answer as { body: string }).body,
    }))
    expect(leaks(streams, canaries)).toEqual([])
    expect(streams[0]?.text).toContain('&#40;secret&#41;')
    await github.close()
  })

  test.each<[string, Run, exitCode: number]>([
    ['a plan', { inputs: { mode: 'plan' } }, 0],
    ['a plan of which deletions are blocked', { inputs: { mode: 'plan', 'allow-delete': 'false' } }, 0],
    ['a plan that is to be empty', { inputs: { mode: 'plan', 'fail-on-changes': 'true' } }, 1],
    ['an apply of which deletions are blocked', { inputs: { 'allow-delete': 'false' } }, 1],
    ['an apply of too many deletions', { inputs: { 'max-deletes': '0' } }, 1],
    ['an apply that is to change nothing', { inputs: { 'on-existing': 'fail' } }, 1],
    ['an apply that keeps what is there', { inputs: { 'on-existing': 'keep' } }, 0],
    ['an apply of another plan than the reviewed one', { inputs: { 'expected-plan': 'a'.repeat(64) } }, 1],
    ['an apply with wrong credentials', { inputs: { sid: 'HXOTHER' } }, 1],
    ['an apply that reaches nothing', { inputs: { 'api-url': 'http://127.0.0.1:9' } }, 1],
    ['an apply that is cancelled', { cancelAt: 3 }, 1],
    ['an export', { inputs: { mode: 'export' } }, 0],
    [
      'a pull request from a fork that has secrets',
      { env: { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: forkFile } },
      0,
    ],
  ])('by %s', async (_, options, exitCode) => {
    expect((await run(options)).exitCode).toBe(exitCode)
  })

  test('by a validation, which shows no literal either', async () => {
    expect((await run({ inputs: { mode: 'validate' } })).exitCode).toBe(0)
    const literal = manifestOf(canaries).replace(/\$\{\{ env\.(\w+) \}\}/g, (_, name: keyof Canaries) =>
      JSON.stringify(canaries[name]).slice(1, -1),
    )
    const wrong = literal.replaceAll('AES-256-GCM', 'AES-255-GCM').replaceAll('https://', 'ftp://')
    expect((await run({ inputs: { mode: 'validate' }, profiles: wrong })).exitCode).toBe(1)
  })

  test('by a pull request from a fork, which has none but the token', async () => {
    const empty = Object.fromEntries(Object.keys(envOf(canaries)).map((name) => [name, '']))
    const env = { ...empty, GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: forkFile }
    await run({ inputs: { 'api-key': '', sid: '' }, env })
  })

  test('by a run whose plan is compared with another', async () => {
    const { outputs } = await run({ inputs: { mode: 'plan' } })
    sandbox.store.seed({ title: 'GH Gone', http_method: 'GET' })
    const [held] = sandbox.store.all()
    sandbox.store.change(held?.profile_id ?? '', { body: { leaked: canaries.cookie } })
    const expected = { 'expected-plan': outputs['plan-digest'] ?? '' }
    expect(messages(await run({ inputs: expected }))).toContain('the plan is not the reviewed one')
  })

  test('by two profiles of one title, and one whose title differs in case', async () => {
    sandbox.store.seed({ title: `GH ${canaries.OLD_TITLE}`, http_method: 'GET' })
    sandbox.store.seed({ title: `gh ${canaries.TITLE}`, http_method: 'GET' })
    expect(messages(await run())).toContain('the account has 2 such profiles')
  })

  test('by single-profile inputs', async () => {
    const profile = JSON.parse(manifestOf(canaries)).profiles.full
    const inputs = {
      title: 'GH Inputs',
      'http-method': 'GET',
      url: `https://us:${encodeURIComponent(canaries.password)}@h.example.com/?token=${encodeURIComponent(canaries.token)}`,
      headers: JSON.stringify({ 'x-literal': canaries.header, cookie: canaries.cookie }),
      enc: JSON.stringify({ ...profile.enc, key: canaries.ENC_KEY, params: { salt: canaries.SALT } }),
    }
    const acted = await act({
      sandbox,
      inputs: { 'github-token': canaries.githubToken, ...inputs },
      env: DEBUG,
    })
    expect(acted.outputs.created).toBe('1')
    expect(leaks(streamsOf(acted, mkdtempSync(join(tmpdir(), 'canary-'))), canaries)).toEqual([])
  })
})

describe('where the API repeats what it was sent, no secret is left behind', () => {
  const spelt = (text: string): string =>
    [
      text,
      JSON.stringify(text),
      encodeURIComponent(text),
      encodeURIComponent(text).toLowerCase(),
      btoa(unescape(encodeURIComponent(text))),
    ].join(' ')

  test.each(NAMES)('of %s, in a refusal', async (name) => {
    // What nothing holds any more is no secret.
    for (const operation of name.startsWith('held')
      ? (['update'] as const)
      : (['create', 'update'] as const)) {
      await start()
      if (operation === 'create') empty()
      fail(operation, { kind: 'echo', status: 400, text: spelt(canaries[name]) })
      expect(messages(await run())).toContain('HTTP 400 — RBC302 ')
    }
  })

  test.each(OPERATIONS)('when %s fails, whatever the status', async (operation) => {
    for (const [index, status] of [200, 301, 401, 403, 404, 409, 422, 429, 500, 503].entries()) {
      await start()
      if (operation === 'create') sandbox.store.remove(sandbox.store.all()[1]?.profile_id ?? '')
      const secret = spelt(canaries[NAMES[index % NAMES.length] as keyof Canaries])
      const mode = operation === 'list' || operation === 'get' ? 'plan' : 'apply'
      fail(operation, { kind: 'echo', status, text: secret })
      await run({ inputs: { mode } })
      await run({ inputs: { mode: 'export' } })
    }
  })

  test('in the address of a redirect, a header, an id or a code', async () => {
    const location = `https://evil.example.com/?key=${encodeURIComponent(canaries.apiKey)}&x=${canaries.URL_KEY}`
    fail('list', { kind: 'status', status: 307, headers: { location } })
    expect(messages(await run())).toContain('redirected to https://evil.example.com/?key=***')
    for (const at of [
      ['code'],
      ['message'],
      ['data', 0, 'http_method'],
      ['data', 0, 'channel'],
      ['data', 0, 'title'],
    ]) {
      sandbox.faults.clear()
      fail('list', { kind: 'put', at, json: JSON.stringify(`x ${canaries.HOOK_TOKEN} ${canaries.MESSAGE}`) })
      await run({ inputs: { mode: 'plan' } })
    }
  })

  test('in what it stores, when the account is read again', async () => {
    await start({
      normalise: (profile) => ({
        ...profile,
        url: 'https://h.example.com/changed',
        body: { ...profile.body, text: JSON.stringify(profile.headers), whole: profile.enc?.key },
        response_message: `${profile.response_message} ${profile.headers?.authorization}`,
      }),
    })
    expect(messages(await run())).toContain('other values')
    await start({ patch: { undocumented: 'ignore' } })
    expect(messages(await run({ inputs: { 'allow-delete': 'false' } }))).not.toBe('')
    await start({ mask: true })
    empty()
    await run()
    expect((await run({ inputs: { 'rewrite-secrets': 'true' } })).outputs.updated).toBe('1')
  })
})

describe('the committed action leaves no secret behind', () => {
  const proxy = { HTTPS_PROXY: 'http://proxy-user:proxy%2Fpass%40word@127.0.0.1:9', NO_PROXY: 'x' }
  const PROXY_SECRETS = {
    proxyPassword: 'proxy/pass@word',
    proxyCredentials: 'proxy-user:proxy%2Fpass%40word',
  }

  /** Everything that a child process leaves, but for what tells the runner to mask. */
  const streamsOfChild = ({ log, left }: ActionResult): Stream[] => [
    ...log
      .split('\n')
      .filter((line) => !line.startsWith('::add-mask::'))
      .map((text) => ({ name: 'the log', text })),
    ...Object.entries(left).map(([name, text]) => ({ name, text })),
  ]

  test.each<[string, Record<string, string>, fault: Malfunction | null, exitCode: number]>([
    ['an apply', {}, null, 0],
    ['a plan', { mode: 'plan' }, null, 0],
    ['a validation', { mode: 'validate' }, null, 0],
    ['an export', { mode: 'export' }, null, 0],
    ['an apply that is refused', {}, { kind: 'echo', status: 400, text: '' }, 1],
    ['an apply whose answers are lost', { retries: '0' }, { kind: 'reset' }, 1],
    ['a pull request from a fork', { fork: 'true' }, null, -1],
  ])('by %s', async (_, { fork, ...inputs }, fault, exitCode) => {
    if (fault !== null) {
      const text = `${canaries.HOOK_TOKEN} ${encodeURIComponent(canaries.ENC_KEY)} ${canaries.apiKey}`
      fail('update', fault.kind === 'echo' ? { ...fault, text } : fault)
    }
    const result = await actOnDist(sandbox, {
      inputs: { 'github-token': canaries.githubToken, 'allow-delete': 'true', ...inputs },
      env: { ...envOf(canaries), ...DEBUG, ...proxy },
      ...(inputs.mode === 'export' ? {} : { manifest: manifestOf(canaries) }),
      ...(fork === undefined
        ? {}
        : { event: { name: 'pull_request', payload: JSON.parse(readFileSync(forkFile, 'utf8')) } }),
    })
    if (exitCode >= 0) expect(result.exitCode).toBe(exitCode)
    expect(leaks(streamsOfChild(result), { ...knownIn(inputs.mode), ...PROXY_SECRETS })).toEqual([])
    expect(Object.keys(result.left)).toEqual(expect.arrayContaining(['output', 'summary.md']))
    if (inputs.mode === 'export')
      expect(Object.keys(result.left)).toContain('workspace/callback-profiles.yml')
    for (const secret of [canaries.apiKey, canaries.githubToken, 'proxy/pass@word'])
      expect(result.masks).toContain(secret)
  })
})
