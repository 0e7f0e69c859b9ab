import { strict as assert } from 'node:assert'
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

/** Damaged texts with expressions. */
export const expression = mutated(DOCUMENTS, PIECES)

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
