import { describe, expect, test } from 'vitest'
import { contextsOf } from '../../src/manifest/contexts.ts'
import { checker, type Evaluated, evaluator } from '../../src/manifest/expressions.ts'
import { fieldsOf, read, readProfile, type Surroundings, withoutPlaces } from './reading.ts'

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

describe('in a manifest', () => {
  const offline: Surroundings = { offline: true }
  const URL_OF = '${{ env.URL }}'

  test('the value of an expression has to keep the rules, and is not shown', async () => {
    const wrong = await readProfile(
      { url: URL_OF, title: '${{ env.T }}', body: '${{ fromJSON(env.B) }}' },
      {
        env: { URL: 'ftp://s3cret', T: 's3cret!', B: '["s3cret"]' },
      },
    )
    expect(withoutPlaces(wrong.errors)).toEqual([
      'profiles.orders.title: expected letters, digits, hyphens, underscores and single spaces, with no space at either end',
      'profiles.orders.url: expected a URL that starts with https:// or http://',
      'profiles.orders.body: expected an object, found a list',
    ])
    expect(await fieldsOf({ url: URL_OF }, { env: { URL: 'https://h.example.com' } })).toHaveProperty(
      'url',
      'https://h.example.com',
    )
  })

  test('a literal `${{` has to keep the rules, too', async () => {
    for (const surroundings of [{}, offline]) {
      const { errors } = await readProfile({ url: 'ftp://$${{x}}' }, surroundings)
      expect(withoutPlaces(errors)).toEqual([
        'profiles.orders.url: expected a URL that starts with https:// or http://',
      ])
    }
  })

  test.each<[fields: object]>([
    [{ url: URL_OF }],
    [{ title: '${{ env.T }}' }],
    [{ http_method: '${{ env.M }}', body: undefined }],
    [{ body: '${{ fromJSON(env.B) }}' }],
    [{ body: { a: '${{ env.B }}' } }],
    [{ headers: '${{ fromJSON(env.H) }}' }],
    [{ headers: { 'x-a': '${{ env.H }}' } }],
    [{ enc: '${{ fromJSON(env.E) }}' }],
    [{ enc: { algo: '${{ env.A }}', key: 'k', IV: '${{ env.I }}' } }],
    [{ enc: { algo: 'AES-128-GCM', key: '${{ env.K }}', IV: '${{ env.I }}' } }],
    [{ channel: '${{ env.C }}', events: '${{ env.V }}' }],
    [{ channel: 'sms', events: ['${{ env.V }}'] }],
    [{ previous_titles: ['${{ env.P }}'], state: '${{ env.S }}', id: '${{ env.I }}' }],
  ])('without evaluation the rules of the value are not checked: %j', async (fields) => {
    const { errors, warnings } = await readProfile(fields, offline)
    expect([...errors, ...warnings]).toEqual([])
  })

  test('without evaluation all else is checked', async () => {
    const { errors } = await readProfile(
      {
        headers: { 'x a': '${{ env.H }}', 'x-b': '${{ secrets.B }}' },
        enc: { algo: 'AES-1', key: '${{ env.K }}', iv: '${{' },
      },
      offline,
    )
    expect(withoutPlaces(errors).map((error) => error.slice(0, 60))).toEqual([
      expect.stringContaining('profiles.orders.headers.x a: expected a header name'),
      expect.stringContaining('profiles.orders.headers.x-b: `secrets.B` is out of reach'),
      expect.stringContaining('profiles.orders.enc.IV: it is missing'),
      expect.stringContaining('profiles.orders.enc.algo: expected one of'),
      expect.stringContaining('profiles.orders.enc.iv: unknown field'),
      expect.stringContaining('profiles.orders.enc.iv: the expression has no closing'),
    ])
  })

  test('a name of the body cannot hold one', async () => {
    const { errors } = await readProfile({ body: { a: { '${{ env.A }}': 1 } } })
    expect(withoutPlaces(errors)).toEqual([
      'profiles.orders.body.a.${{ env.A }}: expected a name without an expression: only values are evaluated',
    ])
  })

  test('an expression counts however its braces are spelt', async () => {
    const text = 'title: GH A\nhttp_method: GET\nurl: "https://h.example.com/\\x24\\x7b{ env.STAGE }}"\n'
    const { entries } = await read(text, { env: { STAGE: 'test' } })
    expect(entries[0]?.profile.fields.url).toBe('https://h.example.com/test')
  })

  test('an entry tells what is written, and which values made it', async () => {
    const headers = { authorization: 'Bearer ${{ env.TOKEN }}', 'x-a': 'b' }
    const { entries } = await readProfile({ headers }, { env: { TOKEN: 's3cret' } })

    expect(entries[0]?.written.headers).toEqual(headers)
    expect(entries[0]?.profile.fields.headers).toEqual({ authorization: 'Bearer s3cret', 'x-a': 'b' })
    expect(entries[0]?.variables).toEqual(new Map([['headers.authorization', ['s3cret']]]))
  })

  test('what an expression gives is not nested too deeply', async () => {
    const B = `{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`
    const { errors } = await readProfile({ body: '${{ fromJSON(env.B) }}' }, { env: { B } })
    expect(errors).toEqual([expect.stringContaining('expected at most 100 levels of nesting')])
  })
})
