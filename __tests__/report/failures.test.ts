import { describe, expect, test } from 'vitest'
import { KaleyraError } from '../../src/kaleyra/error.ts'
import type { Entry } from '../../src/manifest/entry.ts'
import {
  blockedWarnings,
  endpointFailures,
  failuresOf,
  failureText,
  inputText,
  planFailures,
  redacted,
  unexpected,
} from '../../src/report/failures.ts'
import { entriesOf } from '../declared.ts'
import { change, failure, planned, result } from './reports.ts'

const refusal = (text: string): KaleyraError =>
  new KaleyraError({
    kind: 'refused',
    operation: 'create profile "GH Orders"',
    status: 400,
    said: `RBC302 ${text}`,
    issues: [{ part: 'body', text }],
    hint: 'Mend it.',
  })

const POLICY = { allowDelete: false, maxDeletes: 5, expectedPlan: '', failOnChanges: false }

describe('what keeps a plan from being applied', () => {
  const drifted = change({ verb: 'update' })
  const doomed = change({ verb: 'delete' })

  test('are errors of the plan, on the line of the profile', async () => {
    const base = await planned([drifted])
    const entry = base.steps[0]?.entry ?? null
    const errors = [{ change: drifted, entry, message: 'differs' }]
    for (const mode of ['apply', 'plan'] as const) {
      const found = planFailures({ ...base, errors }, POLICY, mode, null)
      expect(found.map(failureText)).toEqual(['orders: differs'])
      expect(found[0]?.place).toMatchObject({ file: 'callbacks.yml', line: 1 })
    }
  })

  test('are deletions without permission, which a plan only warns of', async () => {
    const base = await planned([doomed])
    expect(planFailures(base, POLICY, 'apply', null).map(failureText)).toEqual([
      expect.stringContaining('set `allow-delete: true`'),
    ])
    expect(planFailures(base, POLICY, 'plan', null)).toEqual([])
    expect(blockedWarnings(base, POLICY)).toHaveLength(1)
    const permitted = { ...POLICY, allowDelete: true }
    expect(planFailures(base, permitted, 'apply', null)).toEqual([])
    expect(planFailures(base, { ...permitted, maxDeletes: 0 }, 'apply', null).map(failureText)).toEqual([
      expect.stringContaining('`max-deletes` permits 0'),
    ])
  })

  test('is another plan than the reviewed one', async () => {
    const base = await planned([drifted])
    const found = planFailures(base, { ...POLICY, expectedPlan: 'abc' }, 'apply', null)
    expect(found.map(failureText)).toEqual([
      expect.stringMatching(
        new RegExp(`digest is ${base.plan.digest}, \`expected-plan\` is abc\\. .*review the new plan\\.$`),
      ),
    ])
    expect(planFailures(base, { ...POLICY, expectedPlan: base.plan.digest }, 'apply', null)).toEqual([])
    expect(planFailures(base, { ...POLICY, expectedPlan: 'abc' }, 'plan', null)).toEqual([])
  })

  test('is any change, where a plan is to have none', async () => {
    const strict = { ...POLICY, failOnChanges: true }
    expect(planFailures(await planned([drifted]), strict, 'plan', null)).toHaveLength(1)
    expect(planFailures(await planned([change()]), strict, 'plan', null)).toEqual([])
    expect(planFailures(await planned([drifted]), strict, 'apply', null)).toEqual([])
  })
})

describe('what went wrong in an apply', () => {
  const created = change({ verb: 'create', id: null })

  test.each([
    ['body/enc/key must NOT have fewer than 32 characters', 7],
    ['body/enc must be object', 6],
    ["body/enc must have required property 'IV'", 6],
    ['body/title must match pattern', 3],
    ["body must have required property 'title'", null],
    ['No such thing', null],
  ])('stands on the line of the field that the API names, else of the profile: %s', async (text, line) => {
    const [entry] = await entriesOf(`profiles:
  orders:
    title: GH Orders
    http_method: GET
    enc:
      IV: fedcba9876543210
      key: 0123456789abcdef
      algo: AES-128-CFB
    url: https://hooks.example.com
`)
    const base = await planned([created], entry)
    const [found] = failuresOf(base, [result(created, { error: refusal(text) })], [])
    expect(found?.place).toMatchObject(
      line === null ? (entry?.place([]) ?? {}) : { file: 'callbacks.yml', line },
    )
  })

  test('keeps the words of the server apart from its own', async () => {
    const [found] = failuresOf(
      await planned([created]),
      [result(created, { error: refusal('body/url is taken') })],
      [],
    )
    expect(found).toMatchObject({
      message: 'create profile "GH Orders" failed: HTTP 400 — ',
      said: 'RBC302 body/url is taken',
      hint: 'Mend it.',
    })
  })

  test('is an error, else what the verification found, in the order of the plan', async () => {
    const changes = ['a', 'b', 'c'].map((key) => change({ key, verb: 'update' }))
    const [a, b, c] = changes as [typeof created, typeof created, typeof created]
    const results = [result(a, { error: new Error('not tried') }), result(b), result(c)]
    const discrepancies = [
      { change: a, message: 'hidden by its error' },
      { change: c, message: 'shows other values' },
    ]
    const found = failuresOf(await planned(changes), results, discrepancies)
    expect(found.map(failureText)).toEqual(['a: not tried', 'c: shows other values'])
  })
})

describe('one line', () => {
  test.each([
    [{ change: change(), message: 'it is gone' }, 'orders: it is gone'],
    [{ change: change({ key: '' }), message: 'it is gone' }, '"GH Orders": it is gone'],
    [{ message: 'no connection (X)', hint: 'Try again.' }, 'no connection (X). Try again.'],
    [{ message: 'HTTP 401 — ', said: 'Incorrect.', hint: 'Check it.' }, 'HTTP 401 — Incorrect. Check it.'],
  ])('of a failure %j', (facts, text) => {
    expect(failureText(failure(facts))).toBe(text)
  })

  test('of a wrong input', () => {
    expect(inputText({ input: 'mode', message: 'expected one of a, b' })).toBe(
      'Input `mode`: expected one of a, b',
    )
    expect(inputText({ input: 'sid', message: 'is empty' })).toBe('Input `sid` is empty')
  })
})

test('what the server said is redacted before it is cut, and own words are left alone', () => {
  const spoken = failure({
    message: 'create profile "x" failed: ',
    said: `${'y'.repeat(990)} profile-secret ${'z'.repeat(99)}`,
  })
  const { message, said } = redacted(spoken, (text) => text.replaceAll('profile', '***'))
  expect(message).toBe('create profile "x" failed: ')
  expect(said).toBe(`${'y'.repeat(990)} ***-secre…`)
})

test('what is no failure of the API is called a defect', () => {
  expect(failureText(unexpected(new TypeError('x is not a function')))).toBe(
    'unexpected error: TypeError: x is not a function. This is a defect of the action: please open an issue with this message.',
  )
  expect(failureText(unexpected('thrown text'))).toContain('unexpected error: thrown text.')
  expect(failureText(unexpected(refusal('body/url is taken')))).toBe(
    'create profile "GH Orders" failed: HTTP 400 — RBC302 body/url is taken. Mend it.',
  )
})

describe('what a check of endpoints found', () => {
  const MANIFEST = `
profiles:
  a: { title: GH A, http_method: GET, url: "https://one.example/a" }
  b: { title: GH B, http_method: GET, url: "https://one.example/b" }
  c: { title: GH C, http_method: GET, url: "https://two.example/c" }
`
  async function found(policy: 'warn' | 'fail', facts: { bad?: boolean; declared?: boolean } = {}) {
    const [a, b, c] = (await entriesOf(MANIFEST)) as [Entry, Entry, Entry]
    const { steps, ...rest } = await planned(['a', 'b', 'c'].map((key) => change({ key })))
    const declaring = steps.map((step, index) => ({ ...step, entry: [a, b, c][index] ?? null }))
    const finding = { hint: 'Mend it.', bad: true, declared: false, ...facts }
    const findings = [
      { ...finding, message: 'one is bad', entries: [a, b] },
      { ...finding, message: 'two is bad', entries: [c] },
    ]
    const notes = [{ message: '1 endpoint not checked: why', hint: '' }]
    return endpointFailures({ ...rest, steps: declaring }, { count: 2, findings, notes }, policy)
  }
  const ALL = ['a: one is bad. Mend it.', 'c: two is bad. Mend it.', 'b: one is bad. Mend it.']
  const NOTE = '1 endpoint not checked: why'

  test('is a warning at the URL of each profile, the first one of each endpoint first', async () => {
    const { failures, warnings } = await found('warn')
    expect(failures).toEqual([])
    expect(warnings.map(failureText)).toEqual([NOTE, ...ALL])
    expect(warnings.map(({ place }) => place && [place.line, place.column])).toEqual([
      null,
      [3, 44],
      [5, 44],
      [4, 44],
    ])
  })

  test('is a failure of each profile where the policy says so', async () => {
    const { failures, warnings } = await found('fail')
    expect(failures.map(failureText)).toEqual(ALL)
    expect(failures.map((each) => each.change?.key)).toEqual(['a', 'c', 'b'])
    expect(warnings.map(failureText)).toEqual([NOTE])
  })

  test('is only ever a warning where it is in doubt', async () => {
    const { failures, warnings } = await found('fail', { bad: false })
    expect([failures, warnings.map(failureText)]).toEqual([[], [NOTE, ...ALL]])
  })

  test('is not said again where the manifest has a warning of it, but fails all the same', async () => {
    expect((await found('warn', { declared: true })).warnings.map(failureText)).toEqual([NOTE])
    expect((await found('fail', { declared: true })).failures.map(failureText)).toEqual(ALL)
  })
})
