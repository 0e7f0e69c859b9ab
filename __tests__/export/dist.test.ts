import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runAction } from '../../sandbox/runner.ts'
import { startSandbox } from '../../sandbox/server.ts'
import { emptyWorkspace } from './accounts.ts'

const PATH = '.github/callback-profiles.yml'
const TOKEN = 'Bearer s3cret-token'

test('the committed action exports an account, and then finds nothing to do', async () => {
  const sandbox = await startSandbox()
  onTestFinished(() => sandbox.close())
  const id = sandbox.store.seed({
    title: 'GH Orders SMS',
    channel: 'sms',
    events: ['SMS-sent'],
    headers: { authorization: TOKEN },
    body: { id: '<id>' },
  })
  const workspace = emptyWorkspace()
  const credentials = { 'api-key': sandbox.options.apiKey, sid: sandbox.options.sid, 'api-url': sandbox.url }
  const exported = await runAction({
    workspace,
    inputs: { ...credentials, mode: 'export', 'export-path': PATH },
  })
  expect(exported.exitCode).toBe(0)
  expect(exported.outputs).toMatchObject({ 'profile-id': id, 'has-changes': 'false' })
  expect(exported.masks).toContain(TOKEN)
  const printed = exported.log.replace(/^::add-mask::.*$/gm, '')
  const file = readFileSync(join(workspace, PATH), 'utf8')
  expect(printed + exported.summary + file).not.toContain('s3cret')
  const name = 'GH_ORDERS_SMS_HEADER_AUTHORIZATION'
  expect(printed).toContain(`env:\n  ${name}: \${{ secrets.${name} }}\n`)

  const applied = await runAction({ workspace, inputs: credentials, env: { [name]: TOKEN } })
  expect(applied.exitCode).toBe(0)
  expect(applied.outputs).toMatchObject({ 'profile-id-gh-orders-sms': id, unchanged: '1' })
  expect(sandbox.writes()).toEqual([])
})
