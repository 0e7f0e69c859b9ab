/** The final read: what happened on the account meanwhile is told, and nothing is done about it. */
import { expect, test } from 'vitest'
import type { Sandbox } from '../../sandbox/server.ts'
import { type Acted, act } from '../action.ts'
import { errorsOf, openSandbox, told } from './accounts.ts'

const NEEDED = { http_method: 'GET', url: 'https://hooks.example.com/a' }
const A = { ...NEEDED, title: 'GH A' }
const B = { ...NEEDED, title: 'GH B' }
const CHANGED_B = { ...B, url: 'https://hooks.example.com/b' }

interface Case {
  /** The manifest; the account holds A as `SG_a` and B as `SG_b`. */
  readonly profiles: object
  /** What somebody else does once the run has written. */
  readonly meanwhile: (sandbox: Sandbox) => void
  readonly errors: readonly RegExp[]
}

const CASES: Readonly<Record<string, Case>> = {
  'two of one title are named, whoever made the second': {
    profiles: { a: A, b: CHANGED_B },
    meanwhile: ({ store }) => store.seed({ ...CHANGED_B, profile_id: 'SG_twin' }),
    errors: [
      /^b: the account now has 2 profiles of this title \(SG_b, SG_twin\): another run.*Nothing was deleted/,
    ],
  },
  'two of one title are named for a profile that was not written, too': {
    profiles: { a: A, b: CHANGED_B },
    meanwhile: ({ store }) => store.seed({ ...A, profile_id: 'SG_twin' }),
    errors: [/^a: the account now has 2 profiles of this title \(SG_a, SG_twin\)/],
  },
  'a second profile of the title of a pinned one is named': {
    profiles: { a: A, b: { id: 'SG_b', title: 'GH C' } },
    meanwhile: ({ store }) => store.seed({ ...NEEDED, title: 'GH C', profile_id: 'SG_twin' }),
    errors: [/^b: the account now has 2 profiles of this title \(SG_b, SG_twin\)/],
  },
  'a profile that is gone again is named': {
    profiles: { a: A, b: CHANGED_B, c: { ...NEEDED, title: 'GH C' } },
    meanwhile: ({ store }) => store.remove('SG_a'),
    errors: [/^a: profile SG_a is gone by now: run again$/],
  },
  'a profile in the place of another is named': {
    profiles: { a: A, b: CHANGED_B },
    meanwhile: ({ store }) => {
      store.remove('SG_a')
      store.seed({ ...A, profile_id: 'SG_new' })
    },
    errors: [/^a: profile SG_new has this title now instead of profile SG_a: another run may be at work/],
  },
  'a field that somebody changed is named': {
    profiles: { a: A, b: CHANGED_B },
    meanwhile: ({ store }) => store.change('SG_a', { url: 'https://elsewhere.example.com' }),
    errors: [
      /^a: the account shows other values in profile SG_a than are declared: url is "https:\/\/elsewhere.example.com" instead of "https:\/\/hooks.example.com\/a"/,
    ],
  },
  'a profile that was renamed is named with both titles': {
    profiles: { a: A, b: CHANGED_B },
    meanwhile: ({ store }) => store.change('SG_a', { title: 'GH Z' }),
    errors: [/^a: the account shows other values in profile SG_a .*title is "GH Z" instead of "GH A"/],
  },
  'a deleted title that is back is named': {
    profiles: { a: { title: 'GH A', state: 'absent' }, b: CHANGED_B },
    meanwhile: ({ store }) => store.seed({ ...A, profile_id: 'SG_back' }),
    errors: [/^a: the account still has a profile of this title \(SG_back\) after it was deleted: run again/],
  },
  'a new profile that is not declared is no concern': {
    profiles: { a: A, b: CHANGED_B },
    meanwhile: ({ store }) => store.seed({ ...NEEDED, title: 'GH Z' }),
    errors: [],
  },
}

test.each(Object.entries(CASES))('%s', async (_, { profiles, meanwhile, errors }) => {
  let done = false
  const sandbox = await openSandbox({}, (opened) => {
    const last = opened.writes().at(-1)
    const written = opened.store.all().some(({ url, title }) => url === CHANGED_B.url || title === 'GH C')
    if (done || last === undefined || !written) return
    done = true
    meanwhile(opened)
  })
  sandbox.store.seed({ ...A, profile_id: 'SG_a' })
  sandbox.store.seed({ ...B, profile_id: 'SG_b' })
  const inputs = { 'allow-delete': 'true', concurrency: '1' }
  const acted: Acted = await act({ sandbox, profiles: { profiles }, inputs })
  expect(done, told(acted)).toBe(true)
  expect(errorsOf(acted)).toEqual(errors.map((message) => expect.stringMatching(message)))
  expect(acted.exitCode).toBe(errors.length > 0 ? 1 : 0)
  expect(sandbox.writes().filter(({ method }) => method === 'DELETE').length).toBeLessThanOrEqual(1)
})

test('a pin chooses among profiles of one title that were there before', async () => {
  const sandbox = await openSandbox()
  sandbox.store.seed({ ...A, profile_id: 'SG_a' })
  sandbox.store.seed({ ...A, profile_id: 'SG_twin' })
  const profiles = { a: { id: 'SG_a', title: 'GH A', url: 'https://hooks.example.com/b' } }
  const acted = await act({ sandbox, profiles: { profiles } })
  expect(acted.exitCode, told(acted)).toBe(0)
})

test('a profile that is deleted between plan and write is told, with what to do', async () => {
  const sandbox = await openSandbox({}, ({ requests, store }) => {
    if (requests.some(({ path }) => path.endsWith('/SG_b'))) store.remove('SG_b')
  })
  sandbox.store.seed({ ...B, profile_id: 'SG_b' })
  const acted = await act({ sandbox, profiles: { profiles: { a: A, b: CHANGED_B } } })
  expect(errorsOf(acted)).toEqual([
    'b: update profile "GH B" (SG_b) failed: it is gone since it was planned. Run again to create it.',
  ])
  expect(acted.outputs).toMatchObject({ created: '1', failed: '1' })
})

test('a profile that gets another title between plan and deletion is left alone', async () => {
  const sandbox = await openSandbox({}, ({ requests, store }) => {
    if (requests.length > 1) store.change('SG_b', { title: 'GH Mine' })
  })
  sandbox.store.seed({ ...B, profile_id: 'SG_b' })
  const profiles = { b: { title: 'GH B', state: 'absent' } }
  const acted = await act({ sandbox, profiles: { profiles }, inputs: { 'allow-delete': 'true' } })
  expect(errorsOf(acted)).toEqual([
    'b: delete profile "GH B" (SG_b) failed: it has another title by now and was left alone. Review the new plan and run again.',
  ])
  expect(sandbox.writes()).toEqual([])
})
