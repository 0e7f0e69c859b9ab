import { describe, expect, test } from 'vitest'
import type { Fault, Profile, ProfileInput, Sandbox, SandboxOverrides } from '../../sandbox/server.ts'
import { type Acted, act } from '../action.ts'
import { errorsOf, openSandbox, told } from './accounts.ts'

const ENC = { algo: 'AES-128-CFB', key: '0123456789abcdef', IV: 'fedcba9876543210' }
const OLD: ProfileInput = {
  profile_id: 'SG_old',
  title: 'GH A',
  url: 'https://hooks.example.com/a',
  body: { id: '<id>' },
  headers: { 'x-team': 'orders', authorization: 'Bearer abc' },
  enc: ENC,
  response_message: 'thanks',
}
const WANTED = {
  title: 'GH A',
  http_method: 'POST',
  url: 'https://hooks.example.com/a',
  body: { id: '<id>' },
  channel: 'sms',
  events: ['SMS-sent'],
}

/** A sandbox with the old profile, and how many profiles it held at each request. */
async function account(
  overrides: SandboxOverrides = {},
  before: (sandbox: Sandbox) => void = () => {},
): Promise<{ sandbox: Sandbox; sizes: number[] }> {
  const sizes: number[] = []
  const sandbox = await openSandbox(overrides, (opened) => {
    before(opened)
    sizes.push(opened.store.size)
  })
  sandbox.store.seed(OLD)
  sizes.length = 0
  return { sandbox, sizes }
}

const run = (sandbox: Sandbox, profile: object = WANTED, inputs: object = {}): Promise<Acted> =>
  act({
    sandbox,
    profiles: { profiles: { a: profile } },
    inputs: { 'allow-delete': 'true', retries: '1', ...inputs },
  })

/** What was done to which profile: what is not the old one is the new one, and all pages of the list are one read. */
const steps = ({ requests }: Sandbox): string[] =>
  requests
    .map(({ method, path }) => {
      const [, id] = path.split('/profiles')
      return `${method} ${id === '' ? 'all' : id === '/SG_old' ? 'old' : 'new'}`
    })
    .filter((step, index, all) => step !== 'GET all' || all[index - 1] !== step)

const PLAN = ['GET all', 'GET old']
const ASIDE = ['GET old', 'PATCH old', 'GET old']
const BACK = ['PATCH old', 'GET old']

async function expectOldBack(sandbox: Sandbox, acted: Acted): Promise<void> {
  expect(sandbox.store.all()).toMatchObject([OLD])
  expect(acted.exitCode).toBe(1)
  expect(acted.outputs).toMatchObject({ 'profile-id-a': 'SG_old', failed: '1', replaced: '0' })
}

async function expectCompleted(sandbox: Sandbox): Promise<void> {
  const acted = await run(sandbox)
  expect(acted.exitCode, told(acted)).toBe(0)
  const all = sandbox.store.all()
  expect(all).toMatchObject([{ title: 'GH A', channel: 'sms', enc: ENC, response_message: 'thanks' }])
  expect(acted.outputs['profile-id-a']).toBe(all[0]?.profile_id)
  sandbox.requests.length = 0
  await run(sandbox)
  expect(sandbox.writes()).toEqual([])
}

describe('a replacement', () => {
  test('moves the old profile aside, creates the new one, reads it, and deletes the old one', async () => {
    const { sandbox, sizes } = await account()
    const acted = await run(sandbox)
    expect(acted.exitCode).toBe(0)
    expect(steps(sandbox)).toEqual([...PLAN, ...ASIDE, 'POST all', 'GET new', 'DELETE old', 'GET all'])
    const [patch, post] = sandbox.writes()
    expect(patch?.body).toEqual({ title: 'GH A__replaced' })
    expect(post?.body).toMatchObject(WANTED)
    expect(Math.min(...sizes)).toBe(1)
    expect(Math.max(...sizes)).toBe(2)
    expect(acted.outputs).toMatchObject({ replaced: '1', changed: 'true' })
  })

  test('carries over what the manifest does not manage, and only that', async () => {
    const { sandbox } = await account()
    await run(sandbox, { ...WANTED, response_message: null })
    const { response_message: _, ...kept } = OLD
    const [profile] = sandbox.store.all() as [Profile]
    expect(profile.profile_id).not.toBe('SG_old')
    expect(profile).toMatchObject({
      ...kept,
      ...WANTED,
      profile_id: profile.profile_id,
      response_message: null,
    })
  })

  test('goes on from what an interrupted one has left', async () => {
    const { sandbox } = await account()
    sandbox.store.change('SG_old', { title: 'GH A__replaced' })
    const acted = await run(sandbox)
    expect(acted.exitCode).toBe(0)
    expect(steps(sandbox)).toEqual([...PLAN, 'GET old', 'POST all', 'GET new', 'DELETE old', 'GET all'])
  })
})

describe('the old profile comes back', () => {
  const refused: Fault = {
    on: { operation: 'create' },
    when: 'before',
    what: {
      kind: 'status',
      status: 400,
      body: { code: 'RBC302', message: 'body/channel is wrong', data: {}, error: [] },
    },
  }

  test('where the API refuses the new one, whose refusal is told', async () => {
    const { sandbox, sizes } = await account()
    sandbox.faults.add(refused)
    const acted = await run(sandbox)
    await expectOldBack(sandbox, acted)
    expect(steps(sandbox)).toEqual([...PLAN, ...ASIDE, 'POST all', ...BACK])
    expect(Math.min(...sizes)).toBe(1)
    expect(errorsOf(acted)).toEqual([
      expect.stringMatching(/^a: create profile "GH A" failed: HTTP 400 — RBC302 body\/channel is wrong$/),
    ])
  })

  test('under its previous title where it was to be renamed, too', async () => {
    const { sandbox } = await account()
    sandbox.store.change('SG_old', { title: 'GH Old' })
    sandbox.faults.add(refused)
    await run(sandbox, { ...WANTED, previous_titles: ['GH Old'] })
    expect(sandbox.store.titles()).toEqual(['GH Old'])
  })

  test('where the new one shows another value, whose field is named', async () => {
    const { sandbox, sizes } = await account({
      normalise: (profile) =>
        profile.channel === 'sms' ? { ...profile, response_message: 'changed' } : profile,
    })
    const acted = await run(sandbox)
    await expectOldBack(sandbox, acted)
    expect(steps(sandbox).filter((step) => !step.startsWith('GET'))).toEqual([
      'PATCH old',
      'POST all',
      'DELETE new',
      'PATCH old',
    ])
    expect(Math.min(...sizes)).toBe(1)
    expect(errorsOf(acted)[0]).toMatch(
      /^a: replace profile "GH A" \(SG_old\) failed: the new profile showed other values than were sent \(response_message is "changed" instead of "thanks"\), so the old one stays\. The API changes these values/,
    )
  })

  test('where it does not take the title under which it would wait', async () => {
    const { sandbox, sizes } = await account({
      normalise: (profile) => ({ ...profile, title: profile.title.replace('__replaced', '') }),
    })
    const acted = await run(sandbox)
    await expectOldBack(sandbox, acted)
    expect(Math.max(...sizes)).toBe(1)
    expect(errorsOf(acted)[0]).toMatch(
      /does not take the title "GH A__replaced", under which the old profile would wait/,
    )
  })

  test('in the next run, where it cannot be put back in this one', async () => {
    const { sandbox } = await account()
    sandbox.faults.add(refused, {
      on: { operation: 'update', nth: 2, times: 2 },
      when: 'before',
      what: { kind: 'empty', status: 503 },
    })
    const acted = await run(sandbox)
    expect(sandbox.store.titles()).toEqual(['GH A__replaced'])
    expect(errorsOf(acted)[0]).toMatch(
      /^a: create profile "GH A" failed: HTTP 400 — RBC302 body\/channel is wrong; profile SG_old could not be put back \(update profile "GH A" \(SG_old\) failed: HTTP 503.*\)\. Run again: /,
    )
    sandbox.faults.clear()
    await expectCompleted(sandbox)
  })
})

describe('nothing is written', () => {
  test.each<[string, SandboxOverrides, object, object, RegExp]>([
    [
      'where a value that would have to be carried over is shown masked',
      { mask: true },
      WANTED,
      {},
      /^a: cannot be replaced: the account shows headers\.authorization, enc\.key, enc\.IV masked/,
    ],
    [
      'for a pinned profile',
      {},
      { id: 'SG_old', channel: 'sms' },
      {},
      /^a: .*a pinned profile is never replaced/,
    ],
    [
      'without allow-delete',
      {},
      WANTED,
      { 'allow-delete': 'false' },
      /^a: is to be replaced under a new id, which is blocked/,
    ],
    [
      'beyond max-deletes',
      {},
      WANTED,
      { 'max-deletes': '0' },
      /^the plan deletes or replaces 1 profile, and `max-deletes` permits 0/,
    ],
  ])('%s', async (_, overrides, profile, inputs, message) => {
    const { sandbox } = await account(overrides)
    const acted = await run(sandbox, profile, inputs)
    expect(acted.exitCode).toBe(1)
    expect(errorsOf(acted)).toEqual([expect.stringMatching(message)])
    expect(sandbox.writes()).toEqual([])
  })

  test('where the profile is gone since it was planned', async () => {
    const { sandbox } = await account({}, ({ requests, store }) => {
      if (requests.filter(({ path }) => path.endsWith('/SG_old')).length === 1) store.remove('SG_old')
    })
    const acted = await run(sandbox)
    expect(errorsOf(acted)[0]).toMatch(
      /"GH A" \(SG_old\) failed: it is gone since it was planned\. Run again to create it/,
    )
    expect(sandbox.writes()).toEqual([])
  })

  test('where what an earlier replacement left cannot be deleted', async () => {
    const { sandbox } = await account()
    sandbox.store.seed({ ...OLD, profile_id: 'SG_left', title: 'GH A__replaced' })
    sandbox.faults.add({ on: { method: 'DELETE' }, when: 'before', what: { kind: 'status', status: 403 } })
    const acted = await run(sandbox)
    expect(errorsOf(acted)).toEqual([
      expect.stringMatching(
        /^a: .*profile SG_left, left over from an earlier replacement, could not be deleted/,
      ),
      expect.stringMatching(
        /^"GH A__replaced": delete profile "GH A__replaced" \(SG_left\) failed: HTTP 403/,
      ),
    ])
    expect(sandbox.store.titles()).toEqual(['GH A', 'GH A__replaced'])
    sandbox.faults.clear()
    await expectCompleted(sandbox)
  })
})

describe('the next run completes a replacement', () => {
  const LAST_REQUEST = 12

  test.each(Array.from({ length: LAST_REQUEST }, (_, index) => index + 1))(
    'that was cancelled at request %i',
    async (cancelAt) => {
      const { sandbox, sizes } = await account()
      const inputs = { 'allow-delete': 'true' }
      await act({ sandbox, profiles: { profiles: { a: WANTED } }, inputs, cancelAt })
      await expectCompleted(sandbox)
      expect(Math.min(...sizes)).toBe(1)
    },
  )

  test.each<[string, Fault['when']]>([
    ['never arrived', 'before'],
    ['had arrived', 'after'],
  ])('whose create stayed open, and %s', async (_, when) => {
    const { sandbox } = await account()
    sandbox.faults.add({ on: { operation: 'create' }, when, what: { kind: 'reset' } })
    sandbox.faults.add({
      on: { operation: 'list', nth: 3, times: 9 },
      when: 'before',
      what: { kind: 'empty', status: 500 },
    })
    const acted = await run(sandbox)
    expect(errorsOf(acted)[0]).toMatch(
      /create profile "GH A" failed: the connection broke.*could not be searched for \(.*HTTP 500.*\); the old profile SG_old stays set aside\. Run again/,
    )
    expect(acted.outputs).toMatchObject({ changed: 'true', failed: '1', 'profile-id-a': 'SG_old' })
    sandbox.faults.clear()
    await expectCompleted(sandbox)
  })

  test('whose old profile could not be deleted: the new id is out already', async () => {
    const { sandbox } = await account()
    sandbox.faults.add({ on: { method: 'DELETE' }, when: 'before', what: { kind: 'empty', status: 500 } })
    const acted = await run(sandbox)
    expect(errorsOf(acted)[0]).toMatch(/^a: delete profile "GH A__replaced" \(SG_old\) failed: HTTP 500/)
    const created = sandbox.store.all().find(({ title }) => title === 'GH A')
    expect(acted.outputs['profile-id-a']).toBe(created?.profile_id)
    sandbox.faults.clear()
    await expectCompleted(sandbox)
    expect(sandbox.store.all()[0]?.profile_id).toBe(created?.profile_id)
  })
})
