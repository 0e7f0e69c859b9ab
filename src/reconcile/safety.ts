/** Guards between a plan and its first write. Pure. */
import type { PlanError, Planned, Step } from './decide.ts'
import { type Change, deletions, nameOf, type Plan, shownChange } from './plan.ts'

export interface Guards {
  readonly allowDelete: boolean
  readonly maxDeletes: number
}

/** What of a plan the guards look at. */
export interface Guarded extends Pick<Planned, 'plan' | 'errors'> {
  readonly steps: readonly Pick<Step, 'change' | 'entry'>[]
}

/** Deletions that `allow-delete` does not permit, see {@link ALLOW_DELETE}. What cannot be done for another reason is left to that. */
export function blockedDeletions({ steps, errors }: Guarded, { allowDelete }: Guards): PlanError[] {
  if (allowDelete) return []
  const impossible = new Set(errors.map(({ change }) => change))
  return steps
    .filter(({ change }) => change.verb === 'delete' || change.verb === 'replace')
    .filter(({ change }) => !impossible.has(change))
    .map(({ change, entry }) => ({
      change,
      entry,
      message: `is to be ${change.verb === 'delete' ? 'deleted' : 'replaced under a new id'}, which is blocked`,
    }))
}

/** What to do about a blocked deletion. */
export const ALLOW_DELETE = 'Review it, then set `allow-delete: true` to permit deletions and replacements.'

/** The refusal of a plan that deletes more than it may, or none. */
export function excessiveDeletions({ counts }: Plan, { maxDeletes }: Guards): string | null {
  const count = deletions(counts)
  if (count <= maxDeletes) return null
  return `the plan deletes or replaces ${count} ${count === 1 ? 'profile' : 'profiles'}, and \`max-deletes\` permits ${maxDeletes}`
}

/** What to do about excessive deletions. */
export const RAISE_MAX_DELETES = 'Check the plan, and raise `max-deletes` if it is meant.'

/**
 * The refusal of a plan that is not the reviewed one, or none. Where the reviewed plan is at hand, it says what differs.
 */
export function unreviewed(plan: Plan, expectedDigest: string, reviewed: Plan | null): string | null {
  if (expectedDigest === '' || expectedDigest === plan.digest) return null
  const text = `the plan is not the reviewed one: its digest is ${plan.digest}, \`expected-plan\` is ${expectedDigest}`
  return reviewed === null ? text : `${text}. ${differences(plan, reviewed).join('; ')}`
}

function differences(now: Plan, then: Plan): string[] {
  const identity = (change: Change): string => change.key || change.id || change.title
  const before = new Map(then.changes.map((change) => [identity(change), change]))
  const after = new Set(now.changes.map(identity))
  const moved = now.origin !== then.origin || now.sid !== then.sid
  return [
    ...(moved ? [`it was made for account ${then.sid} at ${then.origin}`] : []),
    ...now.changes.flatMap((change) => {
      const old = before.get(identity(change))
      if (old === undefined) return [`${nameOf(change)} is new in it: ${change.verb}`]
      return shownChange(old) === shownChange(change) ? [] : [`${nameOf(change)}: ${changed(old, change)}`]
    }),
    ...then.changes
      .filter((change) => !after.has(identity(change)))
      .map((change) => `${nameOf(change)} is no longer in it`),
  ]
}

/** What differs between two plans for one profile. */
function changed(then: Change, now: Change): string {
  if (then.verb !== now.verb) return `${then.verb} then, ${now.verb} now`
  const texts = (change: Change) =>
    new Map(change.changes.map(({ path, from, to }) => [path, JSON.stringify([from, to])]))
  const [before, after] = [texts(then), texts(now)]
  const paths = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  )
  if (paths.length > 0) return `${now.verb} with other values of ${paths.join(', ')}`
  if (then.id !== now.id) return `${now.verb} of profile ${now.id}, not ${then.id}`
  if (then.title !== now.title) return `${now.verb} of another title`
  return `${now.verb} that ${now.mayReplace ? 'may' : 'cannot'} replace`
}
