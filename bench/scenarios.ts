/** What is measured: the committed action against bare scripts that send the same requests, and what it is to reach. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inputVariables, ROOT } from '../sandbox/runner.ts'
import type { Command, Sample } from './measure.ts'
import { manifestOf, profileOf, profiles } from './profiles.ts'

/** The server of the benchmarks, and a folder for what the processes read and write. */
export interface Stage {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string
  readonly folder: string
  /** Empties the account, fills it with so many profiles, and sets the time to each answer. */
  reset(profiles: number, delayMs: number): Promise<void>
  /** Requests since then, by method, with `connections`. */
  requests(): Promise<Readonly<Record<string, number>>>
}

/** A figure: one value for each turn. */
export interface Figure {
  readonly what: string
  readonly reference: string
  readonly unit: '×' | 'MiB' | 'reads'
  readonly values: readonly number[]
  /** What it is to reach at most. Without it the figure is for comparison only. */
  readonly reach?: number
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

const DELAY_MS = 50
const bare = (name: string): string[] => [join(import.meta.dirname, 'bare', name)]
const ACTION = [join(ROOT, 'dist', 'index.js')]
const LOOSE = { before: async () => {}, after: async () => {} }
const TOKENS = { sid: 'BENCH', 'api-key': 'bench-api-key' }

/** One ratio for each turn. */
const ratios = (of: readonly Sample[], to: readonly Sample[], part: keyof Sample = 'wallMs'): number[] =>
  of.map((sample, turn) => sample[part] / (to[turn]?.[part] ?? Number.NaN))

/** Makes all scenarios. `other` is another action to compare with, see {@link otherAction}. */
export async function scenarios(stage: Stage, other: Command | null): Promise<Scenario[]> {
  const { origin, folder } = stage
  const api = `${origin}/v1/BENCH/callback/profiles`
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const action = async (inputs: Readonly<Record<string, string>>): Promise<Command['env']> => ({
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_OUTPUT: file('output', ''),
    GITHUB_STEP_SUMMARY: file('summary.md', ''),
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: folder,
    ...(await inputVariables({ ...TOKENS, 'api-url': origin, ...inputs })),
  })
  const empty = (delayMs: number) => () => stage.reset(0, delayMs)
  const sent = (method: string, count: number) => async (): Promise<void> => {
    const { [method]: actual = 0 } = await stage.requests()
    if (actual !== count) throw new Error(`expected ${count} requests ${method}, found ${actual}`)
  }
  const body = JSON.stringify(profileOf(0))

  const posted = { before: empty(0), after: sent('POST', 1) }
  const bareEnv = { BENCH_URL: api, BENCH_BODY: body }
  const { title, http_method, url, headers } = profileOf(0)
  const one: Scenario = {
    name: 'one profile',
    usage: false,
    commands: [
      { name: 'bare ES module', args: bare('post.js'), env: bareEnv, ...posted },
      { name: 'bare CommonJS', args: bare('post.cjs'), env: bareEnv, ...posted },
      {
        name: 'action',
        args: ACTION,
        env: await action({
          title,
          'http-method': http_method,
          url,
          headers: JSON.stringify(headers),
          body: JSON.stringify(profileOf(0).body),
        }),
        ...posted,
      },
      ...(other === null ? [] : [{ ...other, ...posted }]),
    ],
    figures: ([module = [], common = [], own = [], others]) => [
      {
        what: 'one profile: observe, create, verify',
        reference: 'one POST, ES module',
        unit: '×',
        values: ratios(own, module),
        reach: 1.5,
      },
      {
        what: 'one profile: observe, create, verify',
        reference: 'one POST, CommonJS',
        unit: '×',
        values: ratios(own, common),
      },
      ...(others === undefined
        ? []
        : [
            {
              what: `${other?.name}: one POST`,
              reference: 'one POST, ES module',
              unit: '×' as const,
              values: ratios(others, module),
            },
          ]),
    ],
  }

  const COUNT = 1000
  const thousandYml = file('thousand.yml', manifestOf(COUNT))
  const bodies = file('bodies.txt', `${profiles(COUNT).map((profile) => JSON.stringify(profile)).join('\n')}\n`)
  const thousandEnv = await action({ manifest: 'thousand.yml', concurrency: '8', summary: 'true' })
  const reads: number[] = []
  const thousand: Scenario = {
    name: `${COUNT} profiles, ${DELAY_MS} ms to each answer, 8 connections`,
    usage: true,
    commands: [
      {
        name: 'bare',
        args: bare('create.js'),
        env: { BENCH_URL: api, BENCH_BODIES: bodies },
        before: empty(DELAY_MS),
        after: sent('POST', COUNT),
      },
      {
        name: 'action, all new',
        args: ACTION,
        env: thousandEnv,
        before: empty(DELAY_MS),
        after: sent('POST', COUNT),
      },
      {
        name: 'action, nothing to do',
        args: ACTION,
        env: thousandEnv,
        before: () => stage.reset(COUNT, DELAY_MS),
        after: async () => {
          await sent('POST', 0)()
          reads.push((await stage.requests()).GET ?? 0)
        },
      },
    ],
    figures: ([script = [], fresh = [], idle = []]) => {
      const reference = `${COUNT} POSTs`
      return [
        { what: `${COUNT} new profiles`, reference, unit: '×', values: ratios(fresh, script), reach: 1.1 },
        { what: `idle run on ${COUNT} profiles`, reference, unit: '×', values: ratios(idle, script), reach: 0.2 },
        { what: `idle run on ${COUNT} profiles`, reference: '', unit: 'reads', values: reads.slice(1), reach: 15 },
        {
          what: `peak memory, ${COUNT} new profiles`,
          reference,
          unit: '×',
          values: ratios(fresh, script, 'peakMiB'),
          reach: 1.5,
        },
        {
          what: `peak memory, ${COUNT} new profiles`,
          reference: '',
          unit: 'MiB',
          values: fresh.map(({ peakMiB }) => peakMiB),
          reach: 110,
        },
        {
          what: `processor time, ${COUNT} new profiles`,
          reference,
          unit: '×',
          values: ratios(fresh, script, 'cpuMs'),
          reach: 3,
        },
      ]
    },
  }
  void thousandYml

  const many = file('five-thousand.yml', manifestOf(5000))
  const validation: Scenario = {
    name: '5000 profiles, validated',
    usage: false,
    commands: [
      { name: 'bare', args: bare('parse.js'), env: { BENCH_MANIFEST: many }, ...LOOSE },
      {
        name: 'action',
        args: ACTION,
        env: await action({ mode: 'validate', manifest: 'five-thousand.yml' }),
        ...LOOSE,
      },
    ],
    figures: ([script = [], own = []]) => [
      {
        what: '`mode: validate` of 5000 profiles',
        reference: '`parseDocument` of the file',
        unit: '×',
        values: ratios(own, script),
        reach: 1.5,
      },
    ],
  }

  file('five.yml', manifestOf(5))
  const ids = profiles(5).map((_, index) => `BENCH_${String(index).padStart(8, '0')}`)
  const large = { before: () => stage.reset(10_000, DELAY_MS) }
  const planned: number[] = []
  const plan: Scenario = {
    name: `5 profiles planned on an account of 10000, ${DELAY_MS} ms to each answer, 4 connections`,
    usage: false,
    commands: [
      {
        name: 'bare',
        args: bare('read.js'),
        env: { BENCH_URL: api, BENCH_IDS: ids.join(',') },
        ...large,
        after: sent('GET', 5),
      },
      {
        name: 'action',
        args: ACTION,
        env: await action({ mode: 'plan', manifest: 'five.yml' }),
        ...large,
        after: async () => {
          planned.push((await stage.requests()).GET ?? 0)
        },
      },
    ],
    figures: ([script = [], own = []]) => [
      {
        what: '`mode: plan` of 5 profiles, account of 10000',
        reference: 'the 5 reads by id',
        unit: '×',
        values: ratios(own, script),
        reach: 2.5,
      },
      {
        what: '`mode: plan` of 5 profiles, account of 10000',
        reference: '',
        unit: 'reads',
        values: planned.slice(1),
      },
    ],
  }
  return [one, thousand, validation, plan]
}
