import { connect } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayRetry, readAnswer, readNetworkError, retryAfterMs } from '../../src/kaleyra/classify.ts'
import { type FailureKind, KaleyraError } from '../../src/kaleyra/error.ts'
import { serveSockets, successOf, unusedPort } from './api.ts'

const answer = (status: number, body: string | null = '') => ({
  status,
  body,
  tooLong: false,
  location: null,
})
const kindOf = (outcome: object): FailureKind | 'success' =>
  outcome instanceof KaleyraError ? outcome.kind : 'success'

describe('an answer', () => {
  test.each<[number, FailureKind]>([
    [300, 'misrouted'],
    [304, 'misrouted'],
    [400, 'refused'],
    [401, 'credentials'],
    [402, 'refused'],
    [403, 'refused'],
    [404, 'misrouted'],
    [408, 'faulty'],
    [409, 'refused'],
    [410, 'refused'],
    [413, 'refused'],
    [425, 'faulty'],
    [429, 'busy'],
    [431, 'refused'],
    [500, 'faulty'],
    [501, 'faulty'],
    [503, 'faulty'],
    [599, 'faulty'],
  ])('of status %i is %s, whatever its body holds', (status, kind) => {
    for (const body of [null, '', '{', '[]', '<html>', '{"message":"x"}']) {
      expect([body, kindOf(readAnswer('op', answer(status, body)))]).toEqual([body, kind])
    }
  })

  test.each([
    ['a success', successOf({}), 'success'],
    ['a success without a status', '{"code":"RBC024","data":[]}', 'success'],
    ['a success whose error is null', '{"data":[],"error":null}', 'success'],
    ['a success whose error is an empty text', '{"data":[],"error":""}', 'success'],
    ['a success whose error is an empty list', '{"data":[],"error":[]}', 'success'],
    ['a failure by its list of errors', '{"data":{},"error":[{"body":"bad"}]}', 'faulty'],
    ['a failure by its error', '{"data":{},"error":{"error":"bad"}}', 'faulty'],
    ['a failure by its text', '{"data":{},"error":"bad"}', 'faulty'],
    ['a failure by its status', '{"data":{},"error":{},"status":500}', 'faulty'],
    ['a failure by its status as text', '{"data":{},"error":{},"status":"404"}', 'faulty'],
    ['of another API', '{"ok":true}', 'faulty'],
    ['a list', '[]', 'faulty'],
    ['a text', '"data"', 'faulty'],
    ['null', 'null', 'faulty'],
    ['half an answer', '{"data":[', 'faulty'],
    ['a page', '<!DOCTYPE html><title>Login</title>', 'faulty'],
    ['nothing', ' \n', 'faulty'],
    ['cut off', null, 'faulty'],
  ])('of status 200 may be %s', (_, body, kind) => {
    expect(kindOf(readAnswer('op', answer(200, body)))).toBe(kind)
  })

  test.each([
    [
      '404 of the API is a refusal',
      404,
      '{"code":"RBC302","message":"No profile exists with this id"}',
      'refused',
    ],
    ['404 of something else is not', 404, '{"code":"NotFound","message":"x"}', 'misrouted'],
    ['400 of an unknown path is not one of validation', 400, '{"code":"RBC618","message":"x"}', 'misrouted'],
    ['204 is a success that says nothing', 204, '', 'success'],
  ])('%s', (_, status, body, kind) => {
    expect(kindOf(readAnswer('op', answer(status, body)))).toBe(kind)
  })

  test('that fails keeps the code and the issues of the API', () => {
    const body = '{"code":"RBC302","message":"no","error":[{"body":"a"},{"params":"b"}]}'
    expect(readAnswer('op', answer(400, body))).toMatchObject({
      operation: 'op',
      status: 400,
      code: 'RBC302',
      said: 'RBC302 no body: a params: b',
      issues: [
        { part: 'body', text: 'a' },
        { part: 'params', text: 'b' },
      ],
    })
  })

  test('is an envelope or a KaleyraError with a short message, whatever comes', () => {
    const json = fc.oneof(
      fc.json(),
      fc
        .record({
          code: fc.jsonValue(),
          message: fc.jsonValue(),
          data: fc.jsonValue(),
          error: fc.jsonValue(),
          status: fc.jsonValue(),
        })
        .map((value) => JSON.stringify(value)),
    )
    const property = fc.property(
      fc.integer({ min: 200, max: 599 }),
      fc.oneof(json, fc.string()),
      (status, body) => {
        const outcome = readAnswer('op', answer(status, body))
        if (outcome instanceof KaleyraError) expect(outcome.message.length).toBeLessThan(60_000)
        else expect(status).toBeLessThan(300)
      },
    )
    fc.assert(property, { numRuns: 500 })
  })
})

describe('a network error', () => {
  const ended = (thrown: unknown, ending = {}) =>
    readNetworkError('op', { thrown, timedOutMs: null, cancelled: false, ...ending })
  const networkError = (facts: { code?: string; syscall?: string; message?: string }) =>
    Object.assign(new Error(facts.message), facts)

  test.each<[string, { code: string; syscall?: string; message?: string }, FailureKind]>([
    ['a refused connection', { code: 'ECONNREFUSED', syscall: 'connect' }, 'unreachable'],
    ['no route', { code: 'EHOSTUNREACH', syscall: 'connect' }, 'unreachable'],
    ['a slow connection', { code: 'ETIMEDOUT', syscall: 'connect' }, 'unreachable'],
    ['an unknown name', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }, 'unreachable'],
    ['no name server', { code: 'EAI_AGAIN', syscall: 'getaddrinfo' }, 'unreachable'],
    ['no address that answers in time', { code: 'ETIMEDOUT' }, 'unreachable'],
    ['no network at any address', { code: 'ENETUNREACH' }, 'unreachable'],
    [
      'an end before TLS',
      {
        code: 'ECONNRESET',
        message: 'Client network socket disconnected before secure TLS connection was established',
      },
      'unreachable',
    ],
    ['an expired certificate', { code: 'CERT_HAS_EXPIRED' }, 'unreachable'],
    ['a certificate of another host', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'unreachable'],
    ['an unknown authority', { code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' }, 'unreachable'],
    ['a reset while reading', { code: 'ECONNRESET', syscall: 'read' }, 'unanswered'],
    ['a hang-up', { code: 'ECONNRESET', message: 'socket hang up' }, 'unanswered'],
    ['a broken pipe', { code: 'EPIPE', syscall: 'write' }, 'unanswered'],
    ['a host that vanishes while reading', { code: 'EHOSTUNREACH', syscall: 'read' }, 'unanswered'],
    ['silence while reading', { code: 'ETIMEDOUT', syscall: 'read' }, 'unanswered'],
    ['no HTTP', { code: 'HPE_INVALID_CONSTANT' }, 'unanswered'],
    ['broken TLS', { code: 'EPROTO', syscall: 'write' }, 'unanswered'],
    [
      'a certificate asked for after the handshake',
      { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' },
      'unanswered',
    ],
  ])('by %s is classified by whether the request left', (_, facts, kind) => {
    const error = ended(networkError(facts))
    expect([error.kind, error.mayHaveLanded]).toEqual([kind, kind === 'unanswered'])
    expect(error.message).toContain(facts.code)
    expect(error.hint).not.toBe('')
    expect(error.cause).toMatchObject(facts)
  })

  test('of several addresses, none of which answers, left nowhere', async () => {
    const port = await unusedPort()
    const addresses = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }))
    const aggregate = await new Promise<NodeJS.ErrnoException>((resolve) => {
      const lookup = (_: string, __: object, done: (error: null, found: typeof addresses) => void) =>
        done(null, addresses)
      connect({ port, host: 'several.test', autoSelectFamily: true, lookup: lookup as never }).on(
        'error',
        resolve,
      )
    })
    expect(aggregate).toBeInstanceOf(AggregateError)
    expect(ended(aggregate).kind).toBe('unreachable')
  })

  test('of a socket that the server resets is unanswered', async () => {
    const port = await serveSockets((socket) => socket.once('data', () => socket.resetAndDestroy()))
    const reset = await new Promise<NodeJS.ErrnoException>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('x')).on('error', resolve)
    })
    expect(ended(reset)).toMatchObject({
      kind: 'unanswered',
      said: 'the connection broke (ECONNRESET)',
    })
  })

  test('after the time is over is a time-out, and of a cancelled run is neither', () => {
    const thrown = networkError({ code: 'ECONNRESET', syscall: 'read' })
    expect(ended(thrown, { timedOutMs: 30_000 })).toMatchObject({
      kind: 'timeout',
      said: 'no answer within 30 s (input `timeout`)',
      mayHaveLanded: true,
    })
    expect(ended(thrown, { timedOutMs: 30_000, cancelled: true })).toMatchObject({
      kind: 'unanswered',
      final: true,
      mayHaveLanded: true,
    })
  })

  test.each([new TypeError('odd'), 'text', { code: '' }])('that is %s is unanswered', (thrown) => {
    expect(ended(thrown).kind).toBe('unanswered')
  })
})

test.each<[FailureKind, boolean, boolean]>([
  ['refused', false, false],
  ['credentials', false, false],
  ['misrouted', false, false],
  ['stopped', false, false],
  ['unreachable', true, true],
  ['busy', true, true],
  ['unanswered', true, false],
  ['timeout', true, false],
  ['faulty', true, false],
])('a failure that is %s may be sent again: %s, as a POST: %s', (kind, others, post) => {
  const failure = (final: boolean) =>
    new KaleyraError({ kind, operation: 'op', status: null, said: '', final })
  for (const method of ['GET', 'PATCH', 'DELETE']) expect(mayRetry(method, failure(false))).toBe(others)
  expect(mayRetry('POST', failure(false))).toBe(post)
  for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) expect(mayRetry(method, failure(true))).toBe(false)
})

const NOW = Date.UTC(2026, 0, 1)
test.each<[string | null, number | null]>([
  [null, null],
  ['', null],
  ['  ', null],
  ['0', 0],
  ['1', 1000],
  [' 120 ', 120_000],
  ['1.5', 1500],
  ['-1', null],
  ['1e3', null],
  ['soon', null],
  ['1, 2', null],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Thu, 01 Jan 2026 00:00:00 GMT', 0],
  ['Wed, 31 Dec 2025 23:59:59 GMT', 0],
  ['2026-01-01T00:01:00Z', 60_000],
])('Retry-After: %s waits %s ms', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms)
})
