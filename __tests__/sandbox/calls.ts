import { onTestFinished } from 'vitest'
import { type Sandbox, type SandboxOverrides, startSandbox } from '../../sandbox/server.ts'

export interface Envelope {
  code: string
  message: string
  data: Record<string, unknown> & unknown[]
  error: unknown
  status?: number
}

export interface Reply {
  status: number
  envelope: Envelope
}

export interface Request {
  method?: string
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** A create body that passes validation. */
export const ORDERS = {
  title: 'Orders SMS',
  http_method: 'POST',
  url: 'https://hooks.example.com/sms',
  body: { id: '<id>' },
}

/** A sandbox that is closed when the test ends. */
export async function open(overrides?: SandboxOverrides): Promise<Sandbox> {
  const sandbox = await startSandbox(overrides)
  onTestFinished(() => sandbox.close())
  return sandbox
}

/** Sends a request with the right key; `path` follows `…/profiles`. A body is JSON, a string is sent as it is. */
export function send(
  { url, options }: Sandbox,
  path = '',
  { method, body, headers, signal }: Request = {},
): Promise<Response> {
  return fetch(`${url}/v1/${options.sid}/callback/profiles${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      'api-key': options.apiKey,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  })
}

/** As send, with the answer read. */
export async function call(sandbox: Sandbox, path?: string, request?: Request): Promise<Reply> {
  const response = await send(sandbox, path, request)
  return { status: response.status, envelope: (await response.json()) as Envelope }
}

/** The titles of a page whose items stand in a bare array. */
export async function listed(sandbox: Sandbox, query = ''): Promise<unknown[]> {
  const { envelope } = await call(sandbox, query)
  return envelope.data.map((item) => (item as { title: string }).title)
}
