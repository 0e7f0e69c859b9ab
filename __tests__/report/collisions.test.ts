import { expect, test } from 'vitest'
import { collisions } from '../../src/report/collisions.ts'

/** Finds these masks in a text. */
const of =
  (...masks: string[]) =>
  (text: string): string[] =>
    masks.filter((mask) => text.includes(mask))

const OUTPUTS = new Map([
  ['profile-id', 'SG_1'],
  ['profiles', '[{"title":"GH Orders"}]'],
  ['changed', 'true'],
])

test('outputs without secrets give no warning', () => {
  expect(collisions(OUTPUTS, of('hook-token'), { TOKEN: 'hook-token' })).toEqual([])
})

test('a secret that stands in an output is told by where it comes from, never by its value', () => {
  const env = { TOKEN: 'Orders', 'INPUT_API-KEY': 'SG_1', OTHER: 'x' }
  expect(collisions(OUTPUTS, of('Orders', 'SG_1'), env)).toEqual([
    'The output `profile-id` holds text that is masked as a secret; GitHub drops a job output with such text. Change the value of the input `api-key`',
    'The output `profiles` holds text that is masked as a secret; GitHub drops a job output with such text. Change the value of `env.TOKEN`',
  ])
})

test('several outputs and several sources are one warning', () => {
  const outputs = new Map([
    ['a', 'true'],
    ['b', 'true'],
  ])
  expect(collisions(outputs, of('true'), { A: 'true', B: 'is true' })).toEqual([
    'The outputs `a`, `b` hold text that is masked as a secret; GitHub drops a job output with such text. Change the value of `env.A` or `env.B`',
  ])
})

test('a secret that stands in the manifest itself is said to', () => {
  expect(collisions(OUTPUTS, of('Orders'), {})).toEqual([
    expect.stringMatching(/Change the value of the secret in the manifest$/),
  ])
})
