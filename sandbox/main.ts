import { type Command, parseCommand } from './command-line.ts'
import { type Sandbox, startSandbox } from './server.ts'

const command = parseCommand(process.argv.slice(2))
if (command.kind === 'start') await run(command)
else if (command.kind === 'help') console.log(command.text)
else {
  console.error(`${command.text}\nSee npm run sandbox -- --help`)
  process.exitCode = 2
}

async function run({ options, faults, seed }: Extract<Command, { kind: 'start' }>): Promise<void> {
  const sandbox = await startSandbox(options)
  sandbox.faults.add(...faults)
  for (let number = 1; number <= seed; number += 1)
    sandbox.store.seed({ title: `Sandbox ${number}`, body: {} })
  console.log(greeting(sandbox))

  const stop = async () => {
    await sandbox.close()
    process.exit()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
}

function greeting({ url, options: { sid, apiKey } }: Sandbox): string {
  const profiles = `${url}/v1/${sid}/callback/profiles`
  const profile = {
    title: 'Orders SMS',
    http_method: 'POST',
    url: 'https://hooks.example.com/sms',
    body: { id: '<id>' },
  }
  return `
Kaleyra callback profiles, sandbox (nothing is kept, nothing leaves this machine)

  api-url   ${url}
  sid       ${sid}
  api-key   ${apiKey}

  curl -H 'api-key: ${apiKey}' '${profiles}?limit=25'
  curl -H 'api-key: ${apiKey}' -H 'content-type: application/json' '${profiles}' \\
    -d '${JSON.stringify(profile)}'

Ctrl-C stops it.
`
}
