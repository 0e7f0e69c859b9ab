import { describe, expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/server.ts'
import {
  type Change,
  deletions,
  hasChanges,
  nameOf,
  type Plan,
  planOf,
  shownChange,
} from '../../src/reconcile/plan.ts'
import { act } from '../action.ts'
import { change } from '../report/reports.ts'
import { manyWanted } from './accounts.ts'
import { type Given, held, planFor, wanted } from './planning.ts'

const planWith = (...changes: Change[]): Plan => planOf('https://api.kaleyra.io', 'HX1', changes)
const URL_CHANGE = { path: 'url', from: '"https://a.example.com"', to: '"https://b.example.com"' }

describe('a plan', () => {
  test('is sorted by key, with profiles that are not declared last, by title and id', () => {
    const order = [
      change({ key: 'Z' }),
      change({ key: 'a', id: '3' }),
      change({ key: 'b' }),
      change({ key: '', title: 'GH A', id: '1' }),
      change({ key: '', title: 'GH A', id: '2' }),
      change({ key: '', title: 'GH B', id: '0' }),
    ]
    expect(planWith(...order.toReversed()).changes).toEqual(order)
  })

  test('counts every verb, and a replacement as a deletion', () => {
    const verbs = ['create', 'update', 'update', 'replace', 'delete', 'unchanged', 'report'] as const
    const { counts } = planWith(...verbs.map((verb, index) => change({ key: `k${index}`, verb })))
    expect(counts).toEqual({ create: 1, update: 2, replace: 1, delete: 1, unchanged: 1, report: 1 })
    expect(deletions(counts)).toBe(2)
  })

  test.each([
    ['create', true],
    ['update', true],
    ['replace', true],
    ['delete', true],
    ['unchanged', false],
    ['report', false],
  ] as const)('of one %s has changes: %s', (verb, expected) => {
    expect(hasChanges(planWith(change({ verb })))).toBe(expected)
  })

  test('survives being written as JSON', () => {
    const plan = planWith(change({ verb: 'update', changes: [URL_CHANGE], notes: ['a note'] }), change())
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
  })

  test('calls a profile by its key, or by its title where it is not declared', () => {
    expect(nameOf(change({ key: 'orders' }))).toBe('orders')
    expect(nameOf(change({ key: '', title: 'GH A' }))).toBe('"GH A"')
  })
})

describe('the digest', () => {
  const base = change({ verb: 'update', changes: [URL_CHANGE, { path: 'title', from: '"A"', to: '"B"' }] })
  const { digest } = planWith(base)

  test('is a SHA-256 in hex', () => {
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
  })

  test.each<[string, Partial<Change>]>([
    ['the key', { key: 'other' }],
    ['the title', { title: 'GH Other' }],
    ['the id', { id: 'SG_2' }],
    ['that there is no id', { id: null }],
    ['the verb', { verb: 'replace' }],
    ['that it may replace', { mayReplace: true }],
    ['a field less', { changes: [URL_CHANGE] }],
    ['the path of a field', { changes: [URL_CHANGE, { path: 'http_method', from: '"A"', to: '"B"' }] }],
    ['the old value', { changes: [{ ...URL_CHANGE, from: null }, ...base.changes.slice(1)] }],
    ['the new value', { changes: [{ ...URL_CHANGE, to: '"x"' }, ...base.changes.slice(1)] }],
  ])('changes with %s', (_, facts) => {
    expect(planWith({ ...base, ...facts }).digest).not.toBe(digest)
    expect(shownChange({ ...base, ...facts })).not.toBe(shownChange(base))
  })

  test.each<[string, () => Plan]>([
    ['the address of the API', () => planOf('https://api.in.kaleyra.io', 'HX1', [base])],
    ['the account', () => planOf('https://api.kaleyra.io', 'HX2', [base])],
    ['one more profile', () => planWith(base, change({ key: 'other' }))],
  ])('changes with %s', (_, make) => {
    expect(make().digest).not.toBe(digest)
  })

  test.each<[string, Partial<Change>]>([
    ['notes', { notes: ['something to know'] }],
    ['the order of its fields', { changes: base.changes.toReversed() }],
  ])('does not change with %s', (_, facts) => {
    expect(planWith({ ...base, ...facts }).digest).toBe(digest)
  })

  test('does not change with the order of the changes', () => {
    const others = [change({ key: 'x' }), change({ key: 'y', verb: 'create' })]
    expect(planWith(base, ...others).digest).toBe(planWith(...others, base).digest)
  })
})

describe('the digest of a manifest on an account', () => {
  const SECRET = '$' + '{{ env.TOKEN }}'
  const account = [held('1', 'GH A', { headers: { authorization: 'old' } })]
  const digestOf = async (given: Given): Promise<string> => (await planFor(given)).plan.digest
  const given = (headers: object, env: Record<string, string> = {}): Given => ({
    account,
    profiles: { a: wanted('GH A', { headers }) },
    env,
  })

  test('is the same whatever the secrets are: they enter as the word', async () => {
    const one = await planFor(given({ authorization: 'one' }))
    expect(one.plan.changes[0]?.changes).toEqual([
      { path: 'headers.authorization', from: '(secret)', to: '(secret)' },
    ])
    expect(await digestOf(given({ authorization: 'two' }))).toBe(one.plan.digest)
    expect(await digestOf(given({ authorization: SECRET }, { TOKEN: 'three' }))).toBe(one.plan.digest)
  })

  test('holds an expression as its text', async () => {
    const at = (stage: string): Given => ({
      account,
      profiles: { a: wanted('GH A', { url: 'https://example.com/$' + '{{ env.STAGE }}' }) },
      env: { STAGE: stage },
    })
    expect(await digestOf(at('one'))).toBe(await digestOf(at('two')))
    const written = { ...at('one'), profiles: { a: wanted('GH A', { url: 'https://example.com/one' }) } }
    expect(await digestOf(written)).not.toBe(await digestOf(at('one')))
  })

  test('is the same in a plan job and an apply job with different API keys', async () => {
    const digests: string[] = []
    let port = 0
    for (const [apiKey, mode] of [
      ['key-of-the-plan-job', 'plan'],
      ['key-of-the-apply-job', 'apply'],
    ] as const) {
      const sandbox = await startSandbox({ apiKey, port })
      port = Number(new URL(sandbox.url).port)
      const { outputs } = await act({ sandbox, profiles: { profiles: manyWanted(2) }, inputs: { mode } })
      digests.push(outputs['plan-digest'] ?? '')
      await sandbox.close()
    }
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(digests[1]).toBe(digests[0])
  })

  test('is the same on every shape of the list', async () => {
    const digests = ['whole', 'summary', 'ids', 'untitled'] as const
    const all = await Promise.all(
      digests.map((items) => digestOf({ ...given({ authorization: 'one' }), list: { items } })),
    )
    expect(new Set(all).size).toBe(1)
  })
})
