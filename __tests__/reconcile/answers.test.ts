/** Answers whose fields have any type but the right one. */
import { afterAll, describe, expect, test } from 'vitest'
import type { OperationName } from '../../sandbox/operations.ts'
import { startSandbox } from '../../sandbox/server.ts'
import { act } from '../action.ts'

const DEEP = 100_000
const nested = (open: string, close: string, inside = ''): string =>
  open.repeat(DEEP) + inside + close.repeat(DEEP)
const VALUES: Readonly<Record<string, string>> = {
  null: 'null',
  'a number': '-1.5e300',
  'a boolean': 'true',
  'an empty text': '""',
  'a text': '"text"',
  'a text with JSON of a wrong type': '"[[1],null]"',
  'a list': '[null,1,"a",{},[]]',
  'an object': '{"a":null,"b":[1],"__proto__":{"c":1},"constructor":"x"}',
  'deep lists': nested('[', ']'),
  'deep objects': nested('{"a":', '}', '1'),
  'a text with deep JSON': JSON.stringify(nested('[', ']')),
  'a huge text': JSON.stringify('x'.repeat(1_000_000)),
  'a huge list': JSON.stringify(Array.from({ length: 100_000 }, () => 'x')),
}
const ENVELOPE = ['code', 'message', 'data', 'error', 'status'].map((name) => [name])
const PROFILE = [
  'profile_id',
  'title',
  'url',
  'http_method',
  'headers',
  'body',
  'status',
  'created_at',
  'enc',
  'response_message',
  'channel',
  'events',
  'replacers',
]

const sandbox = await startSandbox()
afterAll(() => sandbox.close())

/** Empties the account but for two profiles, and forgets all faults. */
function reset(): void {
  sandbox.faults.clear()
  for (const { profile_id } of sandbox.store.all()) sandbox.store.remove(profile_id)
  const held = { http_method: 'GET' as const, body: { a: 'b' }, headers: { 'x-a': 'b' } }
  sandbox.store.seed({ title: 'GH Changed', url: 'https://hooks.example.com/old', ...held })
  sandbox.store.seed({ title: 'GH Gone', ...held })
}

const fields = {
  http_method: 'GET',
  url: 'https://hooks.example.com/new',
  body: null,
  headers: { 'x-a': 'c' },
}
const changed = { title: 'GH Changed', ...fields }
const made = { title: 'GH Made', ...fields }
const gone = { title: 'GH Gone', state: 'absent' }
/** What each operation takes part in. */
const RUNS: Record<OperationName, { readonly mode: string; readonly profiles: object }> = {
  list: { mode: 'plan', profiles: { changed, made, gone } },
  get: { mode: 'plan', profiles: { changed, made, gone } },
  create: { mode: 'apply', profiles: { made } },
  update: { mode: 'apply', profiles: { changed } },
  delete: { mode: 'apply', profiles: { gone } },
}

/** What every message says that is not of a defect: what was being done, or what the account holds. */
const CLEAR =
  /(list profiles|find profiles by title|read profile \S+|(create|update|delete|replace) profile "[^"]*".*) failed: |the account (has|shows|still|now)|exists, but the list|has this title now|is still there/
/** Milliseconds that a run may take, however busy the machine. */
const MOST_MS = 5000

describe.each<[operation: OperationName, paths: readonly (readonly (string | number)[])[]]>([
  ['list', [...ENVELOPE, ['data', 0], ...PROFILE.map((name) => ['data', 0, name])]],
  ['get', [...ENVELOPE, ...PROFILE.map((name) => ['data', name])]],
  ['create', [...ENVELOPE, ['data', 'profile_id'], ['data', 'title']]],
  ['update', [...ENVELOPE, ['data', 'profile_id']]],
  ['delete', [...ENVELOPE, ['data', 'profileId']]],
])('where an answer to %s has a wrong type', (operation, paths) => {
  const { mode, profiles } = RUNS[operation]
  test.each(paths.map((at) => [at.join('.'), at] as const))(
    'in %s, the run says so or goes on',
    async (_, at) => {
      for (const [name, json] of Object.entries(VALUES)) {
        reset()
        sandbox.faults.add({ on: { operation }, when: 'after', what: { kind: 'put', at, json } })
        const started = performance.now()
        const inputs = { mode, 'allow-delete': 'true', retries: '1' }
        const result = await act({ sandbox, profiles: { profiles }, inputs })
        const elapsed = performance.now() - started
        const errors = result.annotations.filter(({ level }) => level === 'error')
        expect([name, result.exitCode]).toEqual([name, errors.length === 0 ? 0 : 1])
        for (const { message } of errors) {
          expect(message, name).toMatch(CLEAR)
          expect(message, name).not.toMatch(/unexpected error|defect/)
        }
        expect(elapsed, name).toBeLessThan(MOST_MS)
      }
    },
  )
})
