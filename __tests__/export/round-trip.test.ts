import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ProfileInput, type Sandbox, startSandbox } from '../../sandbox/server.ts'
import { manifestOf } from '../../src/export/manifest.ts'
import { act } from '../action.ts'
import { exportOf, PATH, traces, variablesOf } from './accounts.ts'

const RUNS = 25
/** Stands in every secret and nowhere else. */
const MARK = 's3cret'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ list: { items: 'summary' } })
})
afterAll(() => sandbox.close())

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '${{ env.HOME }}',
    '$${{ x',
    '${{',
    '<<',
    '<id>',
    'on',
    '12:30',
    '0x10',
    '~',
    '- a',
    'a: b',
    '#',
  ),
  fc.constantFrom('two\nlines\n', '  \n lead', 'a\r\nb', '\u2028', '\ufeff', '\ud800', 'x '.repeat(80)),
)
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.constantFrom(null, true, 0, -0, 1e21, 1.5),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value

const secret = fc.oneof(
  fc.constantFrom('1', '2', '3').map((end) => `${MARK} ${end}`),
  text.map((end) => `${MARK} ${end}`),
  fc.constantFrom('****', '', 'xxxx'),
)
const characters = (length: number): fc.Arbitrary<string> =>
  fc.constantFrom('0', '1', '${{', '"').map((start) => `${MARK}${start}`.padEnd(length, '-'))

const title = fc.oneof(
  fc.constantFrom(
    'Orders',
    'ORDERS',
    'orders!',
    'Orders__replaced',
    'GH Orders',
    '2FA',
    'Github',
    'a  b',
    ' x',
    'ab',
  ),
  fc.stringMatching(/^[A-Za-z0-9_-]{3,8}( [A-Za-z0-9_-]{1,5})?$/),
  text,
)
const url = fc.oneof(
  fc.constantFrom('https://hooks.example.com/a', 'http://a.example/<x>?to=<mobile>&t=${{x}}', 'ftp://a', ''),
  secret.map(
    (value) => `https://${encodeURIComponent(value.toWellFormed())}@a.example/?token=${MARK}&to=<to>`,
  ),
)
const header = fc.oneof(fc.constantFrom('authorization', 'X-Token', 'x.token', 'x-a', 'content-type'), text)
const enc = fc.record(
  {
    algo: fc.constantFrom('AES-128-GCM', 'AES-128-CFB', 'DES'),
    key: fc.oneof(characters(16), secret),
    IV: fc.oneof(characters(16), secret),
    params: fc.constantFrom(null, {}, `${MARK} params`),
  },
  { requiredKeys: ['algo', 'key', 'IV'] },
)

const profile = fc.record({
  title,
  http_method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'post', 'PATCH'),
  url,
  body: fc.option(fc.dictionary(text, json, { maxKeys: 4 })),
  response_message: fc.option(text),
  headers: fc.option(fc.dictionary(header, secret, { maxKeys: 3 })),
  enc: fc.option(enc),
  channel: fc.constantFrom(null, 'sms', 'SMS', 'default', 'WhatsApp', 'x y'),
  events: fc.constantFrom(null, [], ['SMS-sent'], 'SMS-sent', ['SMS-sent', 'other']),
  status: fc.constantFrom(1, 2, 3),
})

test('any account is exported without its secrets, and what was exported plans to nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(profile, { maxLength: 8 }), async (profiles) => {
      for (const { profile_id } of sandbox.store.all()) sandbox.store.remove(profile_id)
      for (const input of profiles) sandbox.store.seed(input as unknown as ProfileInput)
      const exported = await exportOf(sandbox)
      expect(exported.result.exitCode).toBe(0)
      expect(Object.keys(exported.entries)).toHaveLength(profiles.length)
      expect(traces(exported)).not.toContain(MARK)

      const applied = await act({
        sandbox,
        workspace: exported.workspace,
        inputs: { mode: 'apply', manifest: PATH, 'allow-delete': 'true' },
        env: variablesOf(exported, sandbox),
      })
      expect(applied.annotations.filter(({ level }) => level === 'error')).toEqual([])
      expect(applied.outputs).toMatchObject({ 'has-changes': 'false', unchanged: String(profiles.length) })
      expect(sandbox.writes()).toEqual([])
    }),
    { numRuns: RUNS, seed: 7 },
  )
})

test('nothing is left out that a manifest can hold', () => {
  const body = fc
    .dictionary(text, json, { maxKeys: 4, minKeys: 1, noNullPrototype: true })
    .filter((value) => !/1e\+21|__proto__|\$\{\{.*":/.test(JSON.stringify(value)))
  fc.assert(
    fc.property(body, text, (held, message) => {
      const fields = {
        title: 'Orders',
        http_method: 'PUT',
        url: 'https://a.example',
        response_message: message || null,
      }
      const rest = { headers: null, enc: null, channel: null, events: null }
      const remote = { id: 'SG_1', status: 1, fields: { ...fields, ...rest, body: held as never } }
      expect(manifestOf([remote]).notes).toEqual([])
    }),
    { numRuns: 150, seed: 7 },
  )
})
