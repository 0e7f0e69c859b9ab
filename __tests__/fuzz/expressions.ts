import { strict as assert } from 'node:assert'
import fc from 'fast-check'
import { checker, type Evaluated, evaluator } from '../../src/manifest/expressions.ts'
import { mutated } from './mutations.ts'

const SECRET = 'canary-4711'
const CONTEXTS = {
  env: {
    TOKEN: SECRET,
    STAGE: 'test',
    EMPTY: '',
    LIST: '[1,"a",null,{"b":[true]}]',
    LONG: 'x'.repeat(10_000),
  },
  github: {
    ref: 'refs/heads/main',
    event: { inputs: { a: 1 }, commits: [{ id: 'a' }, { id: 'b' }], deep: {} },
  },
}

const DOCUMENTS = [
  '${{ env.TOKEN }}',
  'https://h.example.com/${{ env.STAGE }}/x?y=${{ env.TOKEN || env.EMPTY }}',
  "${{ format('{0} {1} {{}}', env.STAGE, fromJSON(env.LIST)[1]) }}",
  "${{ join(github.event.commits.*.id, ', ') }} $${{ literal }} ${{ toJSON(github.event) }}",
  "${{ (env.STAGE == 'test' && !contains(env.LIST, 'a')) || startsWith(github.ref, 'refs/') && endsWith(github.ref, 'n') }}",
  "${{ case(env.STAGE == 'test', 1.5e3, 0x1F < 3, 'it''s', null) }}",
  "${{ env[format('{0}', 'STAGE')] != github['event'].inputs.a }} ${{ true }}${{ null }}${{ -1 }}",
]
const PIECES = [
  ...[
    '',
    ' ',
    '\n',
    "'",
    "''",
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '}}',
    '${{',
    '$${{',
    '.',
    ',',
    '*',
    '!',
    '&&',
    '||',
  ],
  ...[
    '==',
    '!=',
    '<',
    '<=',
    '>',
    '>=',
    '{0}',
    '{9999999999}',
    '{-1}',
    '0x',
    '1e999',
    '-',
    '.5',
    'NaN',
    'null',
    'true',
  ],
  ...[
    'env',
    'env.TOKEN',
    'env.NOPE',
    'env.LONG',
    'github',
    'github.event.*',
    'github.token',
    'secrets.X',
    'matrix',
    'x',
  ],
  ...[
    'format(',
    'join(',
    'toJSON(',
    'fromJSON(',
    'contains(',
    'startsWith(',
    'case(',
    'hashFiles(',
    'success()',
  ],
  ...[
    '__proto__',
    'constructor',
    "'constructor'",
    "['__proto__']",
    '\0',
    '\ud800',
    '\u2028',
    '('.repeat(60),
    '!'.repeat(60),
  ],
  ...[
    'toJSON('.repeat(45),
    "format('{0}{0}{0}{0}', ".repeat(40),
    '[0]'.repeat(60),
    '.*'.repeat(60),
    'x'.repeat(3000),
  ],
]

const LEAVES = [
  ...[
    "'a'",
    "''",
    "'{0}{1}'",
    "'[1,[2]]'",
    '0',
    '-1.5e3',
    '0xff',
    'true',
    'null',
    'env',
    'env.TOKEN',
    'env.LONG',
    'env.NOPE',
  ],
  ...['github.event', 'github.event.commits', 'github.ref', 'secrets.X', 'fromJSON(env.LIST)'],
]
const NAMES = ['format', 'join', 'toJSON', 'fromJSON', 'contains', 'startsWith', 'endsWith', 'case']
/** What may stand around an expression, many times over. */
const TOWERS = [
  ["format('{0}{0}{0}{0}', ", ')'],
  ["join(fromJSON('[1,1,1,1]'), ", ')'],
  ['toJSON(', ')'],
  ['fromJSON(toJSON(', '))'],
  ['(', ')'],
  ['!', ''],
  ['', '.*'],
  ['', '[0]'],
] as const

/** Expressions that are well formed, most of them. */
const { wellFormed } = fc.letrec<{ wellFormed: string }>((tie) => {
  const inner = tie('wellFormed')
  const operator = fc.constantFrom('&&', '||', '==', '!=', '<', '<=', '>', '>=')
  const tower = fc.tuple(fc.constantFrom(...TOWERS), fc.nat(45), inner)
  return {
    wellFormed: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(...LEAVES),
      fc.tuple(inner, operator, inner).map((parts) => parts.join(' ')),
      fc
        .tuple(fc.constantFrom(...NAMES), fc.array(inner, { maxLength: 4 }))
        .map(([name, args]) => `${name}(${args.join(', ')})`),
      tower.map(([[open, shut], times, value]) => open.repeat(times) + value + shut.repeat(times)),
    ),
  }
})

/** Damaged texts with expressions, and expressions of any shape. */
export const expression = fc.oneof(
  mutated(DOCUMENTS, PIECES),
  wellFormed.map((source) => `\${{ ${source} }}`),
)

/** What holds of every text: it gives a JSON value or messages, not too long, and no message repeats what a variable holds. */
export async function expressionHolds(text: string): Promise<void> {
  check(evaluator(CONTEXTS)(text))
  const checked = checker()(text)
  check(checked)
  if (checked.kind === 'value') assert.equal(checked.made, false)
}

function check(evaluated: Evaluated): void {
  if (evaluated.kind === 'unknown') return
  if (evaluated.kind === 'value') {
    const json = JSON.stringify(evaluated.value)
    assert.deepEqual(JSON.parse(json), evaluated.value)
    assert.ok(json.length < 8 * 1024 * 1024)
    if (json.includes(SECRET)) assert.ok(evaluated.variables.some((value) => value.includes(SECRET)))
    return
  }
  assert.ok(evaluated.messages.length > 0)
  for (const message of evaluated.messages) {
    assert.ok(message !== '' && !message.includes(SECRET), message)
    assert.ok(message.length < 30_000)
  }
}
