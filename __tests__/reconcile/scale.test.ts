/** What a run costs, in requests and sockets. */
import { describe, expect, test } from 'vitest'
import type { Sandbox, SandboxOverrides } from '../../sandbox/server.ts'
import { type Acted, act } from '../action.ts'
import { manyWanted, openSandbox, told } from './accounts.ts'

type List = NonNullable<SandboxOverrides['list']>

/** A sandbox that holds the first `count` profiles as they are declared, and others up to `size`. */
async function account(count: number, size: number, list: List): Promise<Sandbox> {
  const sandbox = await openSandbox({ list })
  for (const profile of Object.values(manyWanted(count))) sandbox.store.seed(profile)
  for (let index = count; index < size; index += 1) sandbox.store.seed({ title: `XX ${index}` })
  sandbox.requests.length = 0
  return sandbox
}

const run = (sandbox: Sandbox, profiles: object, inputs: object = {}): Promise<Acted> =>
  act({ sandbox, profiles: { profiles }, inputs: { ...inputs } })

const reads = ({ requests }: Sandbox): number => requests.filter(({ method }) => method === 'GET').length

describe('an idle run of a thousand profiles', () => {
  test.each<[string, List]>([
    ['in a bare array', {}],
    ['by page', { offset: 'page' }],
    ['with a total', { shape: { under: 'profiles' }, total: { name: 'total', where: 'data' } }],
    ['with no filter', { filter: 'ignored', order: 'newest' }],
  ])('%s takes at most 15 reads, and writes nothing', async (_, list) => {
    const sandbox = await account(1000, 1000, list)
    const acted = await run(sandbox, manyWanted(1000))
    expect(acted.outputs, told(acted)).toMatchObject({ unchanged: '1000', changed: 'false' })
    expect(sandbox.requests.length).toBeLessThanOrEqual(15)
    expect(reads(sandbox)).toBe(sandbox.requests.length)
    expect(sandbox.sockets).toBeLessThanOrEqual(4)
  })
})

describe('a few profiles on an account of ten thousand', () => {
  test.each<[string, List]>([
    ['an exact filter', { filter: 'exact' }],
    ['a filter by prefix', { filter: 'prefix', order: 'newest' }],
    ['a filter by substring, and summaries', { filter: 'substring', items: 'summary' }],
  ])('take reads that grow with the manifest, by %s', async (_, list) => {
    const costs: number[] = []
    for (const [count, size] of [
      [5, 10_000],
      [5, 20_000],
      [10, 10_000],
    ] as const) {
      const sandbox = await account(count, size, list)
      const acted = await run(sandbox, manyWanted(count))
      expect(acted.outputs, told(acted)).toMatchObject({ unchanged: String(count), changed: 'false' })
      costs.push(reads(sandbox))
    }
    const [five = 0, onLarger, ten = 0] = costs
    expect(onLarger).toBe(five)
    expect(five).toBeLessThanOrEqual(5 * 3 + 5)
    expect(ten).toBeLessThanOrEqual(2 * five)
  })
})

test('what an interrupted replacement left is found on an account that is not read whole', async () => {
  const sandbox = await account(5, 2000, {})
  const left = sandbox.store.seed({ title: 'GH 00003__replaced' })
  const acted = await run(sandbox, manyWanted(5), { 'allow-delete': 'true' })
  expect(acted.outputs, told(acted)).toMatchObject({ unchanged: '5', deleted: '1' })
  expect(sandbox.store.get(left)).toBeUndefined()
})

describe('a run that writes', () => {
  test('creates 200 profiles with as many writes, and no more sockets than `concurrency`', async () => {
    const sandbox = await account(0, 0, {})
    const acted = await run(sandbox, manyWanted(200), { concurrency: '3' })
    expect(acted.outputs).toMatchObject({ created: '200', failed: '0' })
    expect(sandbox.writes()).toHaveLength(200)
    expect(reads(sandbox)).toBeLessThanOrEqual(5)
    expect(sandbox.sockets).toBeLessThanOrEqual(3)
  })

  test('patches and reads each profile once, and reads the account once more', async () => {
    const sandbox = await account(50, 50, {})
    const moved = Object.fromEntries(
      Object.entries(manyWanted(50)).map(([key, profile]) => [
        key,
        { ...profile, url: 'https://hooks.example.com/b' },
      ]),
    )
    const planned = await run(sandbox, moved, { mode: 'plan' })
    expect(planned.outputs).toMatchObject({ updated: '50' })
    const planning = sandbox.requests.length
    sandbox.requests.length = 0
    const acted = await run(sandbox, moved)
    expect(acted.outputs).toMatchObject({ updated: '50', failed: '0' })
    expect(sandbox.writes()).toHaveLength(50)
    expect(reads(sandbox)).toBeLessThanOrEqual(planning + 50 + 2)
  })
})

test('a run that wrote nothing reads nothing again', async () => {
  const sandbox = await account(30, 60, { maxLimit: 10 })
  await run(sandbox, manyWanted(30), { mode: 'plan' })
  const planning = sandbox.requests.length
  sandbox.requests.length = 0
  await run(sandbox, manyWanted(30))
  expect(sandbox.requests).toHaveLength(planning)
})
