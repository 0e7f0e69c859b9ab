import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { type Sandbox, startSandbox } from '../../sandbox/server.ts'
import { KNOWN_NAMES } from '../../src/manifest/schema.ts'
import { type Acted, act } from '../action.ts'
import { type Read, read } from '../manifest/reading.ts'
import { mutated } from './mutations.ts'

/** What expressions of the documents read. None of it may ever be seen. */
export const ENV = {
  TOKEN: 'canary-t0ken-4711',
  HOOK_TOKEN: 'canary-h00k-4711',
  CB_KEY: 'canary-key-of-32-characters-4711',
  CB_IV: 'canary-iv-471100',
  JSON: '{"deep":["canary-deep-4711"]}',
  EMPTY: '',
}

const DOCUMENTS = [
  readFileSync(new URL('../../examples/callback-profiles.yml', import.meta.url), 'utf8'),
  `version: 1
defaults: &d
  http_method: POST
  headers: { x-source: kaleyra, x-api-token: "\${{ env.TOKEN }}" }
prune: { title_prefix: "GH " }
profiles:
  orders:
    <<: *d
    title: GH Orders
    url: https://u:p@h.example.com/\${{ env.TOKEN }}?a=<b>&key=\${{ env.CB_KEY }}
    events: [SMS-sent]
    channel: sms
    body: { a: "\${{ fromJSON(env.JSON) }}", b: |-
        text
      }
    enc: { algo: AES-256-GCM, key: "\${{ env.CB_KEY }}", IV: "\${{ env.CB_IV }}" }
  legacy: { title: GH Legacy, state: absent }
  renamed: { title: GH New, previous_titles: [GH Old, "GH \${{ env.TOKEN }}"], http_method: GET, url: "https://h.example.com" }
  pinned: { id: SG_1, response_message: "$\${{ literal" }
`,
  `[
  {"title": "GH A", "http_method": "GET", "url": "http://h.example.com/?a=<b>"},
  {"title": "GH B", "http_method": "PUT", "url": "http://h.example.com", "body": {"a": [1, 2.5, null, {"b": "\\u00e9"}]}}
]`,
  `{ // as the documentation shows it
  "title": "Callback_Profile_Test_1", "http_method": "POST", "url": "https://h.example.com", // the address
  "body": {"mobile": "<mobile>"}, "headers": {"a": "b"}, "events": "SMS-sent", "channel": "sms",
  "enc": {"algo": "AES-128-CFB", "key": "0123456789abcdef", "IV": "fedcba9876543210", "params": {"x": 1}},
}`,
]

const PIECES = [
  ...['', ' ', '\n', '\t', '\r\n', '\0', '\ufeff', '\u2028', '\ud800', '\u202e', '\u001b[31m'],
  ...[
    ': ',
    '- ',
    ', ',
    '? ',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*d',
    '*a',
    '!t ',
    '!!binary ',
    '#',
    '|',
    '>',
    '%',
    '@',
    '`',
  ],
  ...[
    '\n---\n',
    '\n...\n',
    '\n<<: *d\n',
    '<<: ',
    '$${{ ',
    '${{ ',
    ' }}',
    '${{ env.TOKEN }}',
    '${{ fromJSON(env.JSON) }}',
  ],
  ...[
    '${{ toJSON(env) }}',
    '${{ env.EMPTY }}',
    '${{ secrets.X }}',
    '${{ github.event }}',
    '\n::error::x\n',
    '##[error]x',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'null',
    '~',
    '.nan',
    '.inf',
    '1e999',
    '0x10',
    '9007199254740993',
    'true',
  ],
  ...[
    'profiles:',
    'title: ',
    'state: absent',
    'id: ../..',
    'prune:',
    'defaults:',
    'version: 2',
    'body: ',
    'enc: ',
  ],
  ...[
    '['.repeat(300),
    '{a: '.repeat(150),
    '- '.repeat(300),
    'x'.repeat(3000),
    '\\"'.repeat(500),
    ','.repeat(500),
  ],
]

const TEXTS = [
  '${{ env.TOKEN }}',
  '${{ fromJSON(env.JSON) }}',
  '${{ env.EMPTY }}',
  '${{',
  '$${{ x',
  'sms',
  'POST',
  'GH A',
]
const NAMES = [...KNOWN_NAMES.profile, ...KNOWN_NAMES.enc, '__proto__', 'constructor', '', '<<']

/** Any JSON in the place of any field. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string(), fc.constantFrom(...TEXTS)),
    fc.double(),
    fc.constantFrom(null, true),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 3 }),
  object: fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), fc.string()), tie('value'), { maxKeys: 6 }),
}))
const shaped = fc
  .oneof(value, fc.record({ profiles: value }), fc.record({ defaults: value, prune: value, profiles: value }))
  .map((json) => JSON.stringify(json) ?? '')

/** Damaged manifests, and JSON of any shape. */
export const manifest = fc.oneof(
  { weight: 4, arbitrary: mutated(DOCUMENTS, PIECES) },
  { weight: 1, arbitrary: shaped },
)

let sandbox: Sandbox | null = null

/** Ends what the first manifest started. */
export async function close(): Promise<void> {
  await sandbox?.close()
  sandbox = null
}

/**
 * What holds of every text: the loader gives a manifest or located errors, the whole action says the same, sends nothing
 * where there are errors, never writes in a plan, and shows no value of an environment variable.
 */
export async function manifestHolds(text: string): Promise<void> {
  sandbox ??= await startSandbox()
  for (const offline of [true, false]) {
    const loaded = await read(text, { env: ENV, offline })
    checkLoaded(loaded)
    sandbox.requests.length = 0
    const acted = await act({
      sandbox,
      profiles: text,
      inputs: { mode: offline ? 'validate' : 'plan', retries: '0' },
      env: ENV,
    })
    checkActed(acted, loaded, sandbox.requests.length)
    assert.deepEqual(sandbox.writes(), [])
  }
}

function checkLoaded({ manifest, entries, errors, warnings }: Read): void {
  for (const problem of [...errors, ...warnings]) assert.match(problem, /^m\.yml:[1-9]\d*:[1-9]\d* {2}./s)
  if (errors.length === 0) assert.notEqual(manifest, null)
  for (const { key, place } of entries) {
    assert.match(key, /^[A-Za-z_][A-Za-z0-9_-]*$/)
    assert.ok(place(['body', 'deep', 3]).line > 0)
  }
}

function checkActed(acted: Acted, { errors }: Read, requests: number): void {
  const { exitCode, log, outputs, summary, annotations } = acted
  const messages = annotations.filter(({ level }) => level === 'error').map(({ message }) => message)
  assert.equal(exitCode, messages.length === 0 ? 0 : 1)
  // A text without a character that is no space is an input that is not set.
  if (errors.length > 0) {
    assert.equal(exitCode, 1)
    assert.equal(requests, 0)
  }
  for (const message of messages) assert.doesNotMatch(message, /unexpected error|defect/)
  const shown = [log, summary, ...messages, ...Object.values(outputs)].join('\n')
  assert.doesNotMatch(shown, /canary-/)
}
