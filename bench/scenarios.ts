/** What is measured: the committed action against bare scripts, and what each figure is to reach. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inputVariables, ROOT } from '../sandbox/runner.ts'
import type { Command, Sample } from './measure.ts'
import { idOf, manifestOf, profileOf, profiles } from './profiles.ts'

/** The server of the benchmarks, and a folder for what the processes read and write. */
export interface Stage {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string
  readonly folder: string
  /** Fills the account with so many profiles and no others, and sets the time to each answer. */
  reset(profiles: number, delayMs: number): Promise<void>
  /** Counts requests since then by method. */
  requests(): Promise<Readonly<Record<string, number>>>
}

/** One figure: a value for each turn. */
export interface Figure {
  readonly what: string
  /** What a ratio refers to; empty for other units. */
  readonly reference: string
  readonly unit: '×' | 'MiB' | 'KB' | 'reads'
  readonly values: readonly number[]
  /** What it is to be at most; null where it is for comparison only. */
  readonly reach: number | null
}

/** Commands that are measured in turn, and the figures that their samples make. */
export interface Scenario {
  readonly name: string
  /** Whether processor time and memory are measured, too. */
  readonly usage: boolean
  readonly commands: readonly Command[]
  /** Takes the samples of each command, in their order. */
  figures(samples: readonly (readonly Sample[])[]): readonly Figure[]
}

/** An action to compare with: it is to send the POST of `BENCH_URL`, see the README. */
export interface OtherAction {
  readonly path: string
  /** Its `INPUT_*` variables, with `{url}` and `{body}` for what is to be posted. */
  readonly inputs: Readonly<Record<string, string>>
}

const ACTION = join(ROOT, 'dist', 'index.js')
const SID = 'BENCH'
const DELAY_MS = 50
const MANY = 1000
const MOST = 5000
const LARGE = 10_000
const FEW = 5

/** Makes all scenarios. */
export async function scenarios(stage: Stage, other: OtherAction | null): Promise<Scenario[]> {
  const url = `${stage.origin}/v1/${SID}/callback/profiles`
  const set = { stage, url, runner: runnerOf(stage) }
  return [await oneProfile(set, other), await manyProfiles(set), await validation(set), await fewOfMany(set)]
}

interface Scene {
  readonly stage: Stage
  /** Where profiles are posted and read. */
  readonly url: string
  /** What a workflow runner sets, with the inputs of this action. */
  runner(inputs: Readonly<Record<string, string>>): Promise<Record<string, string>>
}

/** A workflow runner has more variables; these are what the action reads. */
const runnerOf =
  ({ origin, folder }: Stage): Scene['runner'] =>
  async (inputs) => ({
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_OUTPUT: fileIn(folder, 'output'),
    GITHUB_STEP_SUMMARY: fileIn(folder, 'summary.md'),
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: folder,
    ...(await inputVariables({ sid: SID, 'api-key': 'bench-api-key', 'api-url': origin, ...inputs })),
  })

function fileIn(folder: string, name: string, text = ''): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const script = (name: string): string[] => [join(import.meta.dirname, 'bare', name)]

/** Brings about an account, and proves afterwards that so many requests of a method were sent. */
const account = (stage: Stage, size: number, delayMs: number, method: string, count: number) => ({
  before: () => stage.reset(size, delayMs),
  after: async () => {
    const { [method]: actual = 0 } = await stage.requests()
    if (actual !== count) throw new Error(`expected ${count} requests of ${method}, found ${actual}`)
  },
})

/** One ratio for each turn. */
const ratios = (of: readonly Sample[], to: readonly Sample[], part: keyof Sample = 'wallMs'): number[] =>
  of.map((sample, turn) => sample[part] / (to[turn]?.[part] ?? Number.NaN))

async function oneProfile({ stage, url, runner }: Scene, other: OtherAction | null): Promise<Scenario> {
  const { headers, body, http_method, ...texts } = profileOf(0)
  const text = JSON.stringify(profileOf(0))
  const env = { BENCH_URL: url, BENCH_BODY: text }
  const one = account(stage, 0, 0, 'POST', 1)
  const inputs = {
    ...texts,
    'http-method': http_method,
    headers: JSON.stringify(headers),
    body: JSON.stringify(body),
  }
  const filled = Object.entries(other?.inputs ?? {}).map(([name, value]) => [
    name,
    value.replaceAll('{url}', url).replaceAll('{body}', () => text),
  ])
  const compared: Command[] =
    other === null
      ? []
      : [
          {
            name: other.path,
            args: [other.path],
            env: { ...(await runner({})), ...Object.fromEntries(filled) },
            ...one,
          },
        ]
  const what = 'one profile: observe, create, verify'
  return {
    name: 'one profile, whole process',
    usage: false,
    commands: [
      { name: 'one POST, ES module', args: script('post.js'), env, ...one },
      { name: 'one POST, CommonJS', args: script('post.cjs'), env, ...one },
      { name: 'action', args: [ACTION], env: await runner(inputs), ...one },
      ...compared,
    ],
    figures: ([module = [], common = [], own = [], others]) => [
      { what, reference: 'one POST, ES module', unit: '×', values: ratios(own, module), reach: 1.5 },
      { what, reference: 'one POST, CommonJS', unit: '×', values: ratios(own, common), reach: null },
      ...(others === undefined
        ? []
        : [
            {
              what: `one POST by ${other?.path}`,
              reference: 'one POST, ES module',
              unit: '×' as const,
              values: ratios(others, module),
              reach: null,
            },
          ]),
    ],
  }
}

async function manyProfiles({ stage, url, runner }: Scene): Promise<Scenario> {
  const bodies = profiles(MANY).map((profile) => `${JSON.stringify(profile)}\n`)
  fileIn(stage.folder, 'many.yml', manifestOf(MANY))
  const env = await runner({ manifest: 'many.yml', concurrency: '8' })
  const creates = account(stage, 0, DELAY_MS, 'POST', MANY)
  const idle = account(stage, MANY, DELAY_MS, 'POST', 0)
  const reads: number[] = []
  const reference = `${MANY} POSTs`
  return {
    name: `${MANY} profiles, ${DELAY_MS} ms to each answer, 8 connections`,
    usage: true,
    commands: [
      {
        name: reference,
        args: script('create.js'),
        env: { BENCH_URL: url, BENCH_BODIES: fileIn(stage.folder, 'bodies', bodies.join('')) },
        ...creates,
      },
      { name: 'action, all new', args: [ACTION], env, ...creates },
      {
        name: 'action, nothing to do',
        args: [ACTION],
        env,
        before: idle.before,
        after: async () => {
          await idle.after()
          reads.push((await stage.requests()).GET ?? 0)
        },
      },
    ],
    figures: ([bare = [], fresh = [], unchanged = []]) => {
      const ratio = (what: string, of: readonly Sample[], part: keyof Sample, reach: number): Figure => ({
        what,
        reference,
        unit: '×',
        values: ratios(of, bare, part),
        reach,
      })
      return [
        ratio(`${MANY} new profiles`, fresh, 'wallMs', 1.1),
        ratio(`${MANY} profiles, nothing to do`, unchanged, 'wallMs', 0.2),
        {
          what: `${MANY} profiles, nothing to do`,
          reference: '',
          unit: 'reads',
          values: reads.slice(-unchanged.length),
          reach: 15,
        },
        ratio(`peak memory, ${MANY} new profiles`, fresh, 'peakMiB', 1.5),
        {
          what: `peak memory, ${MANY} new profiles`,
          reference: '',
          unit: 'MiB',
          values: fresh.map(({ peakMiB }) => peakMiB),
          reach: 110,
        },
        ratio(`processor time, ${MANY} new profiles`, fresh, 'cpuMs', 3),
      ]
    },
  }
}

async function validation({ stage, runner }: Scene): Promise<Scenario> {
  const BENCH_MANIFEST = fileIn(stage.folder, 'most.yml', manifestOf(MOST))
  const nothing = account(stage, 0, 0, 'GET', 0)
  const reference = '`parseDocument` of the same file'
  return {
    name: `\`validate\` of ${MOST} profiles`,
    usage: false,
    commands: [
      { name: reference, args: script('parse.js'), env: { BENCH_MANIFEST }, ...nothing },
      {
        name: 'action',
        args: [ACTION],
        env: await runner({ mode: 'validate', manifest: 'most.yml' }),
        ...nothing,
      },
    ],
    figures: ([bare = [], own = []]) => [
      {
        what: `\`validate\` of ${MOST} profiles`,
        reference,
        unit: '×',
        values: ratios(own, bare),
        reach: 1.5,
      },
    ],
  }
}

async function fewOfMany({ stage, url, runner }: Scene): Promise<Scenario> {
  fileIn(stage.folder, 'few.yml', manifestOf(FEW))
  const ids = profiles(FEW).map((_, index) => idOf(index))
  const large = account(stage, LARGE, DELAY_MS, 'POST', 0)
  const reads: number[] = []
  const reference = `the ${FEW} reads by id`
  const what = `\`plan\` of ${FEW} profiles, account of ${LARGE}`
  return {
    name: `${what}, ${DELAY_MS} ms to each answer, 4 connections`,
    usage: false,
    commands: [
      {
        name: reference,
        args: script('read.js'),
        env: { BENCH_URL: url, BENCH_IDS: ids.join(',') },
        ...account(stage, LARGE, DELAY_MS, 'GET', FEW),
      },
      {
        name: 'action',
        args: [ACTION],
        env: await runner({ mode: 'plan', manifest: 'few.yml' }),
        before: large.before,
        after: async () => {
          await large.after()
          reads.push((await stage.requests()).GET ?? 0)
        },
      },
    ],
    figures: ([bare = [], own = []]) => [
      { what, reference, unit: '×', values: ratios(own, bare), reach: 2.5 },
      { what, reference: '', unit: 'reads', values: reads.slice(-own.length), reach: null },
    ],
  }
}
