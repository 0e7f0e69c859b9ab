/** A create whose answer is lost: searched for, adopted, sent again, or left open — never doubled without a word. */
import { describe, expect, test } from 'vitest'
import type { Fault, Malfunction, ProfileInput, Sandbox } from '../../sandbox/server.ts'
import { type Acted, act } from '../action.ts'
import { errorsOf, openSandbox, told } from './accounts.ts'

const WANTED = {
  title: 'GH A',
  http_method: 'POST',
  url: 'https://hooks.example.com/a',
  body: { id: '<id>' },
}
const RESET: Malfunction = { kind: 'reset' }
const ERROR: Malfunction = { kind: 'empty', status: 500 }

async function account(...faults: Fault[]): Promise<Sandbox> {
  const sandbox = await openSandbox()
  sandbox.faults.add(...faults)
  return sandbox
}

const lost = (what: Malfunction, when: Fault['when'], requests = 1, nth = 1): Fault => ({
  on: { operation: 'create', nth },
  when,
  what,
  lateBy: { requests },
})

const run = (sandbox: Sandbox, inputs: object = {}): Promise<Acted> =>
  act({ sandbox, profiles: { profiles: { a: WANTED } }, inputs: { ...inputs } })

const posts = (sandbox: Sandbox): number => sandbox.writes().length

describe('a create that took effect is adopted', () => {
  test.each<[string, Malfunction, number]>([
    ['that was reset, and shows at once', RESET, 1],
    ['that was reset, and shows long after', RESET, 7],
    ['that hung, and shows long after its time-out', { kind: 'hang' }, 7],
    ['that was answered by an error, and shows within three seconds', ERROR, 3],
    ['that was answered by junk, and shows within three seconds', { kind: 'junk' }, 3],
  ])('%s', async (_, what, requests) => {
    const sandbox = await account(lost(what, 'late', requests))
    const acted = await run(sandbox)
    expect(acted.exitCode, told(acted)).toBe(0)
    expect(posts(sandbox)).toBe(1)
    expect(acted.outputs['profile-id-a']).toBe(sandbox.store.all()[0]?.profile_id)
    expect(acted.outputs).toMatchObject({ created: '1', changed: 'true' })
  })
})

describe('the account is searched', () => {
  test.each<[string, Malfunction, number, number]>([
    ['for three seconds where some answer came', ERROR, 3000, 30_000],
    ['until the time-out has passed where none came', RESET, 30_000, 60_000],
  ])('%s, before the create is sent once more', async (_, what, least, most) => {
    const sandbox = await account(lost(what, 'before'))
    const acted = await run(sandbox, { timeout: '30' })
    expect(acted.exitCode).toBe(0)
    expect(posts(sandbox)).toBe(2)
    expect(acted.waited).toBeGreaterThanOrEqual(least)
    expect(acted.waited).toBeLessThan(most)
  })
})

describe('a create that stays open', () => {
  test('is sent as often as `retries` says, and left open then', async () => {
    const sandbox = await account({ on: { operation: 'create' }, when: 'before', what: RESET })
    const acted = await run(sandbox, { retries: '2' })
    expect(posts(sandbox)).toBe(3)
    expect(errorsOf(acted)).toEqual([
      expect.stringMatching(
        /a: create profile "GH A" failed: the connection broke \(ECONNRESET\); it did not appear on the account since, but may yet\. Run again: a profile that exists by then is found by its title/,
      ),
    ])
    expect(acted.outputs).toMatchObject({ changed: 'true', failed: '1', created: '0', 'profile-id-a': '' })
  })

  test('is found by the next run', async () => {
    const sandbox = await account({ on: { operation: 'create' }, when: 'after', what: RESET })
    sandbox.faults.add({
      on: { operation: 'list', nth: 3 },
      when: 'before',
      what: { kind: 'status', status: 403 },
    })
    const acted = await run(sandbox)
    expect(errorsOf(acted)).toEqual([
      expect.stringMatching(/could not be searched for \(list profiles failed: HTTP 403/),
    ])
    sandbox.faults.clear()
    const again = await run(sandbox)
    expect(again.outputs).toMatchObject({
      unchanged: '1',
      'profile-id-a': sandbox.store.all()[0]?.profile_id,
    })
    expect(posts(sandbox)).toBe(1)
  })

  test('says so where a later try is refused', async () => {
    const refused: Malfunction = { kind: 'status', status: 409, body: { message: 'no', data: {}, error: [] } }
    const sandbox = await account(lost(RESET, 'before'), lost(refused, 'before', 1, 2))
    const acted = await run(sandbox)
    expect(errorsOf(acted)).toEqual([
      expect.stringMatching(/the connection broke.*; the next try failed \(no\)/),
    ])
  })

  test('that lands too late makes two, which are named, and nothing is deleted', async () => {
    const sandbox = await account(lost(ERROR, 'late', 8))
    const acted = await run(sandbox)
    expect(acted.exitCode).toBe(1)
    const ids = sandbox.store.all().map(({ profile_id }) => profile_id)
    expect(ids).toHaveLength(2)
    expect(errorsOf(acted)).toEqual([
      expect.stringMatching(
        /a: the account now has 2 profiles of this title .*Nothing was deleted: delete the wrong one/,
      ),
    ])
    for (const id of ids) expect(errorsOf(acted)[0]).toContain(id)
    expect(sandbox.requests.some(({ method }) => method === 'DELETE')).toBe(false)
  })
})

describe('a profile that appears meanwhile', () => {
  const appearing = async (fields: Partial<ProfileInput>): Promise<[Sandbox, Acted]> => {
    const sandbox = await openSandbox({}, ({ requests, store }) => {
      if (requests.at(-1)?.method === 'POST' && store.size === 0)
        store.seed({ profile_id: 'SG_foreign', ...WANTED, ...fields })
    })
    sandbox.faults.add(lost(RESET, 'before'))
    return [sandbox, await run(sandbox)]
  }

  test('and equals what was sent is adopted', async () => {
    const [sandbox, acted] = await appearing({})
    expect(acted.exitCode).toBe(0)
    expect(acted.outputs['profile-id-a']).toBe('SG_foreign')
    expect(posts(sandbox)).toBe(1)
  })

  test('and differs is not, and its difference is named', async () => {
    const [sandbox, acted] = await appearing({ url: 'https://elsewhere.example.com' })
    expect(errorsOf(acted)).toEqual([
      expect.stringMatching(
        /profile SG_foreign of this title appeared since, which differs in url\. Run again/,
      ),
    ])
    expect(posts(sandbox)).toBe(1)
  })
})

test('a 429 is sent again without a search, and a 401 ends the run', async () => {
  const busy = await account(lost({ kind: 'status', status: 429 }, 'before'))
  expect((await run(busy)).outputs).toMatchObject({ created: '1' })
  expect(posts(busy)).toBe(2)

  const refused = await account({
    on: { operation: 'create' },
    when: 'before',
    what: { kind: 'status', status: 401 },
  })
  const profiles = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [`p${index}`, { ...WANTED, title: `GH ${index}0` }]),
  )
  const acted = await act({ sandbox: refused, profiles: { profiles }, inputs: { concurrency: '2' } })
  expect(posts(refused)).toBeLessThanOrEqual(2)
  expect(errorsOf(acted).filter((text) => text.includes('HTTP 401'))).toHaveLength(posts(refused))
  expect(
    errorsOf(acted).some((text) => text.includes('not tried, since the API refused the credentials')),
  ).toBe(true)
  expect(acted.outputs).toMatchObject({ failed: '20', created: '0' })
})
