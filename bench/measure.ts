/** Measures whole processes, in turn, so that what slows the machine down slows all of them down. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** A process to measure. */
export interface Command {
  readonly name: string
  /** Arguments of this Node. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Brings about what the process is to find. */
  readonly before: () => Promise<void>
  /** Proves that it did what it is measured for; throws where it did not. */
  readonly after: () => Promise<void>
}

/** What one run took, from starting the process to its end. */
export interface Sample {
  readonly wallMs: number
  readonly cpuMs: number
  readonly peakMiB: number
}

const USAGE = join(import.meta.dirname, 'usage.cjs')

/**
 * Runs every command once without counting it, and then `runs` times in turn (A B C A B C …). Returns the samples of each,
 * in the order of the commands. With `usage`, processor time and memory are measured too, which takes a millisecond itself.
 */
export async function measure(
  commands: readonly Command[],
  runs: number,
  usage: boolean,
): Promise<readonly (readonly Sample[])[]> {
  const samples = commands.map((): Sample[] => [])
  for (let round = 0; round <= runs; round += 1) {
    for (const [index, command] of commands.entries()) {
      await command.before()
      const sample = await run(command, usage)
      await command.after()
      if (round > 0) samples[index]?.push(sample)
    }
  }
  return samples
}

async function run({ name, args, env }: Command, usage: boolean): Promise<Sample> {
  const started = performance.now()
  const child = spawn(process.execPath, [...(usage ? ['--require', USAGE] : []), ...args], {
    env: { ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const [errors, report] = [child.stdio[2], child.stdio[3]].map(textOf)
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.on('error', reject).on('exit', resolve)
  const exitCode = await promise
  const wallMs = performance.now() - started
  if (exitCode !== 0) throw new Error(`${name} ended with exit code ${exitCode}: ${await errors}`)
  return { cpuMs: 0, peakMiB: 0, ...(usage ? JSON.parse((await report) ?? '') : {}), wallMs }
}

async function textOf(stream: unknown): Promise<string> {
  let text = ''
  for await (const chunk of stream as AsyncIterable<Buffer>) text += chunk
  return text
}

/** The middle one of some numbers, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0]
  return (low + high) / 2
}
