/** What the documents on security promise is there. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ROOT } from '../../sandbox/runner.ts'

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

describe('every invariant of docs/security.md is proved', () => {
  const rows = [...read('docs/security.md').matchAll(/^\| (\d) \| (.+) \| `(.+)` \| (.+) \|$/gm)]

  test.each(rows.map(([, , invariant = '', file = '', title = '']) => [invariant, file, title]))(
    '%s',
    (_, file, title) => {
      const pattern = `\\((?:\\s*)'${RegExp.escape(title)}'`
      expect(new RegExp(pattern).test(read(file)), `${file} has no such test`).toBe(true)
    },
  )

  test('at every trust boundary', () => {
    const boundaries = [...read('docs/security.md').matchAll(/^(\d)\. /gm)].map(([, number]) => number)
    expect(boundaries.length).toBeGreaterThan(1)
    expect([...new Set(rows.map(([, boundary]) => boundary))]).toEqual(boundaries)
  })
})

describe('an issue', () => {
  const forms = readdirSync(join(ROOT, '.github', 'ISSUE_TEMPLATE')).filter((name) => name !== 'config.yml')

  test.each(forms)('%s asks for redacted logs', (name) => {
    const { body, ...form } = parse(read(join('.github', 'ISSUE_TEMPLATE', name)))
    expect(Object.keys(form)).toEqual(['name', 'description', 'labels'])
    const ids = body.flatMap(({ id }: { id?: string }) => id ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    expect(JSON.stringify(body)).toMatch(/redact/i)
  })

  test('on a vulnerability is led to a private report', () => {
    const { blank_issues_enabled: blank, contact_links: links } = parse(
      read('.github/ISSUE_TEMPLATE/config.yml'),
    )
    expect(blank).toBe(false)
    expect(links[0].url).toMatch(/\/security\/advisories\/new$/)
    expect(read('SECURITY.md')).toContain(links[0].url)
  })
})
