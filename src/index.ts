import { appendFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import * as core from '@actions/core'
import { createCancellation } from './cancellation.ts'
import { systemClock } from './clock.ts'
import { run } from './run.ts'

const { cancellation, cancel } = createCancellation()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, cancel)

process.exitCode = await run({
  runner: {
    getInput: (name) => core.getInput(name),
    info: core.info,
    startGroup: core.startGroup,
    endGroup: core.endGroup,
    error: core.error,
    warning: core.warning,
    setSecret: core.setSecret,
    setOutput: core.setOutput,
    writeSummary: async (markdown) => {
      if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, markdown)
    },
  },
  env: process.env,
  clock: systemClock,
  cancellation,
  workspace: process.env.GITHUB_WORKSPACE ?? process.cwd(),
  temp: process.env.RUNNER_TEMP ?? tmpdir(),
})
