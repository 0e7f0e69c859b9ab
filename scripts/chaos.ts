/** Runs many random schedules: `npm run chaos -- --runs 20000 --seed 7`. Prints the seed and the smallest failing schedule. */
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { holds } from '../__tests__/chaos/property.ts'
import { schedule } from '../__tests__/chaos/schedule.ts'

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '2000' }, seed: { type: 'string' } },
})
const runs = Number(values.runs)
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed)
if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed))
  throw new Error('--runs and --seed take whole numbers')

const start = performance.now()
console.log(`${runs} schedules, seed ${seed}`)
const details = await fc.check(fc.asyncProperty(schedule, holds), { numRuns: runs, seed })
console.log(`${details.numRuns} schedules in ${Math.round((performance.now() - start) / 1000)} s`)
if (details.failed) {
  console.error(fc.defaultReportMessage(details) ?? '', details.errorInstance)
  process.exitCode = 1
} else {
  console.log('No violation.')
}
