import fc from 'fast-check'
import { afterAll, test } from 'vitest'
import { close } from './manifests.ts'
import { TARGETS } from './property.ts'

afterAll(close)

/** `npm run fuzz` runs as many as one likes. */
test.each([
  ['manifest', 400],
  ['expressions', 2000],
  ['answers', 1500],
] as const)(
  'no damaged input of the target %s crashes, hangs, leaks or is sent',
  async (target, numRuns) => {
    await fc.assert(TARGETS[target]() as fc.IAsyncProperty<[unknown]>, { numRuns, seed: 1 })
  },
  60_000,
)
