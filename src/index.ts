import { appendFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { endGroup, error, getInput, info, setOutput, setSecret, startGroup, warning } from '@actions/core'
import { createCancellation } from './cancellation.ts'
import { systemClock } from './clock.ts'
import { run } from './run.ts'

// V8 lets its nursery grow to 48 MB where objects live for a while, as a manifest's do. A small one is as fast.
setFlagsFromString('--semi-space-growth-factor=1')

const { cancellation, cancel } = createCancellation()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, cancel)

const writeSummary = async (markdown: string): Promise<void> => {
  if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, markdown)
}

process.exitCode = await run({
  runner: { getInput, info, startGroup, endGroup, error, warning, setSecret, setOutput, writeSummary },
  env: process.env,
  clock: systemClock,
  cancellation,
  workspace: process.env.GITHUB_WORKSPACE ?? process.cwd(),
  temp: process.env.RUNNER_TEMP ?? tmpdir(),
})
