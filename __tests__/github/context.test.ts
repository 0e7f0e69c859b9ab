import { expect, test } from 'vitest'
import { pageOf, runContext } from '../../src/github/context.ts'

const GHES = {
  GITHUB_API_URL: 'https://ghe.example.com/api/v3',
  GITHUB_SERVER_URL: 'https://ghe.example.com',
  GITHUB_REPOSITORY: 'acme/app',
  GITHUB_SHA: 'abc',
  GITHUB_RUN_ID: '42',
  GITHUB_WORKFLOW: 'Callbacks',
  GITHUB_JOB: 'plan',
  GITHUB_ACTION: 'callbacks',
}

test('the context of a run is what the runner says, on GitHub Enterprise Server too', () => {
  expect(runContext(GHES)).toEqual({
    apiUrl: 'https://ghe.example.com/api/v3',
    repository: { owner: 'acme', repo: 'app' },
    sha: 'abc',
    repositoryUrl: 'https://ghe.example.com/acme/app',
    runUrl: 'https://ghe.example.com/acme/app/actions/runs/42',
    step: ['Callbacks', 'plan', 'callbacks'],
  })
})

test.each([{}, { GITHUB_REPOSITORY: '' }, { GITHUB_REPOSITORY: 'acme' }])(
  'outside of a workflow there is no repository: %j',
  (env) => {
    expect(runContext(env)).toMatchObject({
      apiUrl: 'https://api.github.com',
      repository: null,
      repositoryUrl: '',
      runUrl: '',
    })
  },
)

test.each([
  ['.github/callback-profiles.yml', '.github/callback-profiles.yml'],
  ['a "b"/<c>.yml', 'a%20%22b%22/%3Cc%3E.yml'],
])('the page of %s is at the commit, and its address is harmless in HTML', (file, path) => {
  const place = { source: file, file, line: 3, column: 1 }
  expect(pageOf(place, runContext(GHES))).toBe(`https://ghe.example.com/acme/app/blob/abc/${path}#L3`)
})

test('what is no file has no page', () => {
  const place = { source: 'input profiles', file: null, line: 1, column: 1 }
  expect(pageOf(place, runContext(GHES))).toBeNull()
  expect(pageOf({ ...place, file: 'a.yml' }, runContext({}))).toBeNull()
})
