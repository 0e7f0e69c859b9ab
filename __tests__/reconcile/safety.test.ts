import { describe, expect, test } from 'vitest'
import { type Change, type Plan, planOf, type Verb } from '../../src/reconcile/plan.ts'
import { blockedDeletions, excessiveDeletions, unreviewed } from '../../src/reconcile/safety.ts'
import { act } from '../action.ts'
import { change, plan, planned } from '../report/reports.ts'
import { errorsOf, manyWanted, openSandbox } from './accounts.ts'

const verbs = (...all: Verb[]): Change[] => all.map((verb, index) => change({ key: `k${index}`, verb }))

describe('without allow-delete', () => {
  test.each<[Verb, RegExp]>([
    ['delete', /^is to be deleted, which is blocked$/],
    ['replace', /^is to be replaced under a new id, which is blocked$/],
  ])('a %s is blocked', async (verb, message) => {
    const blocked = blockedDeletions(await planned(verbs('create', verb)), {
      allowDelete: false,
      maxDeletes: 5,
    })
    expect(blocked).toMatchObject([{ change: { key: 'k1' }, message: expect.stringMatching(message) }])
  })

  test('nothing else is', async () => {
    const harmless = await planned(verbs('create', 'update', 'unchanged', 'report'))
    expect(blockedDeletions(harmless, { allowDelete: false, maxDeletes: 0 })).toEqual([])
  })

  test('what is impossible anyway is not called blocked: allow-delete would not help', async () => {
    const [impossible] = verbs('replace')
    if (impossible === undefined) throw new Error('there is one')
    const errors = [{ change: impossible, entry: null, message: 'it is pinned' }]
    const all = { ...(await planned([impossible])), errors }
    expect(blockedDeletions(all, { allowDelete: false, maxDeletes: 5 })).toEqual([])
  })
})

test('with allow-delete nothing is blocked', async () => {
  const all = await planned(verbs('delete', 'replace'))
  expect(blockedDeletions(all, { allowDelete: true, maxDeletes: 5 })).toEqual([])
})

test.each<[Verb[], number, string | null]>([
  [['delete', 'delete'], 2, null],
  [['delete', 'replace'], 1, 'the plan deletes or replaces 2 profiles, and `max-deletes` permits 1'],
  [['delete'], 0, 'the plan deletes or replaces 1 profile, and `max-deletes` permits 0'],
  [['create', 'update', 'unchanged', 'report'], 0, null],
])('%j under max-deletes %i', (all, maxDeletes, expected) => {
  const refusal = excessiveDeletions(plan(...verbs(...all)), { allowDelete: true, maxDeletes })
  if (expected === null) expect(refusal).toBeNull()
  else expect(refusal).toContain(expected)
})

describe('expected-plan', () => {
  const update = change({ verb: 'update', changes: [{ path: 'url', from: '"a"', to: '"b"' }] })
  const refusal = (now: Plan, then: Plan): string => unreviewed(now, then.digest, then) ?? ''

  test('that is not set, or that is the digest of the plan, refuses nothing', () => {
    const now = plan(update)
    expect(unreviewed(now, '', null)).toBeNull()
    expect(unreviewed(now, now.digest, null)).toBeNull()
  })

  test('of another plan names both digests', () => {
    const now = plan(update)
    expect(unreviewed(now, 'abc', null)).toBe(
      `the plan is not the reviewed one: its digest is ${now.digest}, \`expected-plan\` is abc`,
    )
  })

  test.each<[string, Change[], Change[], string[]]>([
    [
      'a profile that is new in it',
      [update, change({ key: 'b', verb: 'create' })],
      [update],
      ['b is new in it: create'],
    ],
    ['a profile that is no longer in it', [update], [update, change({ key: 'b' })], ['b is no longer in it']],
    ['another verb', [{ ...update, verb: 'replace' }], [update], ['orders: update then, replace now']],
    [
      'another value',
      [{ ...update, changes: [{ path: 'url', from: '"a"', to: '"c"' }] }],
      [update],
      ['orders: update with other values of url'],
    ],
    [
      'another field',
      [{ ...update, changes: [{ path: 'body.id', from: null, to: '"c"' }] }],
      [update],
      ['orders: update with other values of url, body.id'],
    ],
    ['another id', [{ ...update, id: 'SG_2' }], [update], ['orders: update of profile SG_2, not SG_1']],
    ['another consequence', [{ ...update, mayReplace: true }], [update], ['orders: update that may replace']],
    ['another title', [{ ...update, title: 'GH B' }], [update], ['orders: update of another title']],
    [
      'a profile that is not declared',
      [change({ key: '', title: 'GH Old', id: 'SG_9', verb: 'delete' })],
      [],
      ['"GH Old" is new in it: delete'],
    ],
  ])('says what changed where the reviewed plan is at hand: %s', (_, now, then, expected) => {
    expect(refusal(plan(...now), plan(...then)).split('. ')[1]).toBe(expected.join('; '))
  })

  test('says so where the reviewed plan was made for another account', () => {
    const then = planOf('https://api.in.kaleyra.io', 'HX9', [update])
    expect(refusal(plan(update), then)).toMatch(
      /\. it was made for account HX9 at https:\/\/api\.in\.kaleyra\.io$/,
    )
  })
})

test('an apply of another plan than the reviewed one writes nothing, and says what changed since', async () => {
  const sandbox = await openSandbox()
  const [a, b] = Object.values(manyWanted(2)) as [{ title: string }, { title: string }]
  const id = sandbox.store.seed({ ...a, url: 'https://hooks.example.com/old' })
  const reviewed = await act({ sandbox, profiles: { profiles: { a } }, inputs: { mode: 'plan' } })
  const expected = { 'expected-plan': reviewed.outputs['plan-digest'] ?? '' }

  sandbox.store.change(id, { url: 'https://hooks.example.com/meanwhile' })
  const refused = await act({ sandbox, profiles: { profiles: { a, b } }, inputs: expected })
  expect(errorsOf(refused)).toEqual([
    expect.stringMatching(
      /the plan is not the reviewed one.*\. a: update with other values of url; b is new in it: create.*review the new plan/,
    ),
  ])
  expect(sandbox.writes()).toEqual([])

  sandbox.store.change(id, { url: 'https://hooks.example.com/old' })
  const applied = await act({ sandbox, profiles: { profiles: { a } }, inputs: expected })
  expect(applied.outputs).toMatchObject({ updated: '1', changed: 'true' })
})
