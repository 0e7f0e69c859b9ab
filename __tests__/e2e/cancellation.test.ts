import { expect, test } from 'vitest'
import type { ActionResult } from '../../sandbox/runner.ts'
import type { Sandbox } from '../../sandbox/server.ts'
import { account, act, annotations, idsOf } from './scenario.ts'

const THREE = `profiles:
  first: { title: GH First, http_method: GET, url: "https://hooks.example.com/1" }
  second: { title: GH Second, http_method: GET, url: "https://hooks.example.com/2" }
  third: { title: GH Third, http_method: GET, url: "https://hooks.example.com/3" }
`

const CANCELLED = expect.stringMatching(/^the run was cancelled before it was done\. Run again: /)
/** GitHub kills a cancelled job about 10 s after the first signal. */
const MAX_SECONDS = 8

/** Runs an apply that is cancelled, twice as GitHub does, as soon as its second create has arrived. */
async function cancelled(sandbox: Sandbox): Promise<ActionResult & { readonly seconds: number }> {
  let start = 0
  const result = await act(sandbox, {
    inputs: { concurrency: '1' },
    manifest: THREE,
    onStart: (signal) => {
      const watch = setInterval(() => {
        if (sandbox.writes().length < 2) return
        clearInterval(watch)
        start = performance.now()
        signal('SIGINT')
        setTimeout(() => signal('SIGTERM'), 500)
      }, 10)
    },
  })
  return { ...result, seconds: (performance.now() - start) / 1000 }
}

test.concurrent('a cancelled run starts nothing new, finds the create that was under way, and hands out all ids', async () => {
  const sandbox = await account()
  sandbox.faults.add({
    on: { title: 'GH Second', operation: 'create' },
    when: 'after',
    what: { kind: 'hang' },
  })
  const { outputs, seconds, ...result } = await cancelled(sandbox)
  expect(seconds).toBeLessThan(MAX_SECONDS)
  expect(JSON.parse(outputs['profile-ids'] ?? '')).toEqual(
    idsOf(sandbox, { first: 'GH First', second: 'GH Second' }),
  )
  expect(outputs).toMatchObject({ changed: 'true', created: '2', failed: '1' })
  expect(annotations({ outputs, ...result }, 'error')).toEqual([
    CANCELLED,
    expect.stringMatching(/third: not tried: the run was cancelled$/),
  ])
})

test.concurrent('a cancelled run lists the title whose fate is not known', async () => {
  const sandbox = await account()
  sandbox.faults.add({
    on: { title: 'GH Second', operation: 'create' },
    when: 'before',
    what: { kind: 'hang' },
  })
  const { outputs, seconds, ...result } = await cancelled(sandbox)
  expect(seconds).toBeLessThan(MAX_SECONDS)
  expect(outputs).toMatchObject({ created: '1', failed: '2' })
  expect(annotations({ outputs, ...result }, 'error')).toEqual([
    CANCELLED,
    expect.stringMatching(
      /second: create profile "GH Second" failed: the run was cancelled .*Run again: .*not created twice\.$/,
    ),
    expect.stringMatching(/third: not tried/),
  ])
  expect(sandbox.store.titles()).toEqual(['GH First'])
})
