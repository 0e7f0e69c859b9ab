import type { FastifyRequest } from 'fastify'
import type { Fault } from './faults.ts'

/** A request as the sandbox saw it. */
export interface LoggedRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: Readonly<Record<string, unknown>>
  /** Parsed JSON; undefined where there was none, or the request was refused before its body was read. */
  body: unknown
  /** Without the api-key; see `authorised`. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Whether sid and api-key are right; false on an unknown path, where nobody looks at them. */
  authorised: boolean
  readonly at: Date
  fault?: Fault
  /** HTTP status of the answer; 0 as long as there is none, and where a fault let none through. */
  status: number
}

/** The log entry of a request that has just come in, at the time `at`. */
export function logged(request: FastifyRequest, at: Date): LoggedRequest {
  const { 'api-key': _, ...headers } = request.headers
  return {
    method: request.method,
    path: request.url.split('?', 1)[0] ?? '',
    query: request.query as Record<string, unknown>,
    body: undefined,
    headers,
    authorised: false,
    at,
    status: 0,
  }
}

/** Whether a request could change something. */
export function isWrite({ method }: LoggedRequest): boolean {
  return method === 'POST' || method === 'PATCH' || method === 'DELETE'
}
