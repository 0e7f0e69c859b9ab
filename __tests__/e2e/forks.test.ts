import { describe, expect, test } from 'vitest'
import { actOn, BASE_SHA, github, pullRequest } from './pull-requests.ts'
import { account, annotations, expectInvisible, MANIFEST, MANIFEST_PATH, onlyError } from './scenario.ts'

const NO_SECRETS = { 'api-key': '', sid: '' }
const NO_ENV = { HOOK_TOKEN: '', CB_KEY: '', CB_IV: '' }
const FORK = pullRequest('mallory/shop')

/** Runs the pull request of a fork whose manifest is `head`, on a base with these files. */
async function propose(head: string, base: Readonly<Record<string, string>> = {}, facts: object = {}) {
  const [server, sandbox] = [await github({ commits: { [BASE_SHA]: base } }), await account()]
  const run = { event: FORK, inputs: NO_SECRETS, env: NO_ENV, manifest: head, ...facts }
  const result = await actOn(server, sandbox, run)
  expect(sandbox.requests).toEqual([])
  return { ...result, server }
}

describe('a pull request without secrets', () => {
  test.each([
    ['of a fork', FORK, 'GitHub gives no secrets to a pull request from a fork'],
    [
      'of Dependabot',
      pullRequest('example/shop', 'dependabot[bot]'),
      "GitHub gives Dependabot's pull requests none of the secrets of Actions",
    ],
  ])('%s shows what the manifest declares otherwise than the base, and says why', async (_, event, why) => {
    const head = MANIFEST.replace('kaleyra/in', 'kaleyra/incoming').replace('whatsapp-status', 'whatsapp')
    const result = await propose(head, { [MANIFEST_PATH]: MANIFEST }, { event })
    expect(result.exitCode).toBe(0)
    expect(result.log).toContain(`${why}, so the account was not read`)
    expect(result.summary).toContain('so the account was not read')
    expect(result.log).toContain(
      'url: "https://hooks.example.com/kaleyra/in" → "https://hooks.example.com/kaleyra/incoming"',
    )
    expect(result.outputs).toMatchObject({
      'has-changes': 'true',
      changed: 'false',
      updated: '1',
      unchanged: '2',
      'profile-ids': '{}',
      'plan-digest': '',
      'plan-file': '',
    })
    expect(annotations(result, 'warning')).toEqual([])
  })

  test('shows expressions as they are written, and evaluates none', async () => {
    const base = MANIFEST.replace('kaleyra/in', '${{ env.STAGE }}/in')
    const head = base
      .replace('env.STAGE', 'env.OTHER')
      .replace('Bearer ${{ env.HOOK_TOKEN }}', '${{ env.TOKEN }}')
    const env = { ...NO_ENV, STAGE: 'stage-value', OTHER: 'other-value', TOKEN: 'token-value' }
    const result = await propose(head, { [MANIFEST_PATH]: base }, { env })
    expect(result.exitCode).toBe(0)
    expect(result.log).toContain('headers.authorization: (secret, changed)')
    expect(result.log).toContain(
      'url: https://hooks.example.com/${{ env.STAGE }}/in → https://hooks.example.com/${{ env.OTHER }}/in',
    )
    expectInvisible(result, ['stage-value', 'other-value', 'token-value'])
  })

  test('that adds the manifest declares all of it', async () => {
    const { outputs } = await propose(MANIFEST)
    expect(outputs).toMatchObject({ created: '3', 'has-changes': 'true' })
  })

  test('whose manifest is a glob is compared with all files that it means at the base', async () => {
    const one = (key: string) =>
      `profiles: { ${key}: { title: GH ${key}, http_method: GET, url: "https://hooks.example.com/${key}" } }\n`
    const unseen = { 'callbacks/node_modules/x/eee.yml': one('eee') }
    const base = {
      ...unseen,
      'callbacks/aaa.yml': one('aaa'),
      'callbacks/bbb.yml': one('bbb'),
      'other.yml': one('ccc'),
    }
    const inputs = { ...NO_SECRETS, manifest: 'callbacks/**/*.yml\ncallbacks/a*.yml' }
    const files = { 'callbacks/aaa.yml': one('aaa') }
    const { outputs, log, server } = await propose('', base, { inputs, files })
    expect(outputs).toMatchObject({ unchanged: '2', 'has-changes': 'false' })
    expect(log).toContain('no longer declared: it stays on the account as it is')
    expect(server.exchanges.map(({ operation }) => operation).sort()).toEqual(['content', 'content', 'tree'])
  })

  test('whose base GitHub does not show is only validated', async () => {
    const [server, sandbox] = [await github(), await account()]
    const run = { event: FORK, inputs: NO_SECRETS, env: NO_ENV, manifest: MANIFEST }
    const result = await actOn(server, sandbox, run)
    expect(result.exitCode).toBe(0)
    expect(result.log).toContain('it could not be compared with that of the base: HTTP 404')
  })

  test('that is wrong fails with its place, like any other', async () => {
    const result = await propose(MANIFEST.replace('http_method: GET', 'http_method: GTE'))
    expect(onlyError(result)).toMatch(/^\.github\/callback-profiles\.yml:\d+:\d+ .*did you mean `GET`/)
    expect(result.server.exchanges).toEqual([])
  })

  test.each([
    ['cannot be read', {}, { inputs: { ...NO_SECRETS, 'github-token': 'wrong' } }, 'HTTP 401'],
    ['cannot be asked for', {}, { inputs: { ...NO_SECRETS, 'github-token': '' } }, '`github-token` is empty'],
    ['is wrong', { [MANIFEST_PATH]: 'profiles: 3' }, {}, 'callback-profiles.yml:1:'],
  ])('whose base %s is only validated', async (_, base, facts, why) => {
    const result = await propose(MANIFEST, base, facts)
    expect(result.exitCode).toBe(0)
    expect(result.log).toContain('The manifest is valid; it could not be compared')
    expect(result.log).toContain(why)
    expect(result.outputs['has-changes']).toBe('false')
    expect(JSON.parse(result.outputs.profiles ?? '')).toHaveLength(3)
  })

  test('whose profile is declared by inputs is only validated', async () => {
    const inputs = { ...NO_SECRETS, title: 'GH Ping', 'http-method': 'GET', url: 'https://hooks.example.com' }
    const { exitCode, log } = await propose('', {}, { inputs, files: {} })
    expect(exitCode).toBe(0)
    expect(log).toContain('profiles that inputs declare have none')
  })

  test('shows no secret that stands in either manifest', async () => {
    const withKey = (key: string): string => MANIFEST.replace('${{ env.CB_KEY }}', key)
    const [old, now] = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210']
    const result = await propose(withKey(now), { [MANIFEST_PATH]: withKey(old) })
    expect(result.exitCode).toBe(0)
    expect(result.log).toContain('enc.key: (secret, changed)')
    expectInvisible(result, [old, now])
  })

  test('says what an apply would refuse, and does not fail for it', async () => {
    const gone = MANIFEST.replace('title: GH Incoming', 'title: GH Incoming\n    state: absent')
    const inputs = { ...NO_SECRETS, 'max-deletes': '0' }
    const result = await propose(gone, { [MANIFEST_PATH]: MANIFEST }, { inputs })
    expect(result.exitCode).toBe(0)
    expect(annotations(result, 'warning')).toEqual([
      expect.stringContaining('incoming: is to be deleted, which is blocked'),
      expect.stringContaining('`max-deletes` permits 0'),
    ])
  })

  test('that declares nothing otherwise does not call the account as declared', async () => {
    const inputs = { ...NO_SECRETS, comment: 'always' }
    const { server } = await propose(MANIFEST, { [MANIFEST_PATH]: MANIFEST }, { inputs })
    expect(server.bodies()[0]).toContain('so the account was not read')
    expect(server.bodies()[0]).not.toContain('nothing to do')
  })

  test('has one comment, whether its runs have secrets or not', async () => {
    const [server, sandbox] = [await github({ commits: { [BASE_SHA]: {} } }), await account()]
    const event = pullRequest('example/shop', 'dependabot[bot]')
    const run = (inputs: Record<string, string>) =>
      actOn(server, sandbox, { event, inputs: { comment: 'always', ...inputs }, manifest: MANIFEST })
    for (const inputs of [NO_SECRETS, {}, NO_SECRETS, {}]) await run(inputs)
    expect(server.bodies()).toHaveLength(1)
    expect(server.bodies()[0]).toContain('Plan digest')
  })

  test('may be commented on where its token can', async () => {
    const inputs = { ...NO_SECRETS, comment: 'changes' }
    const { server } = await propose(MANIFEST, {}, { inputs })
    expect(server.bodies()).toHaveLength(1)
    expect(server.bodies()[0]).toContain('so the account was not read')
    expect(server.bodies()[0]).not.toContain('Plan digest')
  })
})

test('a pull request of a branch without secrets is told which input is empty', async () => {
  const [server, sandbox] = [await github(), await account()]
  const result = await actOn(server, sandbox, { inputs: NO_SECRETS, manifest: MANIFEST })
  expect(annotations(result, 'error')).toHaveLength(2)
  expect(annotations(result, 'error')[0]).toContain('${{ secrets.KALEYRA_API_KEY }}')
})

test('an apply of a fork without secrets fails, and says what it may do', async () => {
  const [server, sandbox] = [await github(), await account()]
  const inputs = { ...NO_SECRETS, mode: 'apply' }
  const result = await actOn(server, sandbox, { event: FORK, inputs, manifest: MANIFEST })
  expect(annotations(result, 'error')[0]).toContain('use `mode: plan`')
  expect(sandbox.requests).toEqual([])
})
