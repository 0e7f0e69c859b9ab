/** Creates a profile exactly once, although no idempotency key exists: a lost answer is resolved by reading. */
import { KaleyraError } from '../kaleyra/error.ts'
import { toRequest } from '../kaleyra/wire.ts'
import type { Entry } from '../manifest/entry.ts'
import type { RemoteProfile } from '../profile.ts'
import { rest, type WriteContext } from './context.ts'
import { difference } from './diff.ts'

const SEARCHES = 3
const PAUSE_MS = 1500
/** Pause once the run is cancelled: there is little time left. */
const SHORT_PAUSE_MS = 500

/**
 * Sends the create until it is known to have happened, and returns the id. After an answer that leaves it open, the
 * account is searched for a profile that was not there before (`seen`) and equals what was sent; only if none appears is
 * it sent again. `label` names the profile in messages. Throws a {@link KaleyraError}; where it may have happened all the
 * same, `mayHaveLanded` says so.
 */
export async function createOnce(
  entry: Entry,
  label: string,
  seen: ReadonlySet<string>,
  context: WriteContext,
): Promise<string> {
  const body = toRequest(entry.profile.fields, 'create')
  let lost: KaleyraError | null = null
  for (let tries = 0; ; tries += 1) {
    try {
      return await context.writer.create(body, label)
    } catch (error) {
      if (!(error instanceof KaleyraError)) throw error
      if (error.mayHaveLanded) lost = error
      if (lost === null) throw error
      const found = await search(entry, seen, lost, context)
      if (found !== null) return found
      if (error !== lost) throw open(lost, `the next try failed (${error.said})`, error)
      if (error.final || tries >= context.retries || context.cancellation.stop.aborted) {
        throw open(lost, 'it did not appear on the account since, but may yet', error)
      }
    }
  }
}

/** Looks for what a lost create may have made. Throws where it cannot be told. */
async function search(
  entry: Entry,
  seen: ReadonlySet<string>,
  lost: KaleyraError,
  context: WriteContext,
): Promise<string | null> {
  for await (const _ of searches(lost, context)) {
    const found = await newProfiles(entry.profile.fields.title ?? '', seen, context).catch((error) => {
      if (!(error instanceof KaleyraError)) throw error
      throw open(lost, `it could not be searched for (${error.message})`, error)
    })
    const differences = found.map((profile) => ({ id: profile.id, ...difference(entry, profile) }))
    const own = differences.find(({ fields }) => fields.length === 0)
    if (own !== undefined) return own.id
    const [other] = differences
    if (other === undefined) continue
    const why = `profile ${other.id} of this title appeared since, which differs in ${other.fields.join(', ')}`
    throw open(lost, why, lost)
  }
  return null
}

async function newProfiles(
  title: string,
  seen: ReadonlySet<string>,
  { directory, reader }: WriteContext,
): Promise<RemoteProfile[]> {
  const { profiles } = await directory.find([title])
  const fresh = profiles.filter(({ id, fields }) => fields.title === title && !seen.has(id))
  const whole = await Promise.all(fresh.map(({ id }) => reader.get(id)))
  return whole.filter((profile) => profile !== null)
}

/**
 * Ticks once for each search: three times over three seconds; where no answer came at all, and less often, for as long as
 * the request could still have been under way. A cancelled run looks three times within a second.
 */
async function* searches(
  lost: KaleyraError,
  { clock, timeoutMs, cancellation: { stop, end } }: WriteContext,
): AsyncGenerator<void> {
  const until = clock.now() + (lost.status === null ? timeoutMs : 0)
  for (let count = 1, pause = PAUSE_MS; ; count += 1) {
    yield
    if (count >= SEARCHES) {
      if (stop.aborted || clock.now() >= until) return
      pause = Math.min(pause * 2, until - clock.now())
    }
    await (stop.aborted ? rest(clock, SHORT_PAUSE_MS, end) : rest(clock, pause, stop))
  }
}

/** The failure of a create of which it stays open whether it happened; {@link KaleyraError.mayHaveLanded} holds of it. */
const open = (lost: KaleyraError, why: string, cause: KaleyraError): KaleyraError =>
  new KaleyraError({
    kind: lost.kind,
    operation: lost.operation,
    status: lost.status,
    said: `${lost.said}; ${why}`,
    hint: 'Run again: a profile that exists by then is found by its title, and not created twice.',
    cause,
  })
