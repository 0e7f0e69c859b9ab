import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Stage } from './scenarios.ts'

/** Starts the server of the benchmarks as a process of its own. */
export async function startServer(): Promise<Omit<Stage, 'folder'> & { stop: () => void }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { promise: port, resolve, reject } = Promise.withResolvers<string>()
  child.stdout.once('data', (text) => resolve(String(text).trim()))
  child.once('error', reject).once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  const origin = `http://127.0.0.1:${await port}`
  const ask = async (path: string): Promise<Record<string, number>> => {
    const answer = (await (await fetch(origin + path)).json()) as { data: Record<string, number> }
    return answer.data
  }
  return {
    origin,
    reset: async (profiles, delayMs) => void (await ask(`/reset?profiles=${profiles}&delay=${delayMs}`)),
    requests: () => ask('/requests'),
    stop: () => child.kill(),
  }
}
