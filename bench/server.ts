/**
 * The API of the benchmarks: as little as answers list, title look-up, read and create, so that the server is never what is
 * measured (the sandbox checks every request, which takes it longer than the clients take to send it). A process of its
 * own, on a loopback port that it prints.
 *
 *   node bench/server.ts
 *   POST /reset?profiles=1000&delay=50   empties the account, fills it, and sets the time to each answer in milliseconds
 *   GET /requests                        counts requests since then, by method, and connections
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { idOf, profiles } from './profiles.ts'

interface Stored {
  readonly profile_id: string
  readonly title: string
}

const MAX_LIMIT = 100

let account: Stored[] = []
let delay = 0
let counts: Record<string, number> = {}

const store = (profile: object): Stored => {
  const stored = { status: 1, ...(profile as { title: string }), profile_id: idOf(account.length) }
  account.push(stored)
  return stored
}

function reset(query: URLSearchParams): object {
  account = []
  counts = {}
  delay = Number(query.get('delay'))
  for (const profile of profiles(Number(query.get('profiles')))) store(profile)
  return {}
}

function list(query: URLSearchParams): Stored[] {
  const title = query.get('title')
  const found = title === null ? account : account.filter((stored) => stored.title === title)
  const offset = Number(query.get('offset'))
  return found.slice(offset, offset + Math.min(Number(query.get('limit')), MAX_LIMIT))
}

function answer(response: ServerResponse, status: number, data: unknown): void {
  const body = JSON.stringify({ code: 'RBC024', message: '', data, error: {}, status })
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
  const method = request.method ?? ''
  if (pathname === '/reset') return answer(response, 200, reset(searchParams))
  if (pathname === '/requests') return answer(response, 200, counts)
  counts[method] = (counts[method] ?? 0) + 1
  void textOf(request).then((text) => {
    const id = pathname.split('/')[5]
    const [status, data] =
      method === 'POST'
        ? [201, store(JSON.parse(text))]
        : [200, id === undefined ? list(searchParams) : account.find(({ profile_id }) => profile_id === id)]
    setTimeout(answer, delay, response, status, data)
  })
})
server.on('connection', () => {
  counts.connections = (counts.connections ?? 0) + 1
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
