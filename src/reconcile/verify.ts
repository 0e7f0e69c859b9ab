/** Reads the account once more after the last write, and says what is not as declared. */
import type { Result } from './apply.ts'
import { type ReadContext, settled } from './context.ts'
import type { Planned, Step } from './decide.ts'
import { difference } from './diff.ts'
import { type Observation, observe } from './observe.ts'
import { type Change, nameOf } from './plan.ts'

/** A profile that the account does not show as declared, although nothing reported a failure. */
export interface Discrepancy {
  readonly change: Change
  readonly message: string
}

/**
 * Proves that every declared profile that did not fail exists exactly once and equals the manifest, and that every
 * deleted one is gone. Looks up to three times over three seconds: a list may lag behind the writes.
 */
export function verify(
  { steps }: Planned,
  results: readonly Result[],
  context: ReadContext,
): Promise<Discrepancy[]> {
  const done = new Map(results.filter(({ error }) => error === null).map((result) => [result.change, result]))
  const checked = steps.filter(({ change }) => done.has(change) && change.verb !== 'report')
  const entries = checked.flatMap(({ entry }) => entry ?? [])
  return settled(
    context.clock,
    async () => {
      const observation = await observe({ entries, prune: null }, context)
      const found = await Promise.all(
        checked.map((step) => inspect(step, done.get(step.change)?.id ?? null, observation, context)),
      )
      return found.flatMap((message, index) =>
        message === null ? [] : [{ change: (checked[index] as Step).change, message }],
      )
    },
    (found) => found.length === 0,
  )
}

async function inspect(
  { entry, change }: Step,
  id: string | null,
  observation: Observation,
  { reader }: ReadContext,
): Promise<string | null> {
  if (change.verb === 'delete') {
    const there = await reader.get(change.id ?? '')
    if (there !== null) return `profile ${change.id} is still there after it was deleted: run again`
  }
  if (entry === null) return null
  const { matches, rivals } = observation.entries.get(entry.key) ?? { matches: [], rivals: [] }
  const [profile] = matches
  const ids = [...matches, ...rivals].map((match) => match.id).join(', ')
  if (entry.profile.state === 'absent') {
    return profile === undefined
      ? null
      : `the account still has a profile of this title (${ids}) after it was deleted: run again`
  }
  if (profile === undefined)
    return `profile ${id} cannot be found on the account after it was written: run again`
  if (matches.length > 1) {
    return `the account now has ${matches.length} profiles of this title (${ids}): another run may have created one at the same time. Nothing was deleted: delete the wrong one in the Kaleyra console`
  }
  if (profile.id !== id)
    return `profile ${profile.id} has this title now instead of profile ${id}: another run may be at work; run again`
  const { changes } = difference(entry, profile)
  if (changes.length === 0) return null
  const shown = changes.map(
    ({ path, from, to }) => `${path} is ${from ?? 'empty'} instead of ${to ?? 'empty'}`,
  )
  return `${nameOf(change)} was written as profile ${id}, but the account shows other values: ${shown.join('; ')}. Where the API changes a value, write it in the manifest as the account shows it`
}
