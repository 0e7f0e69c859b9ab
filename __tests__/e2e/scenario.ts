import { afterAll, expect } from 'vitest'
import { type ActionResult, type ActionRun, runAction } from '../../sandbox/runner.ts'
import { type Sandbox, type SandboxOverrides, startSandbox } from '../../sandbox/server.ts'
import { OUTPUT_NAMES } from '../../src/report/outputs.ts'

export const MANIFEST_PATH = '.github/callback-profiles.yml'

/** Three profiles: SMS with events, headers and encryption; WhatsApp by GET with placeholders; a nested body. */
export const MANIFEST = `version: 1
profiles:
  orders-sms:
    title: GH Orders SMS
    http_method: POST
    url: https://hooks.example.com/kaleyra/sms
    channel: sms
    events: [SMS-sent]
    headers: { authorization: "Bearer \${{ env.HOOK_TOKEN }}", x-source: kaleyra }
    body: { id: "<id>", status: "<status>" }
    enc: { algo: AES-256-GCM, key: "\${{ env.CB_KEY }}", IV: "\${{ env.CB_IV }}" }
  whatsapp-status:
    title: GH WhatsApp Status
    http_method: GET
    url: https://hooks.example.com/kaleyra/wa?to=<mobile>&status=<status>
  incoming:
    title: GH Incoming
    http_method: POST
    url: https://hooks.example.com/kaleyra/in
    body:
      message: { text: "<message>", parts: [{ from: "<mobile>" }, null, 3] }
`
export const TITLES = {
  'orders-sms': 'GH Orders SMS',
  'whatsapp-status': 'GH WhatsApp Status',
  incoming: 'GH Incoming',
} as const

/** What the manifest's expressions read. */
export const SECRETS = {
  HOOK_TOKEN: 'hook/token+1==',
  CB_KEY: '0123456789abcdef0123456789ABCDEF',
  CB_IV: 'fedcba9876543210',
} as const

/** The documentation's sample of a create request, as inputs. */
export const SAMPLE = {
  title: 'Callback_Profile_Test_1',
  'http-method': 'POST',
  url: 'https://hooks.example.com/sample',
  body: '{"mobile": "<mobile>", "status": "<status>"}',
  'response-message': 'Thank you',
  headers: '{"x-team": "orders"}',
  enc: '{"algo": "AES-128-CFB", "key": "0123456789abcdef", "IV": "fedcba9876543210"}',
  channel: 'sms',
  events: 'SMS-sent',
} as const

/** One profile by GET: the smallest manifest. */
export const ONE = `profiles:
  ping: { title: GH Ping, http_method: GET, url: "https://hooks.example.com/ping" }
`

const PEAK = `import { writeFileSync } from 'node:fs'
process.on('exit', () => writeFileSync('peak', String(process.resourceUsage().maxRSS / 1024)))`

/** Variables that have Node.js write the most memory a run ever took, in MiB, into the file `peak` of the workspace. */
export const PEAK_MEMORY = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(PEAK)}` }

const sandboxes: Sandbox[] = []
afterAll(() => Promise.all(sandboxes.map((sandbox) => sandbox.close())))

/** A sandbox that is closed after the last test of the file. */
export async function account(overrides?: SandboxOverrides): Promise<Sandbox> {
  const sandbox = await startSandbox(overrides)
  sandboxes.push(sandbox)
  return sandbox
}

/**
 * Runs the action against a sandbox, with its credentials, and proves what holds on every path: each output is set, the
 * exit code agrees with the annotations, there is no stack trace, and no trace of the API key.
 */
export async function act(
  sandbox: Sandbox,
  { inputs, files, manifest, env, ...rest }: ActionRun & { readonly manifest?: string } = {},
): Promise<ActionResult> {
  const { apiKey, sid } = sandbox.options
  const all = { 'api-key': apiKey, sid, 'api-url': sandbox.url, ...inputs }
  const result = await runAction({
    inputs: all,
    env: { ...SECRETS, ...env },
    files: { ...(manifest === undefined ? {} : { [MANIFEST_PATH]: manifest }), ...files },
    ...rest,
  })
  expect(Object.keys(result.outputs)).toEqual(expect.arrayContaining([...OUTPUT_NAMES]))
  const undocumented = Object.keys(result.outputs).filter((name) => !OUTPUT_NAMES.includes(name as never))
  expect(undocumented.filter((name) => !name.startsWith('profile-id-'))).toEqual([])
  expect(result.exitCode, result.log).toBe(annotations(result, 'error').length === 0 ? 0 : 1)
  expect(result.log).not.toMatch(/^\s+at .+:\d+/m)
  expect(result.log).not.toContain('UnhandledPromiseRejection')
  if (all['api-key'] !== '') expectHidden(result, [all['api-key']])
  return result
}

/** A command that the runner would carry out: what a line of the log says after its leading spaces. */
interface Command {
  readonly name: string
  readonly properties: string
  readonly value: string
}

/** All workflow commands of a log, in either syntax of the runner. */
export function commands(log: string): Command[] {
  return log.split(/\r\n|\n|\r/).flatMap((line): Command[] => {
    const match =
      /^\s*::([^\s:]+)(?: (.*?))?::(.*)$/.exec(line) ?? /##\[([^\s\]]+)(?: (.*?))?\](.*)$/.exec(line)
    return match === null ? [] : [{ name: match[1] ?? '', properties: match[2] ?? '', value: match[3] ?? '' }]
  })
}

/** The annotations of a level: `file:line:column message`, or the message alone where there is no file. */
export function annotations({ log }: ActionResult, level: 'error' | 'warning'): string[] {
  return commands(log)
    .filter(({ name }) => name === level)
    .map(({ properties, value }) => {
      const place = /^file=(.*),line=(\d+),col=(\d+)$/.exec(properties)
      return place === null ? value : `${place.slice(1).join(':')} ${value}`
    })
}

/** The one error of a run that has no other. */
export function onlyError(result: ActionResult): string {
  const errors = annotations(result, 'error')
  expect(errors).toHaveLength(1)
  return errors[0] ?? ''
}

/** Everything that people can see of a run: log, outputs, summary, plan file. What only the runner sees is left out. */
export function visible({ log, outputs, summary, plan }: ActionResult): string {
  const rendered = summary.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
  const printed = log.replace(/^::add-mask::.*$/gm, '')
  return [printed, JSON.stringify(outputs), ...Object.values(outputs), summary, rendered, plan].join('\n')
}

/** Proves that secrets are masked by the runner and nowhere to be seen, however they are spelt. */
export function expectHidden(result: ActionResult, secrets: readonly string[]): void {
  expect(result.masks).toEqual(expect.arrayContaining([...secrets]))
  expectInvisible(result, secrets)
}

/** Proves that texts are nowhere to be seen, however they are spelt. */
export function expectInvisible(result: ActionResult, texts: readonly string[]): void {
  const shown = visible(result)
  for (const text of texts.flatMap((value) => [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
  ]))
    expect(shown).not.toContain(text)
}

/** Ids by key, as the store holds them; a title that is there twice fails the test. */
export function idsOf(
  { store }: Sandbox,
  titles: Readonly<Record<string, string>> = TITLES,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(titles).map(([key, title]) => {
      const found = store.all().filter((profile) => profile.title === title)
      expect(found.map((profile) => profile.title)).toEqual([title])
      return [key, found[0]?.profile_id ?? '']
    }),
  )
}

/** Method and body of every write since the requests were last cleared. */
export const writesOf = (sandbox: Sandbox): { method: string; body: unknown }[] =>
  sandbox.writes().map(({ method, body }) => ({ method, body }))
