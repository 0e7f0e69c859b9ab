import { expect, test } from 'vitest'
import { contextsOf, expressionsOf } from '../../src/manifest/contexts.ts'
import { type Document, parseSource } from '../../src/manifest/document.ts'

const documentOf = (text: string): Document => {
  const { document } = parseSource({ name: 'm.yml', file: 'm.yml', text })
  if (document === null) throw new Error(`not YAML: ${text}`)
  return document
}

test('expressions may read the environment, but for inputs and the credentials of the runner', () => {
  const { env } = contextsOf({
    env: {
      STAGE: 'test',
      EMPTY: '',
      UNSET: undefined,
      MY_INPUT_A: 'kept',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_TOKENS: 'kept',
      'INPUT_API-KEY': 'hidden',
      input_sid: 'hidden',
      ACTIONS_RUNTIME_TOKEN: 'hidden',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'hidden',
      GITHUB_TOKEN: 'hidden',
      github_token: 'hidden',
    },
    event: null,
  })
  expect(env).toEqual({
    STAGE: 'test',
    EMPTY: '',
    MY_INPUT_A: 'kept',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_TOKENS: 'kept',
  })
})

test('`github` holds the facts of the run and its event, without a token or files of the runner', () => {
  const env = {
    GITHUB_REF_NAME: 'main',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_EVENT: 'not the event',
    GITHUB_TOKEN: 't',
    GITHUB_ENV: '/tmp/env',
    GITHUB_OUTPUT: '/tmp/output',
    GITHUB_PATH: '/tmp/path',
    GITHUB_STATE: '/tmp/state',
    GITHUB_STEP_SUMMARY: '/tmp/summary',
    STAGE: 'test',
  }
  const event = { action: 'opened' }
  expect(contextsOf({ env, event }).github).toEqual({ ref_name: 'main', event_name: 'push', event })
  expect(contextsOf({ env: {}, event: null }).github).toEqual({ event: {} })
})

test.each([
  ['a: 1', false],
  ['a: "{{ x }} $ {"', false],
  ['a: "${{ env.A }}"', true],
  ['a: { b: ["$${{"] }', true],
  ['"${{ env.A }}": 1', true],
  ['# ${{ env.A }}\na: 1', false],
])('the expression library is loaded only for a text that holds an expression: %j', async (text, loaded) => {
  const evaluate = await expressionsOf([documentOf('a: 1'), documentOf(text)], { env: {}, event: null })
  expect(evaluate !== null).toBe(loaded)
})
