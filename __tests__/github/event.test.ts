import { describe, expect, test } from 'vitest'
import { decideMode, forkProblems, isFork, pullRequestOf, secretlessReason } from '../../src/github/event.ts'
import type { Mode } from '../../src/inputs.ts'

const pull = (head: unknown, base: unknown = { full_name: 'acme/app' }): unknown => ({
  pull_request: { head: { repo: head }, base: { repo: base } },
})
const OWN = pull({ full_name: 'acme/app' })
const FORK = pull({ full_name: 'mallory/app' })

describe('the mode `auto`', () => {
  test.each([
    ['pull_request', 'plan'],
    ['pull_request_target', 'plan'],
    ['merge_group', 'plan'],
    ['push', 'apply'],
    ['workflow_dispatch', 'apply'],
    ['schedule', 'apply'],
    ['pull_request_review', 'apply'],
    ['', 'apply'],
  ])('means on %j: %s', (name, mode) => {
    expect(decideMode('auto', { name, payload: null })).toBe(mode)
  })

  test.each<Exclude<Mode, 'auto'>>(['validate', 'plan', 'apply', 'export'])(
    'is not meant by `%s`',
    (mode) => {
      for (const name of ['pull_request', 'push'])
        expect(decideMode(mode, { name, payload: null })).toBe(mode)
    },
  )
})

describe('a pull request', () => {
  test.each<[what: string, payload: unknown, fork: boolean]>([
    ['of a branch', OWN, false],
    ['of a fork', FORK, true],
    ['of a fork that was deleted', pull(null), true],
    ['without repositories', pull(undefined, undefined), true],
    ['that is no object', { pull_request: 'text' }, true],
    ['that is null', { pull_request: null }, true],
  ])('%s comes from a fork: %j', (_, payload, fork) => {
    expect(isFork({ name: 'pull_request', payload })).toBe(fork)
    expect(isFork({ name: 'pull_request_target', payload })).toBe(fork)
  })

  test.each([null, undefined, 'text', [], {}])('is none in the event %j', (payload) => {
    expect(isFork({ name: 'push', payload })).toBe(false)
    expect(isFork({ name: 'pull_request_target', payload })).toBe(true)
  })
})

test('secrets are refused to the code of a fork, and to nothing else', () => {
  const problems = (name: string, payload: unknown) => forkProblems({ name, payload })

  expect(problems('pull_request_target', FORK)).toEqual([
    {
      input: 'mode',
      message: expect.stringMatching(/^is refused on `pull_request_target` for the head of a fork/),
    },
  ])
  expect(problems('pull_request_target', null)).toHaveLength(1)
  expect(problems('pull_request_target', OWN)).toEqual([])
  expect(problems('pull_request', FORK)).toEqual([])
  expect(problems('push', null)).toEqual([])
})

test.each<[what: string, payload: unknown, pull: unknown]>([
  ['a pull request', { pull_request: { number: 7, base: { sha: 'abc' } } }, { number: 7, baseSha: 'abc' }],
  ['one without a base', { pull_request: { number: 7 } }, null],
  ['one whose number is text', { pull_request: { number: '7', base: { sha: 'abc' } } }, null],
  ['a push', { after: 'abc' }, null],
  ['no event', null, null],
])('the pull request of %s', (_, payload, pull) => {
  expect(pullRequestOf({ name: 'pull_request', payload })).toEqual(pull)
})

describe('GitHub gives no secrets to', () => {
  const dependabot = (facts: object) => ({ ...(OWN as object), ...facts })
  const author = {
    pull_request: { ...(OWN as { pull_request: object }).pull_request, user: { login: 'dependabot[bot]' } },
  }
  test.each<[what: string, name: string, payload: unknown, reason: RegExp | null]>([
    ['a fork', 'pull_request', FORK, /fork/],
    ['a pull request of Dependabot', 'pull_request', dependabot(author), /Dependabot/],
    [
      'a push of Dependabot to one',
      'pull_request',
      dependabot({ sender: { login: 'dependabot[bot]' } }),
      /Dependabot/,
    ],
    ['a branch: it does', 'pull_request', OWN, null],
    ['the target of a fork: it does', 'pull_request_target', FORK, null],
    ['a push: it does', 'push', {}, null],
  ])('%s', (_, name, payload, reason) => {
    const said = secretlessReason({ name, payload })
    if (reason === null) expect(said).toBeNull()
    else expect(said).toMatch(reason)
  })
})
