/** Guards between a plan and its first write. Pure. */
import type { PlanError, Planned } from './decide.ts'
import { type Change, deletions, nameOf, type Plan, shownChange } from './plan.ts'

export interface Guards {
  readonly allowDelete: boolean
  readonly maxDeletes: number
}

/** Deletions that the plan holds but `allow-delete` does not permit. */
export function blockedDeletions({ steps }: Planned, { allowDelete }: Guards): PlanError[] {
  if (allowDelete) return []
  return steps
    .filter(({ change }) => change.verb === 'delete' || change.verb === 'replace')
    .map(({ change, entry }) => ({
      change,
      entry,
      message: `is to be ${change.verb === 'delete' ? 'deleted' : 'replaced under a new id'}, which is blocked: set \`allow-delete: true\` to permit it`,
    }))
}

/** The refusal of a plan that deletes more than it may, or none. */
export function excessiveDeletions({ counts }: Plan, { maxDeletes }: Guards): string | null {
  const count = deletions(counts)
  if (count <= maxDeletes) return null
  return `the plan deletes or replaces ${count} profiles, and \`max-deletes\` permits ${maxDeletes}: check the plan, and raise \`max-deletes\` if it is meant`
}

/**
 * The refusal of a plan that is not the reviewed one, or none. Where the reviewed plan is at hand, it says what differs.
 */
export function unreviewed(plan: Plan, expectedDigest: string, reviewed: Plan | null): string | null {
  if (expectedDigest === '' || expectedDigest === plan.digest) return null
  const text = `the plan is not the reviewed one: its digest is ${plan.digest}, \`expected-plan\` is ${expectedDigest}`
  if (reviewed === null) return text
  return `${text}. ${differences(plan.changes, reviewed.changes).join('; ')}`
}

function differences(now: readonly Change[], then: readonly Change[]): string[] {
  const identity = (change: Change): string => change.key || change.id || change.title
  const before = new Map(then.map((change) => [identity(change), change]))
  const after = new Map(now.map((change) => [identity(change), change]))
  const changed = now.flatMap((change) => {
    const old = before.get(identity(change))
    if (old === undefined) return [`${nameOf(change)} is new: ${change.verb}`]
    if (shownChange(old) === shownChange(change)) return []
    return [
      old.verb === change.verb
        ? `${nameOf(change)}: ${change.verb} of other values`
        : `${nameOf(change)}: ${old.verb} then, ${change.verb} now`,
    ]
  })
  const gone = then
    .filter((change) => !after.has(identity(change)))
    .map((change) => `${nameOf(change)} is no longer in it`)
  return [...changed, ...gone]
}
