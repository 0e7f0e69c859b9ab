import { parse as parseQuery } from 'node:querystring'
import { setTimeout as sleep } from 'node:timers/promises'
import fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify'
import { deliver, distort, statusSeen } from './delivery.ts'
import { type Answer, failure, type RequestPart, unauthorised, unrouted } from './envelopes.ts'
import { createFaultPlan, type FaultPlan } from './faults.ts'
import { createLateWrites } from './late-writes.ts'
import type { ListQuery } from './listing.ts'
import { type Call, OPERATIONS, type OperationName, type Outcome } from './operations.ts'
import { completeOptions, type SandboxOptions, type SandboxOverrides } from './options.ts'
import { isWrite, type LoggedRequest, logged } from './requests.ts'
import { createSchema, listQuerySchema, patchSchema } from './schemas.ts'
import { createStore, type Store } from './store.ts'

export type { Fault, FaultPlan, Malfunction } from './faults.ts'
export { NORMALISERS, type SandboxOptions, type SandboxOverrides } from './options.ts'
export type { LoggedRequest } from './requests.ts'
export type { Profile, ProfileInput, Store } from './store.ts'

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:<port>`: what the API's base URL is to be set to. */
  readonly url: string
  /** Equal to `url`, which has no path. */
  readonly origin: string
  readonly options: Readonly<SandboxOptions>
  readonly store: Store
  readonly faults: FaultPlan
  /** Every request since the start, in order of arrival; a test may empty it. */
  readonly requests: LoggedRequest[]
  /** Those of `requests` that could change something: POST, PATCH, DELETE. */
  writes(): LoggedRequest[]
  /** How many TCP connections were ever opened. */
  readonly sockets: number
  /** Stops at once: open and hanging connections are destroyed, late writes still to come are dropped. */
  close(): Promise<void>
}

type Route = [OperationName, 'GET' | 'POST' | 'PATCH' | 'DELETE', string, Record<string, unknown>]
type Params = { sid?: string; id?: string }

const PROFILES = '/v1/:sid/callback/profiles'
const PROFILE = `${PROFILES}/:id`

// The last two halve the time of a start, nearly all of which is compiling schemas.
const AJV_OPTIONS = {
  coerceTypes: false,
  removeAdditional: false,
  allowUnionTypes: true,
  validateSchema: false,
  code: { optimize: false },
} as const

/**
 * Starts the five documented endpoints on a loopback port. In: the switches that differ from their defaults. Throws
 * where two of them cannot go together or the port is taken.
 */
export async function startSandbox(overrides: SandboxOverrides = {}): Promise<Sandbox> {
  const options = completeOptions(overrides)
  const store = createStore(options.idPrefix, options.clock)
  const faults = createFaultPlan()
  const late = createLateWrites()
  const requests: LoggedRequest[] = []
  let sockets = 0

  const app = fastify({
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { querystringParser: parseListQuery },
    ajv: { customOptions: AJV_OPTIONS },
    frameworkErrors: (_error, _request, reply: unknown) => answerBadUrl(reply as FastifyReply),
    // A failed `then` is followed by an error of its `if`, which says nothing more.
    schemaErrorFormatter: ([first], part) => new Error(`${part}${first?.instancePath} ${first?.message}`),
  })
  app.server.on('connection', () => {
    sockets += 1
  })
  app.decorateRequest('logged')

  app.addHook('onRequest', async (request, reply) => {
    const entry = logged(request, options.clock())
    requests.push(entry)
    request.setDecorator('logged', entry)
    if (options.latency > 0) await sleep(options.latency)
    if (request.is404) return refuse(request, reply, unrouted())
    entry.authorised =
      (request.params as Params).sid === options.sid && request.headers['api-key'] === options.apiKey
    return entry.authorised ? undefined : refuse(request, reply, unauthorised())
  })

  app.setErrorHandler<FastifyError>((error, request, reply) =>
    refuse(request, reply, failure(error.statusCode ?? 500, 'body', error.message)),
  )

  const routes: Route[] = [
    ['create', 'POST', PROFILES, { body: createSchema(options) }],
    ['list', 'GET', PROFILES, { querystring: listQuerySchema }],
    ['get', 'GET', PROFILE, {}],
    ['update', 'PATCH', PROFILE, { body: patchSchema(options) }],
    ['delete', 'DELETE', PROFILE, {}],
  ]
  for (const [operation, method, url, schema] of routes) {
    app.route({
      method,
      url,
      schema,
      attachValidation: true,
      handler: (request, reply) => handle(operation, request, reply),
    })
  }

  async function handle(
    operation: OperationName,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    late.countRequest()
    const call = callOf(request)
    const entry = request.getDecorator<LoggedRequest>('logged')
    entry.body = request.body
    const titles = [store.get(call.id)?.title, call.query.title, (call.body as { title?: unknown }).title]
    const fault = faults.next({ method: request.method, operation, titles })
    const what = fault?.what
    if (fault) entry.fault = fault

    const decide = (): Outcome =>
      request.validationError ? invalid(request.validationError) : OPERATIONS[operation](call, store, options)
    const waits = what?.kind === 'delay' && fault?.when === 'before'
    if (waits) await sleep(what.ms)
    const { answer, write } = decide()
    if (!fault || fault.when === 'after' || (waits && !request.socket.destroyed)) write?.()
    if (fault?.when === 'late') late.add(fault.lateBy, () => decide().write?.())
    if (what?.kind === 'delay' && !waits) await sleep(what.ms)

    const sent = distort(answer, what)
    entry.status = statusSeen(sent, what)
    await deliver(reply, sent, what)
  }

  const url = await app.listen({ host: '127.0.0.1', port: options.port })
  return {
    url,
    origin: url,
    options,
    store,
    faults,
    requests,
    writes: () => requests.filter(isWrite),
    get sockets() {
      return sockets
    },
    async close() {
      late.cancel()
      await app.close()
    },
  }
}

function refuse(request: FastifyRequest, reply: FastifyReply, { status, body }: Answer): FastifyReply {
  request.getDecorator<LoggedRequest>('logged').status = status
  return reply.code(status).send(body)
}

function answerBadUrl(reply: FastifyReply): void {
  const { status, body } = unrouted()
  void reply.code(status).send(body)
}

function invalid({ message, validationContext }: { message: string; validationContext?: string }): Outcome {
  return { answer: failure(400, (validationContext ?? 'body') as RequestPart, message) }
}

function callOf({ params, query, body }: FastifyRequest): Call {
  return { id: (params as Params).id ?? '', query: query as ListQuery, body: (body ?? {}) as object }
}

/** Numbers in limit and offset become numbers, so that validation need not coerce types, which it would in bodies too. */
function parseListQuery(text: string): Record<string, unknown> {
  const query: Record<string, unknown> = { ...parseQuery(text) }
  for (const name of ['limit', 'offset']) {
    const number = Number(query[name] || Number.NaN)
    if (!Number.isNaN(number)) query[name] = number
  }
  return query
}
