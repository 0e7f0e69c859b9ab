import { describe, expect, test } from 'vitest'
import { countsLine, planLines, preflightLine, progress, verifyLine } from '../../src/report/log.ts'
import { change, plan, result } from './reports.ts'

describe('the lines of a plan', () => {
  test('are a table with the changes below each profile, the counts and the digest', () => {
    const made = plan(
      change({
        key: 'b',
        title: 'GH Second',
        verb: 'update',
        id: 'SG_2',
        mayReplace: true,
        changes: [
          { path: 'url', from: '"x"', to: '"y"' },
          { path: 'headers.x-a', from: '(secret)', to: '(secret)' },
        ],
      }),
      change({
        key: 'a',
        title: 'GH A',
        verb: 'create',
        id: null,
        changes: [{ path: 'url', from: null, to: '"x"' }],
      }),
      change({ key: 'c', title: 'GH C', verb: 'report', id: 'SG_3', notes: ['this profile is disabled'] }),
    )
    expect(planLines(made)).toEqual([
      '+ create               a  GH A       (no id yet)',
      '    url: "x"',
      '~ update, may replace  b  GH Second  SG_2',
      '    url: "x" → "y"',
      '    headers.x-a: (secret, changed)',
      '! report               c  GH C       SG_3',
      '    note: this profile is disabled',
      '',
      'Plan: 1 to create, 1 to update, 1 to report',
      `Digest: ${made.digest}`,
    ])
  })

  test('only count unchanged profiles where there are more than 20', () => {
    const same = Array.from({ length: 21 }, (_, index) => change({ key: `k${index}` }))
    expect(planLines(plan(...same.slice(1)))).toHaveLength(20 + 3)
    expect(planLines(plan(...same, change({ key: 'new', verb: 'create' })))).toEqual([
      expect.stringContaining('+ create'),
      '= unchanged  21 profiles, not listed',
      '',
      'Plan: 1 to create, 21 unchanged',
      expect.any(String),
    ])
  })

  test('are cut where a title or a value is very long', () => {
    const long = change({
      verb: 'update',
      title: 'T'.repeat(500),
      changes: [{ path: 'url', from: null, to: 'x'.repeat(500) }],
    })
    const lines = planLines(plan(long, change({ key: 'other' })))
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(450)
    expect(lines[0]).toContain('SG_1')
  })

  test('say that nothing is declared', () => {
    expect(planLines(plan())).toContain('Plan: no profiles are declared')
  })
})

test('counts name every verb that counts something', () => {
  const counts = { create: 1, update: 2, replace: 3, delete: 4, unchanged: 5, report: 6 }
  expect(countsLine(counts)).toBe(
    '1 to create, 2 to update, 3 to replace, 4 to delete, 5 unchanged, 6 to report',
  )
})

test('the line of a verification tells what holds', () => {
  const done = result(change({ verb: 'create' }))
  const failed = result(change({ verb: 'update' }), { error: new Error('no') })
  expect(verifyLine([done], [])).toBe('The account equals the manifest')
  expect(verifyLine([done, failed], [])).toBe('The account equals the manifest but for 1 failed profile')
  expect(verifyLine([done], ['different'])).toBe('1 profile not as declared')
})

test('the line of a preflight counts', () => {
  const finding = { message: 'm', hint: '', entries: [], bad: true, declared: false }
  expect(preflightLine({ count: 2, findings: [], notes: [] })).toBe('2 endpoints checked, nothing found')
  expect(preflightLine({ count: 1, findings: [finding], notes: [] })).toBe('1 endpoint checked, 1 finding')
})

test('progress prints a line every five seconds', () => {
  let now = 0
  const clock = { now: () => now, sleep: async () => {}, random: () => 0, alarm: () => () => {} }
  const printed: string[] = []
  const changes = Array.from({ length: 4 }, (_, index) => change({ key: `k${index}` }))
  const report = progress(plan(...changes), clock, (line) => printed.push(line))
  for (const [index, each] of changes.entries()) {
    now += 3000
    report(result(each, index === 1 ? { error: new Error('no') } : {}))
  }
  expect(printed).toEqual(['2 of 4 profiles done, 1 failed', '4 of 4 profiles done, 1 failed'])
})
