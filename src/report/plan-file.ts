/** The plan as a file for later steps. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plan } from '../reconcile/plan.ts'
import { inertJson } from './text.ts'

const pathOf = (digest: string, folder: string): string =>
  join(folder, `callback-profiles-plan-${digest.slice(0, 12)}.json`)

/** Writes a plan into a folder, under a name of its own for each plan. Returns its path. */
export async function writePlanFile(plan: Plan, folder: string): Promise<string> {
  const path = pathOf(plan.digest, folder)
  await mkdir(folder, { recursive: true })
  await writeFile(path, `${inertJson(plan, 2)}\n`)
  return path
}

/** Reads the plan of a digest that an earlier step of the job wrote, or null where there is none. */
export async function readPlanFile(digest: string, folder: string): Promise<Plan | null> {
  if (!/^[0-9a-f]{64}$/.test(digest)) return null
  try {
    const plan = JSON.parse(await readFile(pathOf(digest, folder), 'utf8')) as Plan
    return plan.digest === digest && Array.isArray(plan.changes) ? plan : null
  } catch {
    return null
  }
}
