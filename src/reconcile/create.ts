/** Creates a profile exactly once, although no idempotency key exists: a lost answer is resolved by reading. */
import type { Clock } from '../clock.ts'
import type { Reader, Writer } from '../kaleyra/client.ts'
import type { Directory } from '../kaleyra/directory.ts'
import { KaleyraError } from '../kaleyra/error.ts'
import { toRequest } from '../kaleyra/wire.ts'
import { difference } from './diff.ts'
import type { Step } from './plan.ts'

export interface CreateContext {
  readonly reader: Reader
  readonly writer: Writer
  readonly directory: Directory
  readonly clock: Clock
  readonly timeoutMs: number
  readonly retries: number
  readonly stop?: AbortSignal
}

const SEARCHES = 3
const SEARCH_PAUSE_MS = 1500

/**
 * Sends the create until it is known to have happened, and returns the id. After an answer that leaves it open, the
 * account is searched for a profile that was not there before and equals what was sent; only if none appears is it sent
 * again. Throws the {@link KaleyraError} of the last try, or of a new profile of that title that differs.
 */
export async function createOnce({ entry, change, seen }: Step, context: CreateContext): Promise<string> {
  const body = toRequest(entry.profile.fields, 'create')
  const title = entry.profile.fields.title ?? ''
  for (let tries = 0; ; tries += 1) {
    try {
      return await context.writer.create(body, change.title)
    } catch (error) {
      if (!(error instanceof KaleyraError && error.mayHaveLanded)) throw error
      const found = await search(error)
      if (found !== null) return found
      if (tries >= context.retries) throw error
    }
  }

  async function search(lost: KaleyraError): Promise<string | null> {
    for await (const _ of pauses(lost, context)) {
      const { profiles } = await context.directory.find([title])
      const fresh = profiles.filter((profile) => profile.fields.title === title && !seen.has(profile.id))
      for (const { id } of fresh) {
        const profile = await context.reader.get(id)
        if (profile === null) continue
        const { fields } = difference(entry, profile)
        if (fields.length === 0) return id
        throw new KaleyraError({
          kind: 'refused',
          operation: lost.operation,
          status: lost.status,
          said: `the answer was lost, and profile ${id} of this title appeared, which differs in ${fields.join(', ')}`,
          hint: 'Another run may be creating it at the same time, or the API changes these values. Run again.',
          cause: lost,
        })
      }
    }
    return null
  }
}

/**
 * Ticks once for each search: three times over three seconds; where no answer came at all, and less often, for as long as
 * the request could still have been under way.
 */
async function* pauses(lost: KaleyraError, { clock, timeoutMs, stop }: CreateContext): AsyncGenerator<void> {
  const end = clock.now() + (lost.kind === 'unanswered' ? timeoutMs : 0)
  for (let count = 1, pause = SEARCH_PAUSE_MS; ; count += 1) {
    yield
    if (count >= SEARCHES) {
      if (clock.now() >= end) return
      pause = Math.min(pause * 2, end - clock.now())
    }
    await clock.sleep(pause, stop)
  }
}
