/** One sandbox for all the tests of a file, each of which finds it with a single profile and without faults. */
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type Malfunction, type Sandbox, startSandbox } from '../../sandbox/server.ts'
import type { ApiRequest, HttpSettings, Send } from '../../src/kaleyra/http.ts'
import { openAt } from './api.ts'

export const METHODS = ['GET', 'POST', 'PATCH', 'DELETE'] as const
export const PROFILE = { title: 'GH Orders', http_method: 'POST', url: 'https://hooks.example.com', body: {} }

export let sandbox: Sandbox
let id: string

/** Starts the sandbox before the first test of the file, resets it before each, and stops it after the last. */
export function useSandbox(): void {
  beforeAll(async () => {
    sandbox = await startSandbox()
  })
  beforeEach(() => {
    sandbox.faults.clear()
    for (const { profile_id } of sandbox.store.all()) sandbox.store.remove(profile_id)
    id = sandbox.store.seed({ title: 'GH Stored' })
    sandbox.requests.length = 0
  })
  afterAll(() => sandbox.close())
}

/** Opens the API on the sandbox until the test ends. */
export const open = (settings: Partial<HttpSettings> = {}): Send => openAt(sandbox.origin, settings).send

/** A request of this method that succeeds where nothing goes wrong. */
export function request(method: ApiRequest['method'] = 'GET'): ApiRequest {
  const operation = `${method} of a test`
  if (method === 'POST') return { method, path: '', body: PROFILE, operation }
  return { method, path: `/${id}`, operation, ...(method === 'PATCH' ? { body: { title: 'GH New' } } : {}) }
}

/** Lets the next requests, all of them where `times` is left out, meet this. */
export const fail = (what: Malfunction, times = Number.POSITIVE_INFINITY): void =>
  sandbox.faults.add({ on: { nth: 1, times }, when: 'before', what })

export const status = (code: number, headers = {}): Malfunction => ({ kind: 'status', status: code, headers })
