import { describe, expect, test } from 'vitest'
import { contextsOf } from '../../src/manifest/contexts.ts'
import { checker, type Evaluated, evaluator } from '../../src/manifest/expressions.ts'

const ENV = {
  STAGE: 'test',
  TOKEN: 's3cret',
  EMPTY: '',
  JSON: '{"a":[1,true,null],"title":"x"}',
  GITHUB_REF_NAME: 'main',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_TOKEN: 'ghs_1',
  INPUT_SID: 'HX1',
  'INPUT_API-KEY': 'k',
  ACTIONS_RUNTIME_TOKEN: 't',
}
const EVENT = {
  action: 'opened',
  pull_request: { number: 7, title: '${{ env.TOKEN }}', draft: false },
  commits: [{ id: 'c1' }],
}
const evaluate = evaluator(contextsOf({ env: ENV, event: EVENT }))

const given = (text: string): unknown => {
  const result = evaluate(text)
  return result.kind === 'value' ? result.value : result
}
const messagesOf = (result: Evaluated): readonly string[] => (result.kind === 'wrong' ? result.messages : [])

describe('a value', () => {
  test.each<[text: string, value: unknown]>([
    ['https://h.example.com/${{ env.STAGE }}/a', 'https://h.example.com/test/a'],
    ['${{env.STAGE}}-${{ env.STAGE }}', 'test-test'],
    ['${{ ENV.stage }}', 'test'],
    ["${{ env['STAGE'] }}", 'test'],
    ["${{ format('{0}/{1}', env.STAGE, github.ref_name) }}", 'test/main'],
    ["${{ '}}' }}", '}}'],
    ["${{ 'it''s' }}", "it's"],
    ['${{ github.event.action }}', 'opened'],
    ['${{ github.event_name }}', 'push'],
    ['#${{ github.event.pull_request.number }}', '#7'],
    ['${{ github.event.commits[0].id }}', 'c1'],
    ["${{ join(github.event.commits.*.id, '+') }}", 'c1'],
    ['${{ github.event.pull_request.title }}', '${{ env.TOKEN }}'],
    ["${{ env.STAGE == 'prod' && 'a' || 'b' }}", 'b'],
  ])('%s is %j', (text, value) => {
    expect(given(text)).toEqual(value)
  })

  test.each<[text: string, value: unknown]>([
    ['${{ fromJSON(env.JSON) }}', { a: [1, true, null], title: 'x' }],
    ['${{ fromJSON(env.JSON).a }}', [1, true, null]],
    ['${{ github.event.pull_request.number }}', 7],
    ['${{ github.event.pull_request.draft }}', false],
    ["${{ env.STAGE == 'test' }}", true],
    ['${{ 1.5 }}', 1.5],
    ['${{ null }}', null],
  ])('that is one whole expression keeps its type: %s', (text, value) => {
    expect(given(text)).toEqual(value)
  })

  test.each([
    ['$${{ env.STAGE }}', '${{ env.STAGE }}'],
    ['a $${{', 'a ${{'],
    ['$${{ x }} ${{ env.STAGE }}', '${{ x }} test'],
    ['$5 $$ ${{ env.STAGE }}', '$5 $$ test'],
    ['$$${{ env.STAGE }}', '$${{ env.STAGE }}'],
  ])('%s holds a literal: %s', (text, value) => {
    expect(given(text)).toBe(value)
  })

  test('tells which environment variables made it', () => {
    expect(evaluate('${{ env.STAGE }} ${{ env.EMPTY || env.TOKEN }} ${{ github.event.action }}')).toEqual({
      kind: 'value',
      value: 'test s3cret opened',
      made: true,
      variables: ['test', 's3cret'],
    })
    expect(evaluate('$${{ literal')).toMatchObject({ made: false, variables: [] })
  })
})

test('all variables made what an expression makes of `env` as a whole', () => {
  for (const text of ['${{ toJSON(env) }}', "${{ join(env.*, ' ') }}"])
    expect(evaluate(text)).toMatchObject({ variables: expect.arrayContaining(['test', 's3cret']) })
  expect(evaluate('${{ env.STAGE }}')).toMatchObject({ variables: ['test'] })
})

describe('what an expression makes of a few words has an end', () => {
  const nested = (call: (inner: string) => string, levels: number): string =>
    `\${{ ${Array.from({ length: levels }).reduce<string>(call, "'0123456789'")} }}`
  const TOO_LONG = 'the expression cannot be evaluated: it gives more than 1048576 characters'

  test.each([
    ['format', nested((inner) => `format('${'{0}'.repeat(50)}', ${inner})`, 20)],
    ['format that has many places', nested((inner) => `format('${'{0}'.repeat(3000)}', ${inner})`, 2)],
    ['toJSON', nested((inner) => `toJSON(${inner})`, 40)],
    ['join', `\${{ join(fromJSON('[${'1,'.repeat(3000)}1]'), '${'x'.repeat(4000)}') }}`],
  ])('of %s', (_, text) => {
    const started = performance.now()
    expect(messagesOf(evaluate(text))).toEqual([TOO_LONG])
    expect(performance.now() - started).toBeLessThan(2000)
  })

  test('also where many expressions stand in one text, or in one manifest', () => {
    const run = evaluator({ env: { A: 'x'.repeat(100_000) }, github: {} })
    expect(messagesOf(run('${{ env.A }}'.repeat(11)))).toEqual([
      'the expressions give more than 1048576 characters',
    ])
    for (let count = 1; count <= 8; count += 1)
      expect(run('${{ env.A }}'.repeat(10))).toMatchObject({ kind: 'value' })
    expect(messagesOf(run('${{ env.A }}'.repeat(10)))).toEqual([
      'the expressions down to here give more than 8388608 characters',
    ])
    expect(run('$${{ a literal')).toMatchObject({ kind: 'value' })
  })

  test('and so has how deeply it is nested', () => {
    const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
    for (const levels of [5000, 50_000, 500_000]) {
      const run = evaluator({ env: { DEEP: deep(levels) }, github: {} })
      const evaluated = run('${{ fromJSON(env.DEEP) }}')
      if (evaluated.kind === 'wrong')
        expect(evaluated.messages[0]).toMatch(
          /nested too deeply$|Error parsing JSON when evaluating fromJson$/,
        )
    }
  })
})

describe('a variable that is unset or empty', () => {
  const HINT =
    "is unset or empty: add it to the step's `env:` (a mistyped secret, and a secret in a run from a fork, arrive empty)"
  test.each([
    ['${{ env.NOPE }}', 'env.NOPE'],
    ['a${{ env.EMPTY }}b', 'env.EMPTY'],
    ["${{ env['NOPE'] }}", 'env.NOPE'],
    ["${{ env[format('{0}', 'NOPE')] }}", 'env[…]'],
    ['${{ (env.NOPE) }}', 'env.NOPE'],
    ["${{ format('{0}', env.NOPE) }}", 'env.NOPE'],
    ['${{ !env.NOPE }}', 'env.NOPE'],
    ["${{ env.NOPE && 'a' }}", 'env.NOPE'],
    ["${{ contains(env.NOPE, 'a') || 'b' }}", 'env.NOPE'],
    ['${{ env.NOPE < 1 }}', 'env.NOPE'],
    ['${{ env.constructor }}', 'env.constructor'],
    ['${{ env.__proto__ }}', 'env.__proto__'],
    ['${{ env.GITHUB_TOKEN }}', 'env.GITHUB_TOKEN'],
    ['${{ env.ACTIONS_RUNTIME_TOKEN }}', 'env.ACTIONS_RUNTIME_TOKEN'],
    ['${{ env.INPUT_SID }}', 'env.INPUT_SID'],
    ["${{ env['INPUT_API-KEY'] }}", 'env.INPUT_API-KEY'],
  ])('is an error that names it: %s', (text, name) => {
    expect(messagesOf(evaluate(text))).toEqual([`\`${name}\` ${HINT}`])
  })

  test.each([
    ['${{ github.event.inputs.stage }}', 'github.event.inputs.stage'],
    ['${{ github.event.commits[3].id }}', 'github.event.commits.3.id'],
    ['${{ github.head_ref }}', 'github.head_ref'],
    ['${{ github.env }}', 'github.env'],
  ])('of the run is an error, too: %s', (text, name) => {
    expect(messagesOf(evaluate(text))).toEqual([`\`${name}\` is unset or empty in this run`])
  })

  test.each([
    ["${{ env.NOPE || 'b' }}", 'b'],
    ["${{ env.NOPE || env.EMPTY || 'c' }}", 'c'],
    ["${{ (env.NOPE) || 'b' }}", 'b'],
    ["${{ env.NOPE && 'a' || 'b' }}", 'b'],
    ["${{ env.NOPE == '' }}", true],
    ["${{ 'a' != env.NOPE }}", true],
    ["${{ github.event.inputs.stage || 'prod' }}", 'prod'],
    ['${{ env.EMPTY || env.NOPE }}', null],
  ])('may be an operand of ||, == and !=: %s', (text, value) => {
    expect(given(text)).toEqual(value)
  })

  test('all of them are named at once, each once', () => {
    expect(messagesOf(evaluate("${{ env.A }}${{ format('{0}{1}', env.B, env.A) }}${{ env.B"))).toEqual([
      `\`env.A\` ${HINT}`,
      `\`env.B\` ${HINT}`,
      `\`env.A\` ${HINT}`,
      'the expression has no closing `}}`',
    ])
  })
})

describe('what a workflow knows and a manifest does not', () => {
  test.each([
    ['${{ secrets.HOOK_TOKEN }}', 'secrets.HOOK_TOKEN', 'HOOK_TOKEN'],
    ["${{ secrets['hook-token'] }}", 'secrets.hook-token', 'HOOK_TOKEN'],
    ["${{ secrets.A || 'b' }}", 'secrets.A', 'A'],
    ["${{ secrets.A == '' }}", 'secrets.A', 'A'],
    ['${{ vars.STAGE }}', 'vars.STAGE', 'STAGE'],
    ['${{ inputs.stage }}', 'inputs.stage', 'STAGE'],
    ['${{ needs.build.outputs.url }}', 'needs.build.outputs.url', 'URL'],
    ['${{ steps.x.outputs.url }}', 'steps.x.outputs.url', 'URL'],
    ['${{ github.token }}', 'github.token', 'TOKEN'],
    ['${{ toJSON(secrets) }}', 'secrets.NAME', 'NAME'],
  ])('%s shows the line to write', (text, written, name) => {
    const message = `\`${written}\` is out of reach here: write \`${name}: \${{ ${written} }}\` under the step's \`env:\` and use \`env.${name}\``

    expect(messagesOf(evaluate(text))).toEqual([message])
    expect(messagesOf(checker()(text))).toEqual([message])
  })
})

describe('an expression that cannot be read', () => {
  test.each([
    ['${{ }}', 'the expression is empty'],
    ['${{', 'the expression has no closing `}}`'],
    ["${{ 'open }}", 'the expression has no closing `}}`'],
    ['${{ env. }}', 'the expression cannot be read: Unexpected end of expression'],
    ['${{ 1 + 1 }}', "the expression cannot be read: Unexpected symbol: '+'. Located at position 4"],
    [
      '${{ evn.STAGE }}',
      "the expression cannot be read: Unrecognized named-value: 'evn' — did you mean `env`?",
    ],
    ['${{ STAGE }}', "the expression cannot be read: Unrecognized named-value: 'STAGE'"],
    ['${{ fromJson2(env.STAGE) }}', "Unrecognized function: 'fromJson2' — did you mean `fromjson`?"],
    ["${{ hashFiles('**') }}", "the expression cannot be read: Unrecognized function: 'hashFiles'"],
    ['${{ fromJSON() }}', 'the expression cannot be read: Too few parameters supplied'],
    [`\${{ ${'('.repeat(100)}1${')'.repeat(100)} }}`, 'Exceeded max expression depth 50'],
    [`\${{ ${'1'.repeat(30_000)} }}`, 'the expression cannot be read: it is too long'],
    ['${{ NaN }}', 'the expression gives no number'],
  ])('%.40s: %s', (text, message) => {
    expect(messagesOf(evaluate(text))).toEqual([expect.stringContaining(message)])
    expect(messagesOf(checker()(text))).toEqual([expect.stringContaining(message)])
  })

  test.each([
    ['${{ fromJSON(env.TOKEN) }}', 'Error parsing JSON when evaluating fromJson'],
    ['${{ format(env.BRACE) }}', 'The following format string is invalid'],
    [
      "${{ format(env.BRACES, 'x') }}",
      'The following format string references more arguments than were supplied',
    ],
    [`\${{ 1 ${'== 1'.repeat(5000)} }}`, 'Maximum call stack size exceeded'],
  ])('or evaluated does not repeat a value: %.40s', (text, message) => {
    const env = { TOKEN: 's3cret', BRACE: '{s3cret', BRACES: '{7} s3cret' }
    const messages = messagesOf(evaluator(contextsOf({ env, event: null }))(text))

    if (text.length < 1000) expect(messages).toEqual([`the expression cannot be evaluated: ${message}`])
    expect(messages.join()).not.toContain('s3cret')
  })
})

describe('the checker of `validate`', () => {
  test.each([
    '${{ env.NOPE }}',
    '${{ fromJSON(env.NOPE).a }}',
    '${{ github.event.a.b }}',
    "${{ env.NOPE == 'x' && fromJSON('nonsense') || github.x }}",
    '${{ github.event.commits.*.id }}',
    "${{ format('{9}') }}",
  ])('takes %s and evaluates nothing', (text) => {
    expect(checker()(text)).toEqual({ kind: 'unknown' })
  })

  test('finds names in branches that evaluation would not reach', () => {
    const text = "${{ 'a' || secrets.B && env[secrets.C] || fromJSON(vars.D) }}"
    expect(messagesOf(checker()(text)).map((message) => message.split('`')[1])).toEqual([
      'secrets.B',
      'secrets.C',
      'vars.D',
    ])
  })

  test('knows what an escaped text says', () => {
    expect(checker()('$${{ x }}')).toEqual({ kind: 'value', value: '${{ x }}', made: false, variables: [] })
  })
})
