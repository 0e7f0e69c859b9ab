import { expect, test } from 'vitest'
import { runContext } from '../../src/github/context.ts'
import { commentText, isNoteworthy } from '../../src/report/comment.ts'
import { change, failure, outcome, plan } from './reports.ts'

const asIs = (text: string): string => text

test.each([
  ['changes', { plan: plan(change({ verb: 'update' })) }, true],
  ['failures', { failures: [failure()] }, true],
  ['something an apply would refuse', { plan: plan(change()), warnings: [failure()] }, true],
  ['wrong inputs', { inputProblems: [{ input: 'sid', message: 'is empty' }] }, true],
  ['nothing but what is as declared', { plan: plan(change(), change({ key: 'b', verb: 'report' })) }, false],
])('%s: whether that is worth a comment', (_, facts, noteworthy) => {
  expect(isNoteworthy(outcome({ mode: 'plan', ...facts }))).toBe(noteworthy)
})

test('a comment of a very large run stays below 60,000 characters, and says what it leaves out', () => {
  const wide = Array.from({ length: 200 }, (_, index) => ({
    path: `body.f${index}`,
    from: null,
    to: `"${'x'.repeat(300)}"`,
  }))
  const many = Array.from({ length: 400 }, (_, index) =>
    change({ key: `k${index}`, verb: 'update', changes: wide }),
  )
  const failures = many.map((of, index) =>
    failure({ change: of, message: 'y'.repeat(900), hint: `Mend ${index} ${'z'.repeat(300)}.` }),
  )
  const facts = outcome({ mode: 'plan', plan: plan(...many), failures, unread: 'w'.repeat(1000) })
  const text = commentText(facts, 'callbacks.yml', runContext({}), asIs)
  expect(text.length).toBeLessThan(60_000)
  expect(text.length).toBeGreaterThan(40_000)
  expect(text.match(/…and \d+ more/g)?.length).toBeGreaterThanOrEqual(4)
  for (const tag of ['pre', 'b', 'code', 'details', 'sub'])
    expect(text.split(`<${tag}>`)).toHaveLength(text.split(`</${tag}>`).length)
})
