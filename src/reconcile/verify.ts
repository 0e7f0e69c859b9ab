/** Reads the account once more after the last write, and says what is not as declared. */
import type { Clock } from '../clock.ts'
import type { Reader } from '../kaleyra/client.ts'
import type { Directory } from '../kaleyra/directory.ts'
import type { Entry } from '../manifest/entry.ts'
import type { Result } from './apply.ts'
import { difference } from './diff.ts'
import { type Observed, observe } from './observe.ts'
import type { Step } from './plan.ts'

/** An entry that the account does not show as declared, although nothing reported a failure. */
export interface Discrepancy {
  readonly entry: Entry
  readonly message: string
}

const TRIES = 3
const PAUSE_MS = 1500

/**
 * Proves that every entry that did not fail exists exactly once and equals the manifest. A list that lags behind the
 * writes is read up to three times over three seconds.
 */
export async function verify(
  steps: readonly Step[],
  results: readonly Result[],
  context: { readonly directory: Directory; readonly reader: Reader; readonly clock: Clock },
): Promise<Discrepancy[]> {
  const ids = new Map(results.filter(({ error }) => error === null).map(({ key, id }) => [key, id]))
  const settled = steps.filter(({ entry, change }) => ids.has(entry.key) && change.verb !== 'report')
  for (let tries = 1; ; tries += 1) {
    const observation = await observe(
      settled.map(({ entry }) => entry),
      context.directory,
      context.reader,
    )
    const found = settled.flatMap(({ entry }) =>
      inspect(entry, ids.get(entry.key) ?? null, observation.get(entry.key)),
    )
    if (found.length === 0 || tries >= TRIES) return found
    await context.clock.sleep(PAUSE_MS)
  }
}

function inspect(entry: Entry, id: string | null, observed: Observed | undefined): Discrepancy[] {
  const matches = observed?.matches ?? []
  const [profile] = matches
  if (profile === undefined)
    return [
      { entry, message: `profile ${id} cannot be found on the account after it was written: run again` },
    ]
  if (matches.length > 1) {
    const ids = matches.map((match) => match.id).join(', ')
    return [
      {
        entry,
        message: `the account now has ${matches.length} profiles of this title (${ids}): another run may have created one at the same time. Nothing was deleted; delete the wrong one in the Kaleyra console`,
      },
    ]
  }
  const { changes } = difference(entry, profile)
  if (changes.length === 0) return []
  const shown = changes.map(
    ({ path, from, to }) => `${path} is ${from ?? 'empty'} instead of ${to ?? 'empty'}`,
  )
  return [
    {
      entry,
      message: `profile ${profile.id} was written, but the account shows other values: ${shown.join('; ')}`,
    },
  ]
}
