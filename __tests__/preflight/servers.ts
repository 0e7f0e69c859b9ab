/** Endpoints over loopback that count connections and keep what they are sent. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import {
  createServer as createSecureServer,
  getCACertificates,
  setDefaultCACertificates,
  type TLSSocket,
} from 'node:tls'
import { onTestFinished } from 'vitest'
import { type CertificateFacts, selfSigned } from '../kaleyra/certificate.ts'

export interface Listening {
  readonly port: number
  /** Number of connections so far. */
  readonly connections: () => number
  /** All that was sent, once every connection has ended; without the TLS around it where the server speaks TLS. */
  readonly received: () => Promise<string>
}

/** A certificate: for which host, and whether it is trusted here. */
export interface Certified extends CertificateFacts {
  readonly name?: string
  readonly trusted?: boolean
}

/** Accepts connections until the test ends, and says nothing unless `onSocket` does. */
export const listen = (onSocket: (socket: Socket) => void = () => {}): Promise<Listening> =>
  start(createServer(), 'connection', onSocket)

/** Makes TLS handshakes until the test ends, with a certificate that is trusted unless these facts say otherwise. */
export async function listenSecurely(
  name: string,
  { trusted = true, ...facts }: Omit<Certified, 'name'> = {},
  onSocket: (socket: TLSSocket) => void = () => {},
): Promise<Listening> {
  const { key, cert } = selfSigned(name, facts)
  if (trusted) {
    const before = getCACertificates('default')
    setDefaultCACertificates([...before, cert])
    onTestFinished(() => setDefaultCACertificates(before))
  }
  return start(createSecureServer({ key, cert }), 'secureConnection', (socket) =>
    onSocket(socket as TLSSocket),
  )
}

async function start(
  server: Server,
  event: 'connection' | 'secureConnection',
  onSocket: (socket: Socket) => void,
): Promise<Listening> {
  const sockets: Socket[] = []
  const closed: Promise<unknown>[] = []
  const chunks: Buffer[] = []
  server.on('connection', (socket: Socket) => {
    sockets.push(socket.on('error', () => {}))
    closed.push(new Promise((resolve) => socket.on('close', resolve)))
  })
  server.on(event, (socket: Socket) => {
    socket.on('error', () => {}).on('data', (chunk) => chunks.push(chunk))
    onSocket(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.length,
    received: async () => {
      await Promise.all(closed)
      return Buffer.concat(chunks).toString('latin1')
    },
  }
}
