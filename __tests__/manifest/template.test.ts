import { expect, test } from 'vitest'
import { hasExpression, hasTemplate, splitExpressions } from '../../src/manifest/template.ts'

test.each([
  ['', []],
  ['plain $ {{ }}', [{ kind: 'text', text: 'plain $ {{ }}' }]],
  ['${{ a }}', [{ kind: 'expression', text: ' a ', offset: 0 }]],
  [
    'x${{a}}y',
    [
      { kind: 'text', text: 'x' },
      { kind: 'expression', text: 'a', offset: 1 },
      { kind: 'text', text: 'y' },
    ],
  ],
  [
    '${{a}}${{b}}',
    [
      { kind: 'expression', text: 'a', offset: 0 },
      { kind: 'expression', text: 'b', offset: 6 },
    ],
  ],
  ["${{ '}}' }}", [{ kind: 'expression', text: " '}}' ", offset: 0 }]],
  ["${{ 'it''s }}' }}", [{ kind: 'expression', text: " 'it''s }}' ", offset: 0 }]],
  ['$${{ a }}', [{ kind: 'text', text: '${{ a }}' }]],
  [
    'a${{ b',
    [
      { kind: 'text', text: 'a' },
      { kind: 'open', offset: 1 },
    ],
  ],
])('%j is split at its expressions', (text, parts) => {
  expect(splitExpressions(text)).toEqual(parts)
})

test.each([
  ['${{ a }}', true, true],
  ['a ${{', true, true],
  ['$${{ a }}', true, false],
  ['$${{ a }} ${{ b }}', true, true],
  ['{{ a }}', false, false],
  [5, false, false],
  [null, false, false],
  [['${{ a }}'], false, false],
])('%j: template %j, expression %j', (value, template, expression) => {
  expect([hasTemplate(value), hasExpression(value)]).toEqual([template, expression])
})

test('a long text of dollars and open braces takes no time', { timeout: 10_000 }, () => {
  for (const piece of ['$', '${{', '$${{', '${{}}', "${{'"]) splitExpressions(piece.repeat(200_000))
})
