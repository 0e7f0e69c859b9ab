/** The plan as a file for later steps. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plan } from '../reconcile/plan.ts'
import { inertJson } from './text.ts'

const pathOf = (digest: string, folder: string): string =>
  join(folder, `callback-profiles-plan-${digest.slice(0, 12)}.json`)

/** Writes a plan into a folder, under a name of its own for each plan. Returns its path. */
export function writePlanFile(plan: Plan, folder: string): string {
  const path = pathOf(plan.digest, folder)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    path,
    `${inertJson(plan, 2)}
`,
  )
  return path
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
