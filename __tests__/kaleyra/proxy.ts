/** A real HTTP proxy on loopback that carries CONNECT, and a TLS front for a server that has none. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, type Server as NetServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Certificate } from './certificate.ts'

/** A CONNECT request as the proxy saw it. */
export interface Connect {
  readonly target: string
  readonly headers: IncomingMessage['headers']
}

export interface TestProxy {
  readonly port: number
  /** Every CONNECT so far. */
  readonly connects: Connect[]
  /** All that went through, in both directions, as the proxy sees it: Latin-1 text. */
  readonly seen: () => string
  /** What becomes of a CONNECT instead of a connection; null for a connection. */
  answer: ((socket: Socket) => void) | null
  close(): Promise<void>
}

export interface ProxyOptions {
  /** Where the proxy itself speaks TLS. */
  readonly certificate?: Certificate
  readonly port?: number
}

/** Starts a proxy that finds every host at 127.0.0.1, whatever its name. */
export async function startProxy({ certificate, port = 0 }: ProxyOptions = {}): Promise<TestProxy> {
  const connects: Connect[] = []
  const chunks: Buffer[] = []
  const sockets = new Set<Socket>()
  const server: Server = certificate === undefined ? createServer() : createHttpsServer(certificate)
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on('error', () => socket.destroy())
  }
  server.on(certificate === undefined ? 'connection' : 'secureConnection', keep)
  server.on('connect', ({ url = '', headers }: IncomingMessage, socket: Socket) => {
    connects.push({ target: url, headers })
    if (proxy.answer !== null) return proxy.answer(socket)
    const upstream = keep(connect(Number(url.split(':')[1]), '127.0.0.1'))
    upstream.once('connect', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      for (const [from, to] of [
        [socket, upstream],
        [upstream, socket],
      ] as const) {
        from.on('data', (chunk: Buffer) => chunks.push(chunk))
        from.on('close', () => to.destroy())
        from.pipe(to)
      }
    })
  })
  const proxy: TestProxy = {
    port: await listen(server, port),
    connects,
    seen: () => Buffer.concat(chunks).toString('latin1'),
    answer: null,
    close: () => closeAll(server, sockets),
  }
  return proxy
}

/** Starts a server that speaks TLS and hands on what it hears to a port of loopback. Returns its own port. */
export async function startTls(
  certificate: Certificate,
  behind: number,
): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createTlsServer(certificate, (socket) => {
    const plain = connect(behind, '127.0.0.1')
    for (const end of [socket, plain]) sockets.add(end.on('error', () => end.destroy()))
    socket.on('close', () => plain.destroy()).pipe(plain)
    plain.on('close', () => socket.destroy()).pipe(socket)
  })
  server.on('tlsClientError', () => {})
  return { port: await listen(server, 0), close: () => closeAll(server, sockets) }
}

async function listen(server: NetServer, port: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function closeAll(server: NetServer, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  for (const socket of sockets) socket.destroy()
  await closed
}
