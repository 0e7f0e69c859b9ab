import fc from 'fast-check'
import { test } from 'vitest'
import { holds } from './property.ts'
import { schedule } from './schedule.ts'

/** In two files, so that they run side by side. `npm run chaos` runs as many as one likes. */
test('a thousand schedules of faults and interruptions end as declared, with nothing doubled and nothing else touched', async () => {
  await fc.assert(fc.asyncProperty(schedule, holds), { numRuns: 1000, seed: 2 })
}, 120_000)
