import { tmpdir } from 'node:os'
import * as core from '@actions/core'
import { systemClock } from './clock.ts'
import { run } from './run.ts'

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
      if (process.env.GITHUB_STEP_SUMMARY) await core.summary.addRaw(markdown).write()
    },
  },
  env: process.env,
  clock: systemClock,
  workspace: process.env.GITHUB_WORKSPACE ?? process.cwd(),
  temp: process.env.RUNNER_TEMP ?? tmpdir(),
})
