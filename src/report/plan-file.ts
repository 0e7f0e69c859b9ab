/** The plan as a file for later steps. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plan } from '../reconcile/plan.ts'

const pathOf = (digest: string, folder: string): string =>
  join(folder, `callback-profiles-plan-${digest.slice(0, 12)}.json`)

/** Writes a plan into a folder, under a name of its own for each plan, every text through `redact`. Returns its path. */
export function writePlanFile(plan: Plan, folder: string, redact: (text: string) => string): string {
  const redacted = (_: string, value: unknown): unknown => (typeof value === 'string' ? redact(value) : value)
  mkdirSync(folder, { recursive: true })
  writeFileSync(pathOf(plan.digest, folder), `${JSON.stringify(plan, redacted, 2)}\n`)
  return pathOf(plan.digest, folder)
}

/** Reads the plan of a digest that an earlier step of the job wrote, or null where there is none. */
export function readPlanFile(digest: string, folder: string): Plan | null {
  if (!/^[0-9a-f]{64}$/.test(digest)) return null
  try {
    const plan = JSON.parse(readFileSync(pathOf(digest, folder), 'utf8')) as Plan
    return plan.digest === digest && Array.isArray(plan.changes) ? plan : null
  } catch {
    return null
  }
}
