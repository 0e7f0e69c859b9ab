/** What the committed action weighs: every file is downloaded by each run, and what is loaded is compiled, too. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../sandbox/runner.ts'
import type { Figure } from './scenarios.ts'

const DIST = join(ROOT, 'dist')
const sizeOf = (name: string): number => statSync(join(DIST, name)).size / 1000

/** The sizes in thousands of bytes. An apply loads `index.js`, and further files only for what few manifests need. */
export function sizes(): Figure[] {
  const scripts = readdirSync(DIST).filter((name) => name.endsWith('.js'))
  const all = scripts.reduce((sum, name) => sum + sizeOf(name), 0)
  const size = { reference: '', unit: 'KB' } as const
  return [
    { ...size, what: '`dist`, all files of code', values: [all], reach: 700 },
    { ...size, what: '`dist`, what an apply loads', values: [sizeOf('index.js')], reach: 450 },
  ]
}
