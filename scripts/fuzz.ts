/**
 * Runs many damaged inputs: `npm run fuzz -- --runs 50000 --seed 7 --target answers`, all targets where none is given. Prints
 * the seed and the smallest failing input, also of one that hangs.
 */
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { close } from '../__tests__/fuzz/manifests.ts'
import { TARGETS } from '../__tests__/fuzz/property.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    seed: { type: 'string' },
    target: { type: 'string', multiple: true, default: Object.keys(TARGETS) },
  },
})
const runs = Number(values.runs)
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed)
if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed))
  throw new Error('--runs and --seed take whole numbers')

/** Ends the process where one input keeps it busy for half a minute, and says which. */
const watchdog = new Worker(
  `let timer
   require('node:worker_threads').parentPort.on('message', (input) => {
     clearTimeout(timer)
     timer = setTimeout(() => {
       require('node:fs').writeSync(2, 'This input hangs: ' + JSON.stringify(input) + '\\n')
       process.kill(process.pid, 'SIGKILL')
     }, 30_000)
   })`,
  { eval: true },
)
watchdog.unref()

for (const target of values.target) {
  const property = TARGETS[target as keyof typeof TARGETS]
  if (property === undefined) throw new Error(`--target takes ${Object.keys(TARGETS).join(', ')}`)
  const start = performance.now()
  console.log(`${target}: ${runs} inputs, seed ${seed}`)
  const watched = property((input) => watchdog.postMessage(input)) as fc.IAsyncProperty<[unknown]>
  const details = await fc.check(watched, { numRuns: runs, seed })
  console.log(`${target}: ${details.numRuns} inputs in ${Math.round((performance.now() - start) / 1000)} s`)
  if (details.failed) {
    console.error(fc.defaultReportMessage(details) ?? '', details.errorInstance)
    process.exitCode = 1
  } else {
    console.log(`${target}: no crash, no hang, no leak.`)
  }
}
await close()
await watchdog.terminate()
