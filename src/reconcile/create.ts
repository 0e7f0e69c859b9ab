/** Creates a profile exactly once, although no idempotency key exists: a lost answer is resolved by reading. */
import { KaleyraError } from '../kaleyra/error.ts'
import { toRequest } from '../kaleyra/wire.ts'
import type { Entry } from '../manifest/entry.ts'
import type { WriteContext } from './context.ts'
import { difference } from './diff.ts'

const SEARCHES = 3
const SEARCH_PAUSE_MS = 1500

/**
 * Sends the create until it is known to have happened, and returns the id. After an answer that leaves it open, the
 * account is searched for a profile that was not there before (`seen`) and equals what was sent; only if none appears is
 * it sent again. `label` names the profile in messages. Throws the {@link KaleyraError} of the last try, or of a new
 * profile of that title that differs.
 */
export async function createOnce(
  entry: Entry,
  label: string,
  seen: ReadonlySet<string>,
  context: WriteContext,
): Promise<string> {
  const body = toRequest(entry.profile.fields, 'create')
  for (let tries = 0; ; tries += 1) {
    try {
      return await context.writer.create(body, label)
    } catch (error) {
      if (!(error instanceof KaleyraError && error.mayHaveLanded)) throw error
      const found = await search(entry, seen, error, context)
      if (found !== null) return found
      if (error.final || tries >= context.retries || context.stop.aborted) throw unresolved(error)
    }
  }
}

async function search(
  entry: Entry,
  seen: ReadonlySet<string>,
  lost: KaleyraError,
  context: WriteContext,
): Promise<string | null> {
  const { title } = entry.profile.fields
  if (title === undefined) return null
  for await (const _ of pauses(lost, context)) {
    const { profiles } = await context.directory.find([title])
    for (const { id, fields } of profiles) {
      if (fields.title !== title || seen.has(id)) continue
      const profile = await context.reader.get(id)
      if (profile === null) continue
      const found = difference(entry, profile)
      if (found.fields.length === 0) return id
      throw differs(lost, id, found.fields)
    }
  }
  return null
}

/**
 * Ticks once for each search: three times over three seconds; where no answer came at all, and less often, for as long as
 * the request could still have been under way.
 */
async function* pauses(lost: KaleyraError, { clock, timeoutMs, stop }: WriteContext): AsyncGenerator<void> {
  const end = clock.now() + (lost.kind === 'unanswered' ? timeoutMs : 0)
  for (let count = 1, pause = SEARCH_PAUSE_MS; ; count += 1) {
    yield
    if (stop.aborted && count >= SEARCHES) return
    if (count >= SEARCHES) {
      if (clock.now() >= end) return
      pause = Math.min(pause * 2, end - clock.now())
    }
    await clock.sleep(pause)
  }
}

const differs = (lost: KaleyraError, id: string, fields: readonly string[]): KaleyraError =>
  new KaleyraError({
    kind: 'refused',
    operation: lost.operation,
    status: lost.status,
    said: `the answer was lost, and profile ${id} of this title appeared, which differs in ${fields.join(', ')}`,
    hint: 'Another run may be creating it at the same time, or the API changes these values. Run again.',
    cause: lost,
  })

const unresolved = (lost: KaleyraError): KaleyraError =>
  new KaleyraError({
    kind: lost.kind,
    operation: lost.operation,
    status: lost.status,
    said: `${lost.said}; it did not appear on the account since, but may yet`,
    hint: 'Run again: a profile that has appeared by then is found by its title, and not created twice.',
    cause: lost,
  })
