import { describe, expect, test } from 'vitest'
import { OUTPUT_NAMES, outputsOf } from '../../src/report/outputs.ts'
import { declared, entriesOf } from '../declared.ts'
import { change, failure, outcome, plan, result } from './reports.ts'

const created = change({ key: 'a', verb: 'create', id: null })
const updated = change({
  key: 'b',
  id: 'SG_b',
  verb: 'update',
  changes: [{ path: 'url', from: '"x"', to: '"y"' }],
})
const replaced = change({ key: 'c', id: 'SG_c', verb: 'replace' })
const deleted = change({ key: 'd', id: 'SG_d', verb: 'delete' })
const kept = change({ key: 'e', id: 'SG_e' })
const reported = change({ key: 'f', id: 'SG_f', verb: 'report' })
const pruned = change({ key: '', title: 'GH Old', id: 'SG_p', verb: 'delete' })
const ALL = [created, updated, replaced, deleted, kept, reported, pruned]

const outputs = (facts: Parameters<typeof outcome>[0], file = ''): Record<string, string> =>
  Object.fromEntries(outputsOf(outcome(facts), file))

describe('every output is set', () => {
  test('where nothing was read', () => {
    expect(outputs({ mode: 'auto' })).toEqual({
      'profile-id': '',
      'profile-ids': '{}',
      profiles: '[]',
      changed: 'false',
      'has-changes': 'false',
      created: '0',
      updated: '0',
      replaced: '0',
      deleted: '0',
      unchanged: '0',
      failed: '0',
      'plan-digest': '',
      'plan-file': '',
    })
  })

  test('where profiles are declared and no plan was made', async () => {
    const entries = await entriesOf(
      'profiles:\n  a: { title: GH A, http_method: GET, url: https://a.example.com }\n  b: { id: SG_b }\n',
    )
    const found = outputs({ mode: 'validate', entries })
    expect(JSON.parse(found.profiles ?? '')).toEqual([
      { key: 'a', title: 'GH A', id: '', action: '', changed: [] },
      { key: 'b', title: '', id: '', action: '', changed: [] },
    ])
    expect(found).toMatchObject({ 'profile-id-a': '', 'profile-id-b': '', 'profile-ids': '{}' })
  })

  test('of a plan, as what it would do', () => {
    const made = plan(...ALL)
    const found = outputs({ mode: 'plan', plan: made }, '/tmp/plan.json')
    expect(found).toMatchObject({
      changed: 'false',
      'has-changes': 'true',
      created: '1',
      updated: '1',
      replaced: '1',
      deleted: '2',
      unchanged: '2',
      failed: '0',
      'plan-digest': made.digest,
      'plan-file': '/tmp/plan.json',
    })
    expect(JSON.parse(found['profile-ids'] ?? '')).toEqual({
      b: 'SG_b',
      c: 'SG_c',
      d: 'SG_d',
      e: 'SG_e',
      f: 'SG_f',
    })
  })

  test('of an apply, as what it did', () => {
    const results = [
      result(created, { id: 'SG_a' }),
      result(updated, { verb: 'replace', id: 'SG_b2' }),
      result(replaced, { error: new Error('no'), wrote: true }),
      result(deleted, { id: null }),
      result(kept),
      result(reported),
      result(pruned, { id: null }),
    ]
    const failures = [failure({ change: replaced })]
    const found = outputs({ plan: plan(...ALL), results, failures })
    expect(found).toMatchObject({
      changed: 'true',
      created: '1',
      updated: '0',
      replaced: '1',
      deleted: '2',
      unchanged: '2',
      failed: '1',
      'profile-id-a': 'SG_a',
      'profile-id-b': 'SG_b2',
      'profile-id-d': '',
    })
    expect(JSON.parse(found.profiles ?? '')).toContainEqual({
      key: 'b',
      title: 'GH Orders',
      id: 'SG_b2',
      action: 'replace',
      changed: ['url'],
    })
  })

  test('of an apply that was refused, which wrote nothing', () => {
    const failures = [failure({ change: updated })]
    expect(outputs({ plan: plan(...ALL), failures })).toMatchObject({
      changed: 'false',
      'has-changes': 'true',
      created: '0',
      updated: '0',
      replaced: '0',
      deleted: '0',
      unchanged: '2',
      failed: '1',
      'profile-id-b': 'SG_b',
    })
  })
})

test('the single id is that of the one declared profile, beside others that are not declared', () => {
  expect(outputs({ mode: 'plan', plan: plan(kept, pruned) })['profile-id']).toBe('SG_e')
  expect(outputs({ mode: 'plan', plan: plan(kept, reported) })['profile-id']).toBe('')
})

test('a profile that is not declared has no output of its own', () => {
  expect([...outputsOf(outcome({ plan: plan(pruned) }), '').keys()]).toEqual([...OUTPUT_NAMES])
})

test('a title that an expression makes is shown as the expression', async () => {
  const entries = [await declared({ title: '${{ env.TITLE }}' }, { TITLE: 'GH Internal' })]
  expect(outputs({ mode: 'validate', entries }).profiles).toContain('"title":"${{ env.TITLE }}"')
})

test('the JSON of an output holds nothing that a log obeys, and means the same', () => {
  const title = '##[error]x ::error::x <b> @octocat `x` \u202e\u001b[31m\u2028'
  const text = outputs({ mode: 'plan', plan: plan(change({ title })) }).profiles ?? ''
  for (const active of ['##[', '::', ...'<>@`\u202e\u001b\u2028']) expect(text).not.toContain(active)
  expect(JSON.parse(text)).toMatchObject([{ title }])
})
