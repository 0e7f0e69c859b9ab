import { expect, test } from 'vitest'
import type { Fault, Malfunction } from '../../sandbox/server.ts'
import { account, act, idsOf, ONE } from './scenario.ts'

const TIMEOUT = { timeout: '1' }

type Loss = [name: string, what: Malfunction, when: Fault['when'], lateBy?: Fault['lateBy']]

test.concurrent.each<Loss>([
  ['is reset after the profile was stored', { kind: 'reset' }, 'after'],
  ['is closed without a byte after the profile was stored', { kind: 'close' }, 'after'],
  ['is a 500 after the profile was stored', { kind: 'status', status: 500 }, 'after'],
  ['is a page of a proxy after the profile was stored', { kind: 'html', status: 504 }, 'after'],
  ['is cut off', { kind: 'cut' }, 'after'],
  ['is empty', { kind: 'empty', status: 201 }, 'after'],
  ['is no JSON', { kind: 'junk' }, 'after'],
  ['reports a failure inside a success', { kind: 'failure-in-success' }, 'after'],
  ['comes after the time-out', { kind: 'delay', ms: 1500 }, 'after'],
  ['never comes', { kind: 'hang' }, 'after'],
  ['is reset, and the profile appears later', { kind: 'reset' }, 'late', 800],
  ['is a 500, and the profile appears later', { kind: 'status', status: 500 }, 'late', 800],
  ['never comes, and the profile appears after the time-out', { kind: 'hang' }, 'late', 1500],
])('a create whose answer %s makes one profile, and its id comes out', async (_, what, when, lateBy) => {
  const sandbox = await account()
  const late = lateBy === undefined ? {} : { lateBy }
  sandbox.faults.add({ on: { operation: 'create', nth: 1 }, when, what, ...late })
  const { outputs, log } = await act(sandbox, { inputs: TIMEOUT, manifest: ONE })
  expect(outputs['profile-id'], log).toBe(idsOf(sandbox, { ping: 'GH Ping' }).ping)
  expect(outputs).toMatchObject({ changed: 'true', created: '1', failed: '0' })
})

test.concurrent('a create that was lost on its way is sent once more', async () => {
  const sandbox = await account()
  sandbox.faults.add({ on: { operation: 'create', nth: 1 }, when: 'before', what: { kind: 'reset' } })
  const { outputs } = await act(sandbox, { inputs: TIMEOUT, manifest: ONE })
  expect(outputs['profile-id']).toBe(idsOf(sandbox, { ping: 'GH Ping' }).ping)
  expect(sandbox.writes()).toHaveLength(2)
})

test.concurrent('a PATCH whose answer was lost is sent again', async () => {
  const sandbox = await account()
  await act(sandbox, { manifest: ONE })
  sandbox.faults.add({ on: { operation: 'update', nth: 1 }, when: 'after', what: { kind: 'reset' } })
  const { outputs } = await act(sandbox, { inputs: TIMEOUT, manifest: ONE.replace('.com/ping', '.com/pong') })
  expect(outputs).toMatchObject({ changed: 'true', updated: '1', failed: '0' })
  expect(sandbox.store.all()).toMatchObject([{ url: 'https://hooks.example.com/pong' }])
})

test.concurrent('a profile of that title that was there before is not taken for the lost one', async () => {
  const sandbox = await account({ list: { filter: 'exact' } })
  sandbox.faults.add({ on: { operation: 'create', nth: 1 }, when: 'before', what: { kind: 'reset' } })
  sandbox.store.seed({ title: 'GH Ping 2', http_method: 'GET', url: 'https://hooks.example.com/ping' })
  const { outputs } = await act(sandbox, { inputs: TIMEOUT, manifest: ONE })
  expect(outputs['profile-id']).toBe(idsOf(sandbox, { ping: 'GH Ping' }).ping)
})
