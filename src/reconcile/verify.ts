/** Reads the account once more after the last write, and says what is not as declared. */
import type { Reader } from '../kaleyra/client.ts'
import type { Entry } from '../manifest/entry.ts'
import type { Result } from './apply.ts'
import { type ReadContext, settled } from './context.ts'
import type { Planned, Step } from './decide.ts'
import { difference, inWords } from './diff.ts'
import { type Observation, observe } from './observe.ts'
import type { Change } from './plan.ts'

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
    context,
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

/** What is wrong with one profile, or null. */
async function inspect(
  { entry, change, seen }: Step,
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
  // A pin chooses among profiles of one title that were there before; a new one came meanwhile.
  const ids = [...matches, ...rivals.filter((rival) => !seen.has(rival.id))].map((match) => match.id)
  if (entry.profile.state === 'absent') {
    return profile === undefined
      ? null
      : `the account still has a profile of this title (${ids.join(', ')}) after it was deleted: run again`
  }
  if (ids.length > 1) {
    return `the account now has ${ids.length} profiles of this title (${ids.join(', ')}): another run may have created one at the same time. Nothing was deleted: delete the wrong one in the Kaleyra console`
  }
  if (profile === undefined) return notFound(entry, id, reader)
  if (profile.id !== id)
    return `profile ${profile.id} has this title now instead of profile ${id}: another run may be at work; run again`
  const { changes } = difference(entry, profile)
  return changes.length === 0 ? null : differs(id, inWords(changes))
}

/** Why a profile that exists is not found by its title. */
async function notFound(entry: Entry, id: string | null, reader: Reader): Promise<string> {
  const profile = id === null ? null : await reader.get(id)
  if (profile === null) return `profile ${id} is gone by now: run again`
  const { changes } = difference(entry, profile)
  return changes.length > 0
    ? differs(id, inWords(changes))
    : `profile ${id} exists, but the list of the account does not show it yet: wait until it does, or the next run creates another`
}

const differs = (id: string | null, what: string): string =>
  `the account shows other values in profile ${id} than are declared: ${what}. Where the API changes a value, write it in the manifest as the account shows it`
