import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createFaultPlan } from '../../sandbox/faults.ts'
import { type Fault, type Malfunction, type Sandbox, startSandbox } from '../../sandbox/server.ts'
import { call, ORDERS, open, send } from './calls.ts'

const RESET: Malfunction = { kind: 'reset' }
const UNAVAILABLE: Malfunction = { kind: 'status', status: 503 }

async function openWith(...faults: Fault[]): Promise<Sandbox> {
  const sandbox = await open()
  sandbox.faults.add(...faults)
  return sandbox
}

async function fails(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => 'it did not fail',
    (reason: Error) => reason,
  )
  if (typeof error === 'string') return error
  return (error.cause as { code?: string } | undefined)?.code ?? error.name
}

function arrived({ requests }: Sandbox): Promise<void> {
  return expect.poll(() => requests.length, { interval: 5 }).toBe(1)
}

describe('an answer can be', () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await startSandbox()
  })
  beforeEach(() => {
    sandbox.faults.clear()
    sandbox.requests.length = 0
  })
  afterAll(() => sandbox.close())

  test.each<[Malfunction, number, string | RegExp, string]>([
    [{ kind: 'status', status: 503 }, 503, /^$/, 'text/plain; charset=utf-8'],
    [{ kind: 'status', status: 429, body: 'slow down' }, 429, 'slow down', 'text/plain; charset=utf-8'],
    [
      { kind: 'status', status: 409, body: { code: 'X' } },
      409,
      '{"code":"X"}',
      'application/json; charset=utf-8',
    ],
    [{ kind: 'html', status: 502 }, 502, /^<html>.*502/, 'text/html'],
    [{ kind: 'empty', status: 200 }, 200, /^$/, 'text/plain; charset=utf-8'],
    [{ kind: 'junk' }, 200, '{"code":"RBC024",', 'application/json; charset=utf-8'],
    [
      { kind: 'failure-in-success' },
      200,
      /"data":{},"error":\[{"body":"Internal server error"}],"status":500}$/,
      'application/json; charset=utf-8',
    ],
  ])('%o', async (what, status, text, type) => {
    sandbox.faults.add({ on: {}, when: 'before', what })
    const response = await send(sandbox)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe(type)
    expect(await response.text()).toMatch(text)
    expect(sandbox.requests).toMatchObject([{ status, fault: { what } }])
  })

  test('the true one with other JSON at a path', async () => {
    const [seeded] = [sandbox.store.seed({ title: 'GH A' })]
    const put = async (at: readonly (string | number)[], json: string): Promise<string> => {
      sandbox.faults.clear()
      sandbox.faults.add({ on: {}, when: 'before', what: { kind: 'put', at, json } })
      return (await send(sandbox)).text()
    }
    expect(await put(['data', 0, 'title'], '[[1]]')).toContain(`"profile_id":"${seeded}","title":[[1]],`)
    expect(await put(['status'], '{}')).toMatch(/"error":\{\},"status":\{\}\}$/)
    expect(await put(['new'], '1')).toMatch(/"status":200,"new":1\}$/)
    expect(await put(['nowhere', 'x'], '1')).toMatch(/"status":200\}$/)
    sandbox.store.remove(seeded)
  })

  test('a failure that repeats a text', async () => {
    sandbox.faults.add({ on: {}, when: 'before', what: { kind: 'echo', status: 422, text: 'a "b"' } })
    const response = await send(sandbox)
    expect([response.status, await response.json()]).toMatchObject([
      422,
      { message: 'a "b"', error: [{ body: 'a "b"' }, { 'a "b"': 'a "b"' }] },
    ])
  })

  test('a status with headers', async () => {
    const what: Malfunction = { kind: 'status', status: 429, headers: { 'retry-after': '2' } }
    sandbox.faults.add({ on: {}, when: 'before', what })
    expect((await send(sandbox)).headers.get('retry-after')).toBe('2')
  })
})

describe('a connection can', () => {
  test.each<[Malfunction, string]>([
    [{ kind: 'reset' }, 'ECONNRESET'],
    [{ kind: 'close' }, 'UND_ERR_SOCKET'],
  ])('%o', async (what, code) => {
    const sandbox = await openWith({ on: {}, when: 'before', what })
    expect(await fails(send(sandbox))).toBe(code)
    expect(sandbox.requests).toMatchObject([{ status: 0 }])
  })

  test('hang', async () => {
    const sandbox = await openWith({ on: {}, when: 'before', what: { kind: 'hang' } })
    const client = new AbortController()
    const failure = fails(send(sandbox, '', { signal: client.signal }))
    await arrived(sandbox)
    await sleep(20)
    client.abort()
    expect(await failure).toBe('AbortError')
    expect(sandbox.requests).toMatchObject([{ status: 0 }])
  })

  test('end in the middle of the answer', async () => {
    const sandbox = await openWith({ on: {}, when: 'after', what: { kind: 'cut' } })
    const response = await send(sandbox, '', { body: ORDERS })
    expect(response.status).toBe(201)
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100)
    expect(await fails(response.text())).toBe('UND_ERR_SOCKET')
    expect(sandbox.store.titles()).toEqual([ORDERS.title])
    expect(sandbox.requests).toMatchObject([{ status: 201 }])
  })

  test('drip', async () => {
    const sandbox = await open()
    const whole = await (await send(sandbox)).text()
    sandbox.faults.add({ on: {}, when: 'after', what: { kind: 'drip', bytesPerSecond: whole.length * 10 } })
    const before = performance.now()
    expect(await (await send(sandbox)).text()).toBe(whole)
    expect(performance.now() - before).toBeGreaterThan(80)
  })

  test.each(['before', 'after'] as const)(
    'be delayed %s the write, and then tell the truth',
    async (when) => {
      const sandbox = await openWith({ on: { method: 'POST' }, when, what: { kind: 'delay', ms: 30 } })
      const before = performance.now()
      const { status, envelope } = await call(sandbox, '', { body: ORDERS })
      expect(performance.now() - before).toBeGreaterThan(25)
      expect(status).toBe(201)
      expect(sandbox.store.all()).toMatchObject([{ profile_id: envelope.data.profile_id }])
    },
  )

  test.each([
    ['before', []],
    ['after', [ORDERS.title]],
  ] as const)('be delayed %s the write beyond the patience of the client', async (when, titles) => {
    const sandbox = await openWith({ on: {}, when, what: { kind: 'delay', ms: 50 } })
    const client = new AbortController()
    const failure = fails(send(sandbox, '', { body: ORDERS, signal: client.signal }))
    await arrived(sandbox)
    client.abort()
    await failure
    await sleep(60)
    expect(sandbox.store.titles()).toEqual(titles)
  })
})

describe('a write', () => {
  test.each<[Fault['when'], Malfunction, string[]]>([
    ['before', UNAVAILABLE, []],
    ['before', RESET, []],
    ['before', { kind: 'cut' }, []],
    ['after', UNAVAILABLE, ['Orders SMS']],
    ['after', RESET, ['Orders SMS']],
    ['after', { kind: 'junk' }, ['Orders SMS']],
    ['late', RESET, []],
  ])('that fails %s by %o leaves %j', async (when, what, titles) => {
    const sandbox = await openWith({ on: { operation: 'create' }, when, what })
    await send(sandbox, '', { body: ORDERS })
      .then((response) => response.text())
      .catch(() => undefined)
    expect(sandbox.store.titles()).toEqual(titles)
  })

  test('can take effect just before the nth following request', async () => {
    const fault: Fault = { on: { method: 'POST' }, when: 'late', lateBy: { requests: 2 }, what: RESET }
    const sandbox = await openWith(fault)
    await fails(send(sandbox, '', { body: ORDERS }))
    expect((await call(sandbox)).envelope.data).toHaveLength(0)
    expect((await call(sandbox)).envelope.data).toHaveLength(1)
    expect((await call(sandbox)).envelope.data).toHaveLength(1)
  })

  test('can take effect some milliseconds later', async () => {
    const sandbox = await openWith({ on: { method: 'POST' }, when: 'late', lateBy: 50, what: RESET })
    await fails(send(sandbox, '', { body: ORDERS }))
    expect(sandbox.store.size).toBe(0)
    await expect.poll(() => sandbox.store.size, { interval: 10 }).toBe(1)
  })

  test('that is late is decided when it takes effect', async () => {
    const sandbox = await open({ titles: 'reject-duplicates' })
    sandbox.faults.add({ on: { method: 'POST' }, when: 'late', what: UNAVAILABLE })
    await send(sandbox, '', { body: ORDERS })
    sandbox.store.seed(ORDERS)
    await call(sandbox)
    expect(sandbox.store.titles()).toEqual([ORDERS.title])
  })

  test.each([
    ['PATCH', { title: 'After' }, ['After']],
    ['DELETE', undefined, []],
  ])('of the kind %s can be late as well', async (method, body, titles) => {
    const sandbox = await openWith({ on: { method: 'PATCH' }, when: 'late', what: RESET })
    sandbox.faults.add({ on: { method: 'DELETE' }, when: 'late', what: RESET })
    const id = sandbox.store.seed({ title: 'Before' })
    await fails(send(sandbox, `/${id}`, { method, body }))
    expect(sandbox.store.titles()).toEqual(['Before'])
    await call(sandbox)
    expect(sandbox.store.titles()).toEqual(titles)
  })

  test('that is refused takes no effect, however its answer fails', async () => {
    const sandbox = await openWith({ on: {}, when: 'after', what: RESET })
    await fails(send(sandbox, '', { body: { title: 'Orders' } }))
    expect(sandbox.store.size).toBe(0)
  })

  test('that is still to come is dropped when the sandbox closes', async () => {
    const sandbox = await openWith({ on: {}, when: 'late', lateBy: 10, what: UNAVAILABLE })
    await send(sandbox, '', { body: ORDERS })
    await sandbox.close()
    await sleep(20)
    expect(sandbox.store.size).toBe(0)
  })
})

describe('a fault hits', () => {
  test.each<[Fault['on'], boolean[]]>([
    [{}, [true, true, true, true]],
    [{ times: 2 }, [true, true, false, false]],
    [{ nth: 2 }, [false, true, false, false]],
    [{ nth: 2, times: 2 }, [false, true, true, false]],
    [{ method: 'GET' }, [true, true, true, true]],
    [{ method: 'POST' }, [false, false, false, false]],
    [{ operation: 'list', nth: 4 }, [false, false, false, true]],
  ])('with %o the requests %j', (on, expected) => {
    const plan = createFaultPlan()
    plan.add({ on, when: 'before', what: RESET })
    const hits = expected.map(() => plan.next({ method: 'GET', operation: 'list', titles: [] }) !== undefined)
    expect(hits).toEqual(expected)
  })

  test('once where several match: the earliest added, while all of them count', () => {
    const plan = createFaultPlan()
    const first: Fault = { on: { nth: 1 }, when: 'before', what: RESET }
    const second: Fault = { on: { nth: 2 }, when: 'before', what: UNAVAILABLE }
    plan.add(second, first, { ...second, on: { nth: 1 } })
    const next = () => plan.next({ method: 'GET', operation: 'get', titles: [] })
    expect([next(), next(), next()]).toEqual([first, second, undefined])
  })

  test('a profile by its title: in a body, in a query, and stored', async () => {
    const sandbox = await openWith({ on: { title: 'Orders SMS' }, when: 'before', what: UNAVAILABLE })
    const orders = sandbox.store.seed(ORDERS)
    const other = sandbox.store.seed({ title: 'Other' })
    const statuses = [
      await send(sandbox, '', { body: ORDERS }),
      await send(sandbox, '?title=Orders%20SMS'),
      await send(sandbox, `/${orders}`),
      await send(sandbox, `/${orders}`, { method: 'PATCH', body: { title: 'New' } }),
      await send(sandbox, `/${other}`, { method: 'PATCH', body: { title: 'Orders SMS' } }),
      await send(sandbox, `/${other}`),
      await send(sandbox),
    ].map(({ status }) => status)
    expect(statuses).toEqual([503, 503, 503, 503, 503, 200, 200])
  })

  test('nothing once the plan is cleared', async () => {
    const sandbox = await openWith({ on: {}, when: 'before', what: UNAVAILABLE })
    expect((await send(sandbox)).status).toBe(503)
    sandbox.faults.clear()
    expect((await send(sandbox)).status).toBe(200)
  })

  test('only requests with the right key, and also those that validation refuses', async () => {
    const sandbox = await openWith({ on: {}, when: 'before', what: UNAVAILABLE })
    expect((await send(sandbox, '', { headers: { 'api-key': 'wrong' } })).status).toBe(401)
    expect((await send(sandbox, '', { body: {} })).status).toBe(503)
  })
})
