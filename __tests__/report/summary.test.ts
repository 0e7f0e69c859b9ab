import { describe, expect, test } from 'vitest'
import { runContext } from '../../src/github/context.ts'
import type { FieldChange } from '../../src/reconcile/diff.ts'
import { createRedactor } from '../../src/redactor.ts'
import { summaryOf, verdict } from '../../src/report/summary.ts'
import { entriesOf } from '../declared.ts'
import { change, failure, outcome, plan, result } from './reports.ts'

const asIs = (text: string): string => text
const render = (facts: Parameters<typeof outcome>[0], redact = asIs): string =>
  summaryOf(outcome(facts), runContext({}), redact)

const moved: FieldChange = { path: 'url', from: '"https://a.example.com"', to: '"https://b.example.com"' }

describe('the verdict', () => {
  const created = change({ key: 'a', verb: 'create', id: null })
  const updated = change({ key: 'b', verb: 'update' })
  const kept = change({ key: 'c' })

  test('of wrong inputs and manifests counts the problems', () => {
    const place = { source: 'x.yml', file: 'x.yml', line: 1, column: 1 }
    const problems = (['error', 'warning'] as const).map((severity) => ({
      severity,
      place,
      path: '',
      message: 'no',
    }))
    const wrong = outcome({ inputProblems: [{ input: 'sid', message: 'is empty' }], problems })
    expect(verdict(wrong)).toBe('2 problems found, nothing was sent')
  })

  test('of a validation counts what is declared', async () => {
    const entries = await entriesOf(
      'profiles: { a: { title: GH A, http_method: GET, url: https://a.example.com } }',
    )
    expect(verdict(outcome({ mode: 'validate', entries }))).toBe('1 declared, all valid')
  })

  test('of a run that failed before its plan says so', () => {
    expect(verdict(outcome({ failures: [failure()] }))).toBe('failed before a plan was made')
    expect(verdict(outcome({ mode: 'validate', failures: [failure()] }))).toBe(
      'failed before a plan was made',
    )
  })

  test('of a plan says what would be done', () => {
    const made = plan(created, updated, kept)
    const would = '1 to create, 1 to update, 1 unchanged'
    expect(verdict(outcome({ mode: 'plan', plan: made }))).toBe(would)
    const refused = outcome({ plan: made, failures: [failure({ change: updated })] })
    expect(verdict(refused)).toBe(`${would}; nothing was written, 1 in the way`)
  })

  test('of an apply says what was done, a failed profile as failed only', () => {
    const results = [
      result(created, { id: 'SG_a' }),
      result(updated, { error: new Error('no') }),
      result(kept),
    ]
    const done = outcome({
      plan: plan(created, updated, kept),
      results,
      failures: [failure(), failure({ change: updated })],
    })
    expect(verdict(done)).toBe('1 created, 1 unchanged, 1 failed')
  })
})

test('a plan is a table, its changes field by field, and its digest', () => {
  const made = plan(
    change({ key: 'a', title: 'GH A', verb: 'update', id: 'SG_a', mayReplace: true, changes: [moved] }),
    change({ key: '', title: 'GH Old', verb: 'delete', id: 'SG_o', notes: ['not declared'] }),
  )
  expect(
    render({ mode: 'plan', plan: made }),
  ).toBe(`### ✅ Kaleyra callback profiles: 1 to update, 1 to delete

| profile | verb | id | changed |
| --- | --- | --- | --- |
| <code>a</code><br>GH A | update | <code>SG&#95;a</code> | <code>url</code> |
| GH Old | delete | <code>SG&#95;o</code> |  |

<details><summary>Changes field by field</summary>
<b>a</b>, may be replaced under a new id
<pre>
url&#58; "https&#58;//a.example.com" → "https&#58;//b.example.com"
</pre>
<b>"GH Old"</b>
<pre>
not declared
</pre>
</details>

<sub>Plan digest <code>${made.digest}</code></sub>
`)
})

test('problems, failures and blocked deletions are a list, and what to do about them another', () => {
  const blocked = failure({ change: change(), message: 'is to be deleted', hint: 'Permit it.' })
  const text = render({
    plan: plan(change()),
    inputProblems: [{ input: 'mode', message: 'expected one of a' }],
    failures: [failure({ change: change(), message: 'HTTP 400 — ', said: 'no', hint: 'Mend it.' })],
    warnings: [blocked, blocked],
  })
  expect(text).toMatch(/^### ❌ /)
  expect(text).toContain('- Input <code>mode</code>&#58; expected one of a\n')
  expect(text).toContain('- orders&#58; HTTP 400 — no\n')
  expect(text).toContain('- orders&#58; is to be deleted\n')
  expect(text).toContain('**Next steps**\n\n- Mend it.\n- Permit it.\n')
})

test('a problem in a file of the repository links to its line at the commit of the run', () => {
  const env = {
    GITHUB_SERVER_URL: 'https://ghe.example.com',
    GITHUB_REPOSITORY: 'acme/app',
    GITHUB_SHA: 'abc',
  }
  const place = { source: 'a b/c.yml', file: 'a b/c.yml', line: 3, column: 5 }
  const problems = [{ severity: 'error' as const, place, path: 'profiles.a.url', message: 'expected a URL' }]
  const facts = outcome({ problems, failures: [failure({ place: { ...place, file: null } })] })
  const link = '<a href="https://ghe.example.com/acme/app/blob/abc/a%20b/c.yml#L3">a b/c.yml&#58;3&#58;5</a>'
  expect(summaryOf(facts, runContext(env), asIs)).toContain(
    `- ${link} profiles.a.url&#58; expected a URL\n- it failed\n`,
  )
  expect(summaryOf(facts, runContext({}), asIs)).toContain(
    '- a b/c.yml&#58;3&#58;5 profiles.a.url&#58; expected a URL\n',
  )
})

test('text of others is escaped, so that it shows as it is', () => {
  const title = '<b>*x*</b> | [a](b) `c` @team www.x.example.com\n# ~~y~~ $z$ ![i](j) &amp;'
  const text = render({ mode: 'plan', plan: plan(change({ title })) })
  expect(text).toContain(
    '<br>&#60;b&#62;&#42;x&#42;&#60;/b&#62; &#124; &#91;a&#93;&#40;b&#41; &#96;c&#96; @\u200bteam www.\u200bx.example.com&#92;u000a&#35; &#126;&#126;y&#126;&#126; &#36;z&#36; &#33;&#91;i&#93;&#40;j&#41; &#38;amp; |',
  )
})

test('a secret is hidden before its characters are escaped', () => {
  const { add, redact } = createRedactor()
  add([{ value: 'a_b*c+d==', mask: true }])
  const text = render(
    {
      mode: 'plan',
      plan: plan(change({ verb: 'update', changes: [{ path: 'url', from: '"x?a_b*c+d=="', to: null }] })),
    },
    redact,
  )
  expect(text).toContain('x?&#42;&#42;&#42;"')
  expect(text).not.toContain('c&#43;d')
})

describe('a summary of a very large run', () => {
  const wide = Array.from({ length: 3000 }, (_, index) => ({
    path: `body.f${index}`,
    from: null,
    to: `"${'€'.repeat(300)}"`,
  }))
  const many = Array.from({ length: 3000 }, (_, index) =>
    change({ key: `k${index}`, verb: 'update', changes: index < 5 ? wide : [moved] }),
  )
  const failures = many.map((of) => failure({ change: of, message: '€'.repeat(1500) }))
  const text = render({ plan: plan(...many), results: many.map((of) => result(of)), failures })

  test('stays below the limit of 1 MiB', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024)
  })

  test('says what it leaves out, and closes what it opens', () => {
    expect(text).toMatch(/…and \d+ more: the output `profiles` has them all\./)
    expect(text).toMatch(/^…and \d+ more: the log has them all\.\n<\/pre>/m)
    expect(text).toMatch(/^- …and \d+ more: the log has them all\.$/m)
    for (const tag of ['pre', 'b', 'code', 'details'])
      expect(text.split(`<${tag}>`)).toHaveLength(text.split(`</${tag}>`).length)
    expect(text).toContain('Plan digest')
  })
})
