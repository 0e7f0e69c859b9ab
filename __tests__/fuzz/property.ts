/** The targets of the fuzzers, each with what holds of every input of it. */
import { strict as assert } from 'node:assert'
import fc from 'fast-check'
import { answers, answersHold } from './answers.ts'
import { expression, expressionHolds } from './expressions.ts'
import { manifest, manifestHolds } from './manifests.ts'

/** Most milliseconds of processor time that one input may take. */
const MOST_MS = 1000

/** Called before each input. */
type Watch = (input: unknown) => void

function property<Input>(
  arbitrary: fc.Arbitrary<Input>,
  holds: (input: Input) => Promise<void>,
): (watch?: Watch) => fc.IAsyncProperty<[Input]> {
  return (watch = () => {}) =>
    fc.asyncProperty(arbitrary, async (input) => {
      watch(input)
      const before = process.cpuUsage()
      await holds(input)
      const { user, system } = process.cpuUsage(before)
      assert.ok((user + system) / 1000 < MOST_MS, `it took ${(user + system) / 1000} ms`)
    })
}

export const TARGETS = {
  manifest: property(manifest, manifestHolds),
  expressions: property(expression, expressionHolds),
  answers: property(answers, answersHold),
}
