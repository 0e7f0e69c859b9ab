import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import { type Answer, failure } from './envelopes.ts'
import type { Malfunction } from './faults.ts'

const DRIPS_PER_SECOND = 50

/** What is sent in the place of the true answer. Malfunctions of the connection leave the answer as it is. */
export function distort(answer: Answer, what: Malfunction | undefined): Answer {
  switch (what?.kind) {
    case 'status':
      return { status: what.status, headers: what.headers ?? {}, body: what.body ?? '' }
    case 'html':
      return {
        status: what.status,
        headers: { 'content-type': 'text/html' },
        body: `<html><head><title>${what.status}</title></head><body><h1>${what.status}</h1></body></html>\n`,
      }
    case 'empty':
      return { status: what.status, body: '' }
    case 'junk':
      return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"code":"RBC024",' }
    case 'put':
      return {
        ...answer,
        headers: { 'content-type': 'application/json' },
        body: withJson(answer.body, what.at, what.json),
      }
    case 'echo': {
      const { status, text } = what
      return {
        status,
        body: { code: 'RBC302', message: text, data: {}, error: [{ body: text }, { [text]: text }], status },
      }
    }
    case 'failure-in-success':
      return {
        ...failure(500, 'body', 'Internal server error', 'Internal server error', 'RBC500'),
        status: 200,
      }
    default:
      return answer
  }
}

/** An answer as text, with other JSON at a path; a path that leads nowhere leaves it as it is. */
function withJson(body: object | string, at: readonly (string | number)[], json: string): string {
  const mark = '\u0000here'
  const copy = structuredClone({ body })
  const [last = '', ...outer] = ['body', ...at].reverse()
  const owner = outer
    .reverse()
    .reduce<unknown>((value, step) => (value as Record<string, unknown>)?.[step], copy)
  if (typeof owner === 'object' && owner !== null) (owner as Record<string, unknown>)[last] = mark
  return JSON.stringify(copy.body).replace(JSON.stringify(mark), () => json)
}

/** The HTTP status that the client gets to see; 0 where it sees none. */
export function statusSeen(answer: Answer, what: Malfunction | undefined): number {
  const silent = what?.kind === 'reset' || what?.kind === 'close' || what?.kind === 'hang'
  return silent ? 0 : answer.status
}

/** Sends an answer over a connection that works, or does not, as `what` says. Settles when it has been handed over. */
export async function deliver(
  reply: FastifyReply,
  answer: Answer,
  what: Malfunction | undefined,
): Promise<void> {
  const { socket } = reply.request
  switch (what?.kind) {
    case 'reset':
      reply.hijack()
      socket.resetAndDestroy()
      return
    case 'close':
      reply.hijack()
      socket.destroy()
      return
    case 'hang':
      reply.hijack()
      return
    case 'cut': {
      const bytes = startRaw(reply, answer)
      reply.raw.write(bytes.subarray(0, bytes.length / 2), () => socket.destroy())
      return
    }
    case 'drip': {
      const bytes = startRaw(reply, answer)
      const size = Math.ceil(what.bytesPerSecond / DRIPS_PER_SECOND)
      for (let start = 0; start < bytes.length && !socket.destroyed; start += size) {
        await sleep((size / what.bytesPerSecond) * 1000)
        reply.raw.write(bytes.subarray(start, start + size))
      }
      reply.raw.end()
      return
    }
    default:
      void reply
        .code(answer.status)
        .headers(answer.headers ?? {})
        .send(answer.body)
  }
}

function startRaw(reply: FastifyReply, { status, headers, body }: Answer): Buffer {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  reply.hijack()
  reply.raw.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
    ...headers,
  })
  return bytes
}
