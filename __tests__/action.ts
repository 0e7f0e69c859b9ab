/** Runs the whole action in this process against a sandbox over loopback, with a clock whose waits cost no time. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sandbox } from '../sandbox/server.ts'
import type { Clock } from '../src/clock.ts'
import type { AnnotationPlace } from '../src/edges.ts'
import { run } from '../src/run.ts'

/** Real milliseconds between two looks at the sandbox. */
const LOOK_MS = 5
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
  /** Folder of the checked-out repository; one without files where left out. */
  readonly workspace?: string
  /** Cancels the run, at once and for good, when the sandbox has seen this many requests. */
  readonly cancelAt?: number
}

/**
 * A clock that sleeps by moving itself. Its time-outs pass when `expire` is called, so that a busy machine makes none.
 */
export function fastClock(random: () => number = () => 0.5): Clock & { expire: () => void } {
  let now = 1_700_000_000_000
  const pending = new Set<() => void>()
  return {
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      now += ms
      await new Promise((resolve) => setImmediate(resolve))
    },
    alarm: (ms, ring) => {
      const pass = (): void => {
        now += ms
        ring()
      }
      pending.add(pass)
      return () => pending.delete(pass)
    },
    expire: () => {
      for (const pass of pending) pass()
      pending.clear()
    },
    random,
  }
}

/** Lets time-outs pass whenever a request hangs, and cancels when the sandbox has seen enough requests. */
function watch(sandbox: Sandbox, expire: () => void, cancelAt: number, cancel: () => void): () => void {
  const start = sandbox.requests.length
  let known = sandbox.requests.filter(hangs).length
  const timer = setInterval(() => {
    const count = sandbox.requests.filter(hangs).length
    if (count > known) expire()
    known = count
    if (sandbox.requests.length - start >= cancelAt) cancel()
  }, LOOK_MS)
  return () => clearInterval(timer)
}

const hangs = ({ fault }: Sandbox['requests'][number]): boolean => fault?.what.kind === 'hang'

/** Runs the action once. */
export async function act({
  sandbox,
  profiles,
  inputs = {},
  env = {},
  random,
  workspace = temp,
  cancelAt,
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
  const controllers = [new AbortController(), new AbortController(), new AbortController()] as const
  const [stop, abort, end] = controllers
  const unwatch = watch(sandbox, clock.expire, cancelAt ?? Number.POSITIVE_INFINITY, () => {
    for (const controller of controllers) controller.abort()
  })
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
    cancellation: { stop: stop.signal, abort: abort.signal, end: end.signal },
    workspace,
    temp,
  }).finally(unwatch)
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
