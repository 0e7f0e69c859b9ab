import { Agent, get } from 'node:http'
import { expect, test } from 'vitest'
import type { Sandbox } from '../../sandbox/server.ts'
import { call, ORDERS, open, send } from './calls.ts'

function status({ url, options }: Sandbox, agent: Agent): Promise<number | undefined> {
  const path = `${url}/v1/${options.sid}/callback/profiles`
  return new Promise((resolve, reject) => {
    get(path, { agent, headers: { 'api-key': options.apiKey } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    }).on('error', reject)
  })
}

test('connections are kept alive and counted', async () => {
  const sandbox = await open()
  expect(sandbox.sockets).toBe(0)

  const one = new Agent({ keepAlive: true, maxSockets: 1 })
  for (let number = 0; number < 5; number += 1) expect(await status(sandbox, one)).toBe(200)
  expect(sandbox.sockets).toBe(1)

  const each = new Agent({ keepAlive: false })
  for (let number = 0; number < 2; number += 1) await status(sandbox, each)
  expect(sandbox.sockets).toBe(3)
})

test('close ends idle and hanging connections at once', async () => {
  const sandbox = await open()
  await call(sandbox)
  sandbox.faults.add({ on: {}, when: 'before', what: { kind: 'hang' } })
  const hanging = send(sandbox).catch((error: Error) => error)
  await expect.poll(() => sandbox.requests.length).toBe(2)

  const before = performance.now()
  await sandbox.close()
  expect(performance.now() - before).toBeLessThan(2000)
  expect(await hanging).toBeInstanceOf(Error)
})

test('close can be called twice', async () => {
  const sandbox = await open()
  await sandbox.close()
  await expect(sandbox.close()).resolves.toBeUndefined()
})

test('requests are logged without the key', async () => {
  const now = new Date('2026-01-02T03:04:05.678Z')
  const sandbox = await open({ clock: () => now })
  await send(sandbox, '?limit=5&title=abc', { headers: { 'x-trace': '1' } })
  await send(sandbox, '', { body: ORDERS })

  const path = '/v1/HXSANDBOX/callback/profiles'
  expect(sandbox.requests).toMatchObject([
    {
      method: 'GET',
      path,
      query: { limit: 5, title: 'abc' },
      headers: { 'x-trace': '1' },
      authorised: true,
      at: now,
      status: 200,
    },
    { method: 'POST', path, query: {}, body: ORDERS, authorised: true, status: 201 },
  ])
  expect(JSON.stringify(sandbox.requests)).not.toContain(sandbox.options.apiKey)
  expect(sandbox.writes()).toEqual([sandbox.requests[1]])
})

test('two sandboxes know nothing of each other', async () => {
  const [one, two] = [await open(), await open()]
  one.store.seed(ORDERS)
  expect(one.url).not.toBe(two.url)
  expect(one.origin).toBe(new URL(one.url).origin)
  expect((await call(two)).envelope.data).toEqual([])
})
