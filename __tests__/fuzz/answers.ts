import { strict as assert } from 'node:assert'
import fc from 'fast-check'
import { OPERATIONS } from '../../sandbox/operations.ts'
import { completeOptions } from '../../sandbox/options.ts'
import { createStore } from '../../sandbox/store.ts'
import { runContext } from '../../src/github/context.ts'
import { readAnswer } from '../../src/kaleyra/classify.ts'
import { createReader, createWriter } from '../../src/kaleyra/client.ts'
import { createDirectory } from '../../src/kaleyra/directory.ts'
import { KaleyraError } from '../../src/kaleyra/error.ts'
import type { Send } from '../../src/kaleyra/http.ts'
import type { Entry } from '../../src/manifest/entry.ts'
import { decide, type Planned } from '../../src/reconcile/decide.ts'
import { observe, profilesOf } from '../../src/reconcile/observe.ts'
import { createRedactor } from '../../src/redactor.ts'
import { planLines } from '../../src/report/log.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { inertJson, plain } from '../../src/report/text.ts'
import { heldSecrets, secretsOf } from '../../src/secrets.ts'
import { entriesOf } from '../declared.ts'
import { outcome } from '../report/reports.ts'
import { anyJson, mutated } from './mutations.ts'

const SECRET = 'canary-4711'
const TITLES = ['GH Orders', 'GH Legacy', 'GH Other']
const MANIFEST = {
  profiles: {
    orders: {
      title: 'GH Orders',
      http_method: 'POST',
      url: 'https://h.example.com/a',
      headers: { authorization: SECRET },
      body: { a: [1, { b: null }] },
      enc: { algo: 'AES-128-CFB', key: '0123456789abcdef', IV: 'fedcba9876543210' },
    },
    legacy: { title: 'GH Legacy', state: 'absent' },
    pinned: { id: 'SG_2', response_message: 'Hello', events: null },
  },
  prune: { title_prefix: 'GH ' },
}

/** One answer: its HTTP status and its text. */
interface Answered {
  readonly status: number
  readonly text: string
}

/** Any answers to a list and to a get, which every later request gets too. */
export interface Answers {
  readonly list: Answered
  readonly get: Answered
}

const TEXTS = [
  ...TITLES,
  ...[
    'SG_0',
    'SG_1',
    'SG_2',
    '..',
    '',
    '****',
    SECRET,
    'null',
    '{}',
    '[]',
    '{"a":1}',
    '["SMS-sent"]',
    'sms',
    'POST',
  ],
  ...[
    '::error::x',
    '##[error]x',
    '\u001b[31m',
    '\u202e',
    '@octocat',
    '<b>',
    '|',
    'https://u:p@h/?token=x',
    '__proto__',
  ],
]

/** True answers of the sandbox, as text. */
function documentsOf(): { list: string[]; get: string[] } {
  const store = createStore('SG_', () => new Date(0))
  for (const [index, title] of TITLES.entries()) {
    const shared = { title, profile_id: `SG_${index}`, headers: { authorization: 'x' }, body: { a: '<b>' } }
    store.seed({
      ...shared,
      enc: { algo: 'AES-128-CFB', key: 'k'.repeat(16), IV: 'i'.repeat(16) },
      events: ['SMS-sent'],
    })
  }
  const shapes = [
    {},
    { shape: { under: 'profiles' }, total: { name: 'total', where: 'data' as const } },
    { items: 'summary' as const },
  ]
  const answer = (operation: 'list' | 'get', id: string, list = {}): string =>
    JSON.stringify(
      OPERATIONS[operation]({ id, query: {}, body: {} }, store, completeOptions({ list })).answer.body,
    )
  return {
    list: shapes.map((shape) => answer('list', '', shape)),
    get: ['SG_0', 'SG_2', 'SG_none'].map((id) => answer('get', id)),
  }
}

const PIECES = [
  '',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\\u0000',
  'null',
  '1e999',
  '"error":{"a":1},',
  '"status":500,',
]
const NAMES = [
  'profile_id',
  'profileId',
  'id',
  'title',
  'url',
  'http_method',
  'headers',
  'body',
  'enc',
  'events',
  'channel',
  'status',
  'response_message',
  'data',
  'error',
  'message',
  'code',
  'total',
  '__proto__',
  'constructor',
  'key',
  'IV',
  'algo',
]

/** An answer with other JSON in the place of values of some names, and then some damage. */
function answered(documents: readonly string[]): fc.Arbitrary<Answered> {
  const swap = fc.tuple(fc.constantFrom(...NAMES), anyJson(TEXTS), fc.nat(3))
  const swapped = fc
    .tuple(fc.constantFrom(...documents), fc.array(swap, { maxLength: 4 }))
    .map(([text, swaps]) => swaps.reduce((left, [name, json, nth]) => put(left, name, json, nth), text))
  const status = fc.oneof(
    { weight: 8, arbitrary: fc.constant(200) },
    { weight: 1, arbitrary: fc.constantFrom(201, 204, 206, 302, 400, 401, 403, 404, 409, 429, 500, 503) },
  )
  return fc.record({
    status,
    text: fc.oneof(
      { weight: 3, arbitrary: swapped },
      { weight: 1, arbitrary: mutated(documents, [...PIECES, ...TEXTS]) },
      { weight: 1, arbitrary: anyJson(TEXTS) },
    ),
  })
}

/** Puts JSON in the place of the simple value of the nth property of this name, or adds the property where there is none. */
function put(text: string, name: string, json: string, nth: number): string {
  const pattern = new RegExp(`"${name}":("(?:[^"\\\\]|\\\\.)*"|[\\w.+-]+|\\{\\}|\\[\\])`, 'g')
  const found = [...text.matchAll(pattern)]
  const hit = found[nth % Math.max(found.length, 1)]
  if (hit === undefined) return text.replace('{', () => `{"${name}":${json},`)
  return `${text.slice(0, hit.index)}"${name}":${json}${text.slice(hit.index + hit[0].length)}`
}

const { list, get } = documentsOf()

/** Damaged answers. */
export const answers: fc.Arbitrary<Answers> = fc.record({ list: answered(list), get: answered(get) })

let declared: readonly Entry[] | null = null

/**
 * What holds of all answers: they are read, planned and shown, or end in an error that names the operation; nothing is shown
 * that a log obeys, and no secret.
 */
export async function answersHold({ list, get }: Answers): Promise<void> {
  declared ??= await entriesOf(JSON.stringify(MANIFEST))
  const send: Send = async ({ method, path, operation }) => {
    const { status, text } = method === 'GET' && path.startsWith('/') ? get : list
    const read = readAnswer(operation, { status, body: text, tooLong: false, location: null })
    if (read instanceof KaleyraError) throw read
    return read
  }
  try {
    show(await plan(send, declared))
  } catch (error) {
    checkError(error)
  }
  const writer = createWriter(send)
  for (const write of [writer.create({}, 'x'), writer.update('x', {}, 'x'), writer.remove('x', 'x')])
    await write.then(() => {}, checkError)
}

async function plan(send: Send, entries: readonly Entry[]): Promise<Planned> {
  const reader = createReader(send)
  const prune = { title_prefix: 'GH ', written: 'GH ', made: new Map() }
  const observation = await observe({ entries, prune }, { reader, directory: createDirectory(reader) })
  const redactor = createRedactor()
  redactor.add([...secretsOf(entries, null), ...heldSecrets(profilesOf(observation))])
  const policy = {
    origin: 'https://api.kaleyra.io',
    sid: 'HX1',
    onExisting: 'update',
    rewriteSecrets: false,
  } as const
  return decide({ entries, prune }, observation, policy, redactor)
}

function show({ plan }: Planned): void {
  const found = outcome({ mode: 'plan', plan })
  const lines = planLines(plan).map(plain)
  const shown = [
    ...lines,
    summaryOf(found, runContext({}), (text) => text),
    inertJson(plan, 2),
    ...outputsOf(found, '').values(),
  ]
  for (const text of shown) {
    assert.doesNotMatch(text, /##\[|^\s*::/m)
    assert.ok(!text.includes(SECRET), text.slice(0, 1000))
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would obey
  assert.doesNotMatch(lines.join('\n'), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  assert.match(plan.digest, /^[0-9a-f]{64}$/)
}

function checkError(error: unknown): void {
  if (!(error instanceof KaleyraError)) throw error
  assert.match(
    error.message,
    /^(list profiles|find profiles by title|(read|create|update|delete) profile .+) failed: /s,
  )
}
