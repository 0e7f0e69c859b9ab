/** A name server over loopback: real packets, for names that no test machine knows. */
import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { onTestFinished } from 'vitest'

/** Addresses by name; a name that is not there does not exist, and one of `silent` is never answered. */
export type Zone = Readonly<Record<string, readonly string[] | 'silent'>>

export interface NameServer {
  /** Every name that was asked for, once. */
  readonly asked: ReadonlySet<string>
  /** Makes a resolver that asks this server alone. */
  readonly createResolver: () => Resolver
}

const HEADER_BYTES = 12
const TYPES = { A: 1, AAAA: 28 }
const NO_SUCH_NAME = 3

/** Starts a name server until the test ends. */
export async function serveNames(zone: Zone): Promise<NameServer> {
  const asked = new Set<string>()
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const { name, type, end } = readQuestion(query)
    asked.add(name)
    const found = zone[name]
    if (found === 'silent') return
    const records = (found ?? []).filter((each) => type === (isIPv6(each) ? TYPES.AAAA : TYPES.A))
    const header = Buffer.alloc(HEADER_BYTES)
    query.copy(header, 0, 0, 2)
    header.writeUInt16BE(0x8180 | (found === undefined ? NO_SUCH_NAME : 0), 2)
    header.writeUInt16BE(1, 4)
    header.writeUInt16BE(records.length, 6)
    const answers = records.map((each) => record(type, addressBytes(each)))
    socket.send(Buffer.concat([header, query.subarray(HEADER_BYTES, end), ...answers]), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => void socket.close())
  const createResolver = (): Resolver => {
    const resolver = new Resolver()
    resolver.setServers([`127.0.0.1:${socket.address().port}`])
    return resolver
  }
  return { asked, createResolver }
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = HEADER_BYTES
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

/** A record of the name in the question: its type, class IN, a minute to live. */
function record(type: number, address: Buffer): Buffer {
  const head = Buffer.from([0xc0, HEADER_BYTES, 0, type, 0, 1, 0, 0, 0, 60, 0, address.length])
  return Buffer.concat([head, address])
}

function addressBytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number))
  const [start = '', end] = address.split('::')
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'))
  const [first, last] = [groups(start), groups(end ?? '')]
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0')
  return Buffer.from([...first, ...zeros, ...last].map((group) => group.padStart(4, '0')).join(''), 'hex')
}
