/** The API over loopback: the sandbox, or a server that answers whatever a test wants. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createSocketServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { type Sandbox, type SandboxOverrides, startSandbox } from '../../sandbox/server.ts'
import { KaleyraError } from '../../src/kaleyra/error.ts'
import { type HttpSettings, openApi, type Send } from '../../src/kaleyra/http.ts'
import { createClock } from '../clock.ts'

/** Opens the API at an address until the test ends. */
export function openAt(origin: string, settings: Partial<HttpSettings> = {}): ReturnType<typeof openApi> {
  const api = openApi({
    origin,
    sid: 'HXSANDBOX',
    apiKey: 'sandbox-api-key',
    concurrency: 4,
    timeoutMs: 5000,
    retries: 2,
    clock: createClock(),
    ...settings,
  })
  onTestFinished(api.close)
  return api
}

/** A sandbox of its own for one test, and the API opened on it. */
export async function openSandbox(
  overrides: SandboxOverrides = {},
  settings: Partial<HttpSettings> = {},
): Promise<{ sandbox: Sandbox; send: Send; close: () => void }> {
  const sandbox = await startSandbox(overrides)
  onTestFinished(() => sandbox.close())
  return { sandbox, ...openAt(sandbox.origin, settings) }
}

/** Starts a server until the test ends, and returns its origin. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  onTestFinished(() => void server.close().closeAllConnections())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Starts a server that knows sockets only, until the test ends, and returns its port. */
export async function serveSockets(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createSocketServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    onSocket(socket)
  })
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** A port on which nothing listens. */
export async function unusedPort(): Promise<number> {
  const server = createSocketServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The error that a promise is to end in. */
export async function failureOf(promise: Promise<unknown>): Promise<KaleyraError> {
  const result = await promise.then(
    () => 'it did not fail',
    (error: unknown) => error,
  )
  if (result instanceof KaleyraError) return result
  throw new Error('expected a KaleyraError', { cause: result })
}

/** A whole success answer with this data. */
export const successOf = (data: unknown): string =>
  JSON.stringify({ code: 'RBC024', message: 'Profile fetched successfully', data, error: {}, status: 200 })
