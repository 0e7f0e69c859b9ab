import { describe, expect, test } from 'vitest'
import { credentialProblems, DEFAULT_MANIFEST, readInputs, type Settings } from '../src/inputs.ts'

type Inputs = Readonly<Record<string, string>>
const read = (inputs: Inputs) => readInputs((name) => inputs[name] ?? '')
const settingsOf = (inputs: Inputs): Settings => {
  const { settings, problems } = read(inputs)
  if (settings === null) throw new Error(JSON.stringify(problems))
  return settings
}
const messages = (inputs: Inputs): string[] =>
  read(inputs).problems.map(({ input, message }) => `${input}: ${message}`)

test('inputs that are not set have their defaults', () => {
  expect(settingsOf({})).toMatchObject({
    mode: 'auto',
    apiKey: '',
    sid: '',
    origin: 'https://api.kaleyra.io',
    region: 'sg',
    source: { kind: 'files', patterns: [DEFAULT_MANIFEST], implied: true },
    onExisting: 'update',
    allowDelete: false,
    maxDeletes: 5,
    rewriteSecrets: false,
    expectedPlan: '',
    failOnChanges: false,
    concurrency: 4,
    timeoutMs: 30_000,
    retries: 4,
    summary: true,
  })
})

test.each<[inputs: Inputs, settings: Partial<Settings>]>([
  [{ mode: 'validate' }, { mode: 'validate' }],
  [{ mode: 'PLAN' }, { mode: 'plan' }],
  [{ region: 'in' }, { region: 'in', origin: 'https://api.in.kaleyra.io' }],
  [{ region: 'na' }, { origin: 'https://api.na.kaleyra.ai' }],
  [
    { region: 'eu', 'api-url': 'https://api.ap.kaleyra.io/' },
    { region: 'eu', origin: 'https://api.ap.kaleyra.io' },
  ],
  [{ 'api-url': 'http://localhost:8080' }, { origin: 'http://localhost:8080' }],
  [{ 'on-existing': 'Keep' }, { onExisting: 'keep' }],
  [
    { 'allow-delete': 'TRUE', 'max-deletes': '0' },
    { allowDelete: true, maxDeletes: 0 },
  ],
  [{ 'expected-plan': 'ABC' }, { expectedPlan: 'abc' }],
  [
    { concurrency: '32', timeout: '600', retries: '0' },
    { concurrency: 32, timeoutMs: 600_000, retries: 0 },
  ],
  [
    { summary: 'false', 'fail-on-changes': 'true' },
    { summary: false, failOnChanges: true },
  ],
  [
    { 'api-key': 'A1b2', sid: 'HXIN1' },
    { apiKey: 'A1b2', sid: 'HXIN1' },
  ],
])('%j', (inputs, settings) => {
  expect(settingsOf(inputs)).toMatchObject(settings)
})

describe('a value that cannot be used is refused with what was expected', () => {
  test.each<[inputs: Inputs, message: string]>([
    [{ mode: 'dry-run' }, 'mode: expected one of auto, validate, plan, apply, export, found "dry-run"'],
    [
      { mode: 'aply' },
      'mode: expected one of auto, validate, plan, apply, export, found "aply" — did you mean `apply`?',
    ],
    [{ region: 'us' }, 'region: expected one of sg, in, eu, na, found "us"'],
    [{ 'on-existing': 'skip' }, 'on-existing: expected one of update, keep, fail, found "skip"'],
    [{ 'allow-delete': 'yes' }, 'allow-delete: expected true or false, found "yes"'],
    [{ summary: '1' }, 'summary: expected true or false, found "1"'],
    [{ concurrency: '0' }, 'concurrency: expected a whole number from 1 to 32, found "0"'],
    [{ concurrency: '1e1' }, 'concurrency: expected a whole number from 1 to 32, found "1e1"'],
    [{ timeout: '0x10' }, 'timeout: expected a whole number from 1 to 600, found "0x10"'],
    [{ retries: '-1' }, 'retries: expected a whole number from 0 to 20, found "-1"'],
    [{ retries: ' ' }, 'retries: expected a whole number from 0 to 20, found " "'],
    [{ 'max-deletes': '9'.repeat(400) }, 'max-deletes: expected a whole number from 0 to 5000, found "999'],
    [{ 'api-url': 'api.kaleyra.io' }, 'api-url: expected the address of the API domain alone'],
    [
      { 'api-key': 'a b' },
      'api-key: holds a space, a line break or a character that no credential has: copy it again',
    ],
    [
      { 'github-token': 'a b' },
      'github-token: holds a space, a line break or a character that no credential has: copy it again',
    ],
    [{ 'api-key': 'a\n' }, 'api-key: holds a space'],
    [{ 'api-key': 'ключ' }, 'api-key: holds a space'],
    [{ sid: 'HX1/messages' }, 'sid: expected the account SID alone, without a path or URL'],
    [{ sid: '..' }, 'sid: expected the account SID alone'],
    [{ sid: 'HX1?a' }, 'sid: expected the account SID alone'],
  ])('%.60j', (inputs, message) => {
    expect(messages(inputs)).toEqual([expect.stringContaining(message)])
  })

  test('all of them at once', () => {
    expect(messages({ mode: 'x', region: 'x', retries: 'x', manifest: 'a.yml', url: 'x' })).toHaveLength(4)
  })

  test('a credential is not repeated', () => {
    expect(messages({ 'api-key': 's3cret key', sid: 's3cret sid' }).join()).not.toContain('s3cret')
  })
})

describe('profiles come from one source', () => {
  test.each([
    ['a.yml', ['a.yml']],
    ['a.yml, b.yml', ['a.yml', 'b.yml']],
    ['a.yml\nteams/**/*.yml\r\n\n , b.yml,', ['a.yml', 'teams/**/*.yml', 'b.yml']],
    ['*.{yml,yaml}, b.yml', ['*.{yml,yaml}', 'b.yml']],
    ['{a,b}/{c,d}.yml,e.yml\n{f,g}.yml', ['{a,b}/{c,d}.yml', 'e.yml', '{f,g}.yml']],
    ['with space.yml', ['with space.yml']],
  ])('files: %j', (manifest, patterns) => {
    expect(settingsOf({ manifest }).source).toEqual({ kind: 'files', patterns, implied: false })
  })

  test.each([',', '\n', ' , \n'])('no file at all is the default one: %j', (manifest) => {
    expect(settingsOf({ manifest }).source).toMatchObject({ patterns: [DEFAULT_MANIFEST], implied: true })
  })

  test('the text of a manifest', () => {
    expect(settingsOf({ profiles: 'profiles: {}' }).source).toEqual({ kind: 'inline', text: 'profiles: {}' })
  })

  test('a field each, spelt as the API spells it', () => {
    const inputs = [
      'title',
      'http-method',
      'url',
      'body',
      'headers',
      'response-message',
      'enc',
      'channel',
      'events',
    ]
    const { source } = settingsOf(Object.fromEntries(inputs.map((input) => [input, `text of ${input}`])))

    expect(source).toEqual({
      kind: 'fields',
      fields: inputs.map((input) => ({
        input,
        field: input.replace('-', '_'),
        text: `text of ${input}`,
        structured: ['body', 'headers', 'enc', 'events'].includes(input),
      })),
    })
  })

  test.each<[inputs: Inputs, message: string]>([
    [
      { manifest: 'a.yml', profiles: 'x' },
      'manifest: expected one source of profiles, found 2: `manifest` and `profiles`. Keep one and remove the others',
    ],
    [
      { manifest: 'a.yml', title: 'x', url: 'x' },
      'manifest: expected one source of profiles, found 2: `manifest` and `title`, `url`. Keep one',
    ],
    [
      { profiles: 'x', body: '{}' },
      'profiles: expected one source of profiles, found 2: `profiles` and `body`. Keep one',
    ],
    [
      { manifest: 'a.yml', profiles: 'x', title: 'x' },
      'manifest: expected one source of profiles, found 3: `manifest` and `profiles` and `title`. Keep one',
    ],
  ])('two are refused, and all of them named: %j', (inputs, message) => {
    expect(messages(inputs)).toEqual([expect.stringContaining(message)])
  })
})

describe('credentials that are missing', () => {
  test('are named with the line to write, and with why they may be empty', () => {
    const problems = credentialProblems({ apiKey: '', sid: '' }, false)
    expect(problems.map(({ input }) => input)).toEqual(['api-key', 'sid'])
    expect(problems[0]?.message).toContain(
      '`api-key: ${{ secrets.KALEYRA_API_KEY }}`. A secret whose name is mistyped',
    )
    expect(problems[1]?.message).toContain('`sid: ${{ secrets.KALEYRA_SID }}`')
  })

  test('are no wonder in a fork', () => {
    expect(credentialProblems({ apiKey: 'A1', sid: '' }, true)).toEqual([
      { input: 'sid', message: expect.stringContaining('A pull request from a fork gets no secrets') },
    ])
  })

  test('are none where both are there', () => {
    expect(credentialProblems({ apiKey: 'A1', sid: 'HX1' }, false)).toEqual([])
  })
})
