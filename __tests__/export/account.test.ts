import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Sandbox, type SandboxOverrides, startSandbox } from '../../sandbox/server.ts'
import { OUTPUT_NAMES } from '../../src/report/outputs.ts'
import { act } from '../action.ts'
import { emptyWorkspace, exportOf, PATH, traces, variablesOf } from './accounts.ts'

const TOKEN = 'Bearer s3cret-token'
const ENC = { algo: 'AES-128-GCM', key: 's3cret-key-01234', IV: 's3cret-IV-567890' }

/** A sandbox with 30 profiles, more than a default page. */
async function account(overrides?: SandboxOverrides): Promise<Sandbox> {
  const sandbox = await startSandbox(overrides)
  onTestFinished(() => sandbox.close())
  sandbox.store.seed({
    title: 'GH Orders SMS',
    channel: 'sms',
    events: ['SMS-sent'],
    headers: { authorization: TOKEN, 'x-source': 's3cret-source' },
    body: { id: '<id>' },
    enc: ENC,
  })
  sandbox.store.seed({ title: 'Same', url: 'https://hooks.example.com/?token=s3cret-query' })
  sandbox.store.seed({ title: 'same', headers: { 'x-token': TOKEN } })
  for (let number = 1; number <= 27; number += 1) {
    sandbox.store.seed({ title: `Plain ${number}`, http_method: 'GET' })
  }
  return sandbox
}

test('an export sets every output, and lists what to paste', async () => {
  const sandbox = await account()
  const { result, entries } = await exportOf(sandbox)
  const { outputs, log, summary } = result

  expect(result.exitCode).toBe(0)
  expect(sandbox.writes()).toEqual([])
  expect(Object.keys(outputs)).toEqual(expect.arrayContaining([...OUTPUT_NAMES]))
  expect(outputs).toMatchObject({
    'profile-id': '',
    'profile-id-gh-orders-sms': sandbox.store.all()[0]?.profile_id,
    changed: 'false',
    'has-changes': 'false',
    created: '0',
    unchanged: '0',
    failed: '0',
    'plan-digest': '',
    'plan-file': '',
  })
  const profiles = JSON.parse(outputs.profiles ?? '') as { key: string }[]
  expect(profiles.map(({ key }) => key)).toEqual(Object.keys(entries))
  expect(profiles[0]).toEqual({
    key: 'gh-orders-sms',
    title: 'GH Orders SMS',
    id: outputs['profile-id-gh-orders-sms'],
    action: '',
    changed: [],
  })
  expect(Object.keys(JSON.parse(outputs['profile-ids'] ?? ''))).toEqual(Object.keys(entries))
  expect(log).toContain(`30 profiles exported to ${PATH}`)
  expect(log).toContain(
    [
      'env:',
      '  GH_ORDERS_SMS_HEADER_AUTHORIZATION: ${{ secrets.GH_ORDERS_SMS_HEADER_AUTHORIZATION }}',
      '  GH_ORDERS_SMS_HEADER_X_SOURCE: ${{ secrets.GH_ORDERS_SMS_HEADER_X_SOURCE }}',
      '  GH_ORDERS_SMS_ENC_KEY: ${{ secrets.GH_ORDERS_SMS_ENC_KEY }}',
      '  GH_ORDERS_SMS_ENC_IV: ${{ secrets.GH_ORDERS_SMS_ENC_IV }}',
      '  SAME_URL_TOKEN: ${{ secrets.SAME_URL_TOKEN }}',
      'Callback profiles: 30 exported',
    ].join('\n'),
  )
  expect(result.annotations.map(({ level, message }) => [level, message])).toEqual([
    ['warning', expect.stringContaining('same: title is left out')],
    ['warning', expect.stringContaining('same-2: title is left out')],
  ])
  expect(summary).toContain(`30 profiles of the account in <code>${PATH}</code>`)
  expect(summary).toContain('SAME&#95;URL&#95;TOKEN')
})

test('no secret is in any stream or file, and the runner is told of credentials', async () => {
  const exported = await exportOf(await account())
  expect(traces(exported)).not.toContain('s3cret')
  const { masks } = exported.result
  expect(masks).toEqual(expect.arrayContaining([TOKEN, ENC.key, ENC.IV, 's3cret-query']))
  expect(masks).not.toContain('s3cret-source')
})

test.each<SandboxOverrides>([
  { list: { items: 'whole' } },
  { list: { items: 'summary', shape: { under: 'rows' } } },
  { list: { items: 'ids', offset: 'page', maxLimit: 10 } },
  { list: { items: 'ids', total: { name: 'total', where: 'envelope' }, maxLimit: 7 } },
  { list: { items: 'whole', offset: 'ignored' } },
  { absent: 'omitted' },
  { absent: 'null-text' },
  { absent: 'empty', list: { order: 'newest' } },
  { mask: true },
])('what is exported plans to nothing with %j', async (overrides) => {
  const sandbox = await account(overrides)
  const exported = await exportOf(sandbox)
  expect(Object.keys(exported.entries)).toHaveLength(30)
  const { exitCode, outputs } = await act({
    sandbox,
    workspace: exported.workspace,
    inputs: { mode: 'apply', manifest: PATH },
    env: variablesOf(exported, sandbox),
  })
  expect(exitCode).toBe(0)
  expect(outputs).toMatchObject({ 'has-changes': 'false', unchanged: '30' })
  expect(sandbox.writes()).toEqual([])
})

test('a profile that is deleted while the account is read is left out', async () => {
  const sandbox = await account({ list: { items: 'ids' } })
  const [first] = sandbox.store.all()
  sandbox.faults.add({
    on: { operation: 'get', title: first?.title ?? '' },
    when: 'before',
    what: {
      kind: 'status',
      status: 404,
      body: { code: 'RBC302', message: 'No profile exists with this id', data: {}, error: [], status: 404 },
    },
  })
  const { entries } = await exportOf(sandbox)
  expect(Object.keys(entries)).toHaveLength(29)
})

test('folders that lead to the file are made', async () => {
  const { entries } = await exportOf(await account(), { 'export-path': 'a/b/profiles.yml' })
  expect(Object.keys(entries)).toHaveLength(30)
})

test('an existing file is not overwritten, and nothing is read', async () => {
  const sandbox = await account()
  const workspace = emptyWorkspace()
  writeFileSync(join(workspace, PATH), 'mine')
  const { result } = await exportOf(sandbox, {}, workspace)
  expect(result.exitCode).toBe(1)
  expect(result.annotations.map(({ message }) => message)).toEqual([
    'Input `export-path` names a file that exists already, and an export never overwrites: give another path, or remove the file first',
  ])
  expect(Object.keys(result.outputs)).toEqual([...OUTPUT_NAMES])
  expect(readFileSync(join(workspace, PATH), 'utf8')).toBe('mine')
  expect(sandbox.requests).toEqual([])
})

test('a path outside the workspace is refused', async () => {
  const [sandbox, workspace] = [await account(), emptyWorkspace()]
  const outside = emptyWorkspace()
  symlinkSync(outside, join(workspace, 'link'))
  for (const path of ['../x.yml', join(outside, 'x.yml'), 'link/x.yml']) {
    const { result } = await exportOf(sandbox, { 'export-path': path }, workspace)
    expect(result.exitCode).toBe(1)
    expect(result.annotations[0]?.message).toContain('`export-path` is outside the workspace')
  }
  expect(readdirSync(outside)).toEqual([])
})

test('an account that cannot be read fails the run, and leaves no file', async () => {
  const sandbox = await account()
  const workspace = emptyWorkspace()
  const { result } = await exportOf(sandbox, { 'api-key': 'wrong' }, workspace)
  expect(result.exitCode).toBe(1)
  expect(result.annotations[0]?.message).toContain('401')
  expect(result.log).toContain('Callback profiles: nothing was exported')
  expect(readdirSync(workspace)).toEqual([])
})

test('a source of profiles has no use', async () => {
  const sandbox = await account()
  const { result } = await exportOf(sandbox, { manifest: 'a.yml', title: 'GH Orders', url: 'x' })
  expect(result.exitCode).toBe(1)
  expect(result.annotations.map(({ message }) => message)).toEqual([
    'Input `mode` is `export`, which takes profiles from the account and has no use for `manifest` and `title`, `url`: remove what is given',
  ])
  expect(sandbox.requests).toEqual([])
})
