/** Runs the whole action in this process against a sandbox over loopback, with a clock whose waits cost no time. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sandbox } from '../sandbox/server.ts'
import { createCancellation } from '../src/cancellation.ts'
import type { Clock } from '../src/clock.ts'
import type { AnnotationPlace } from '../src/edges.ts'
import { run } from '../src/run.ts'

/** Real milliseconds after which a request times out, whatever the input `timeout` says. */
const REAL_TIMEOUT_MS = 60
const temp = mkdtempSync(join(tmpdir(), 'action-'))

export interface Acted {
  readonly exitCode: number
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly annotations: readonly {
    readonly level: string
    readonly message: string
    readonly place: AnnotationPlace
  }[]
  readonly masks: readonly string[]
  /** Milliseconds that the clock was made to wait. */
  readonly waited: number
}

export interface ActOptions {
  readonly sandbox: Sandbox
  /** Manifest text, or none where inputs declare the profile. */
  readonly profiles?: string | object
  readonly inputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly random?: () => number
  /** Called with the function that cancels the run. */
  readonly onStart?: (cancel: () => void) => void
}

/** A clock that sleeps by moving itself, and gives requests a short real time. */
export function fastClock(random: () => number = () => 0.5): Clock {
  let now = 1_700_000_000_000
  return {
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      now += ms
      await new Promise((resolve) => setImmediate(resolve))
    },
    timeout: (ms) => {
      const signal = AbortSignal.timeout(REAL_TIMEOUT_MS)
      signal.addEventListener('abort', () => {
        now += ms
      })
      return signal
    },
    random,
  }
}

/** Runs the action once. */
export async function act({
  sandbox,
  profiles,
  inputs = {},
  env = {},
  random,
  onStart,
}: ActOptions): Promise<Acted> {
  const values: Record<string, string> = {
    'api-key': sandbox.options.apiKey,
    sid: sandbox.options.sid,
    'api-url': sandbox.url,
    ...(profiles === undefined
      ? {}
      : { profiles: typeof profiles === 'string' ? profiles : JSON.stringify(profiles) }),
    ...inputs,
  }
  const lines: string[] = []
  const outputs: Record<string, string> = {}
  const annotations: { level: string; message: string; place: AnnotationPlace }[] = []
  const masks: string[] = []
  let summary = ''
  const clock = fastClock(random)
  const start = clock.now()
  const { cancellation, cancel } = createCancellation()
  onStart?.(cancel)
  const exitCode = await run({
    runner: {
      getInput: (name) => values[name] ?? '',
      info: (line) => lines.push(line),
      startGroup: (title) => lines.push(`[${title}]`),
      endGroup: () => {},
      error: (message, place) => annotations.push({ level: 'error', message, place }),
      warning: (message, place) => annotations.push({ level: 'warning', message, place }),
      setSecret: (value) => masks.push(value),
      setOutput: (name, value) => {
        outputs[name] = value
      },
      writeSummary: async (markdown) => {
        summary += markdown
      },
    },
    env: { GITHUB_EVENT_NAME: 'push', ...env },
    clock,
    cancellation,
    workspace: temp,
    temp,
  })
  return {
    exitCode,
    log: lines.join('\n'),
    outputs,
    summary,
    annotations,
    masks,
    waited: clock.now() - start,
  }
}

/** Ids by key, from the output `profile-ids`. */
export const idsOf = ({ outputs }: Acted): Record<string, string> =>
  JSON.parse(outputs['profile-ids'] ?? '{}')
