import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { actOn, github, HEAD_SHA } from './pull-requests.ts'
import { account, annotations, MANIFEST_PATH, ONE, onlyError } from './scenario.ts'

const push = { name: 'push', payload: {} }

describe('where nothing is checked out', () => {
  test('the manifest is read from the commit of the run, which the log says', async () => {
    const [server, sandbox] = [
      await github({ commits: { [HEAD_SHA]: { [MANIFEST_PATH]: ONE } } }),
      await account(),
    ]
    const { exitCode, log } = await actOn(server, sandbox, { event: push })
    expect(exitCode).toBe(0)
    expect(log).toContain(`Nothing is checked out: reading the manifest of commit ${HEAD_SHA} from GitHub`)
    expect(sandbox.store.titles()).toEqual(['GH Ping'])
    expect(server.exchanges.map(({ operation }) => operation)).toEqual(['content'])
  })

  test('a mistake is annotated on the line of the file', async () => {
    const commits = { [HEAD_SHA]: { 'a/b.yml': ONE.replace('GET', 'GTE') } }
    const result = await actOn(await github({ commits }), await account(), {
      event: push,
      inputs: { manifest: 'a/b.yml' },
    })
    expect(onlyError(result)).toMatch(/^a\/b\.yml:2:\d+ /)
  })

  test.each<[what: string, files: Record<string, string | Uint8Array>, message: string]>([
    ['is not in the commit either', {}, 'GitHub shows no such file: check the path in the input `manifest`'],
    ['is too large', { [MANIFEST_PATH]: 'x'.repeat(1_048_577) }, 'the file has 1048577 bytes'],
    [
      'is larger than GitHub hands out',
      { [MANIFEST_PATH]: 'x'.repeat(1_000_001) },
      'check out the repository',
    ],
    ['is not UTF-8', { [MANIFEST_PATH]: new Uint8Array([0xff, 0xfe]) }, 'the file is not UTF-8'],
  ])('a manifest that %s is an error', async (_, files, message) => {
    const [server, sandbox] = [await github({ commits: { [HEAD_SHA]: files } }), await account()]
    expect(onlyError(await actOn(server, sandbox, { event: push }))).toContain(message)
    expect(sandbox.requests).toEqual([])
  })

  test('a token that may not read is told which permission is missing', async () => {
    const failures = [{ operation: 'content', status: 403 }] as const
    const result = await actOn(await github({ failures }), await account(), { event: push })
    expect(onlyError(result)).toMatch(/\(HTTP 403: .*\): grant the job `contents: read`/)
  })

  test.each([
    ['the manifest is a glob', { manifest: '.github/*.yml' }, 'no file of the workspace matches'],
    ['there is no token', { 'github-token': '' }, 'check out the repository first'],
  ])('and %s, GitHub is not asked', async (_, inputs, message) => {
    const server = await github({ commits: { [HEAD_SHA]: { [MANIFEST_PATH]: ONE } } })
    const result = await actOn(server, await account(), { event: push, inputs })
    expect(onlyError(result)).toContain(message)
    expect(server.exchanges).toEqual([])
  })
})

test('a run that is cancelled while GitHub does not answer ends at once', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => void silent.close().closeAllConnections())
  const asked = once(silent, 'request')
  const { port } = silent.address() as AddressInfo
  let start = 0
  const result = await actOn({ url: `http://127.0.0.1:${port}` }, await account(), {
    event: push,
    onStart: (signal) => {
      void asked.then(() => {
        start = performance.now()
        signal('SIGTERM')
      })
    },
  })
  expect(performance.now() - start).toBeLessThan(5000)
  expect(onlyError(result)).toMatch(/^the run was cancelled/)
})

test('in a workspace with files a missing manifest stays an error', async () => {
  const server = await github({ commits: { [HEAD_SHA]: { [MANIFEST_PATH]: ONE } } })
  const result = await actOn(server, await account(), { event: push, files: { 'README.md': '' } })
  expect(annotations(result, 'error')[0]).toContain('there is no such file')
  expect(server.exchanges).toEqual([])
})
