/** Shows the main job: the committed action against the sandbox, twice, as a workflow runner would run it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT, runAction } from '../sandbox/runner.ts'
import { startSandbox } from '../sandbox/server.ts'

const manifest = await readFile(join(ROOT, 'examples', 'callback-profiles.yml'), 'utf8')
const sandbox = await startSandbox()
console.log(`Sandbox of the Kaleyra API at ${sandbox.url}\n`)

async function step(name: string): Promise<boolean> {
  sandbox.requests.length = 0
  const { exitCode, log, outputs, summary } = await runAction({
    inputs: { 'api-key': sandbox.options.apiKey, sid: sandbox.options.sid, 'api-url': sandbox.url },
    env: {
      HOOK_TOKEN: 'demo-hook-token',
      CB_KEY: '0123456789abcdef0123456789abcdef',
      CB_IV: 'fedcba9876543210',
    },
    files: { '.github/callback-profiles.yml': manifest },
  })
  console.log(`━━━ ${name}: log ━━━\n${log}`)
  console.log(`━━━ ${name}: outputs ━━━`)
  for (const [output, value] of Object.entries(outputs)) console.log(`${output}=${value}`)
  console.log(`\n━━━ ${name}: job summary ━━━\n${summary}`)
  console.log(
    `━━━ ${name}: exit code ${exitCode}, ${sandbox.requests.length} requests, ${sandbox.writes().length} of them writes ━━━\n`,
  )
  return exitCode === 0
}

const first = await step('First run')
const second = await step('Second run, which finds nothing to do')
const idle = sandbox.writes().length === 0
await sandbox.close()
if (!first || !second || !idle) {
  console.error('The demo failed: both runs should succeed, and the second should write nothing.')
  process.exitCode = 1
}
