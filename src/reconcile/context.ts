import type { Cancellation } from '../cancellation.ts'
import type { Clock } from '../clock.ts'
import type { Reader, Writer } from '../kaleyra/client.ts'
import type { Directory } from '../kaleyra/directory.ts'
import type { RemoteProfile } from '../profile.ts'
import type { Verb } from './plan.ts'

/** Reading, with the time that it may take. */
export interface ReadContext {
  readonly reader: Reader
  readonly directory: Directory
  readonly clock: Clock
  readonly cancellation: Cancellation
}

/** What carrying out a step needs. */
export interface WriteContext extends ReadContext {
  readonly writer: Writer
  readonly timeoutMs: number
  readonly retries: number
  readonly allowDelete: boolean
  /** Takes one of the deletions that `max-deletes` still permits; false where none is left. */
  readonly takeDeletion: () => boolean
}

/** What became of a profile. */
export interface Written {
  /** What was done in the end: an update may have become a replacement. */
  readonly verb: Verb
  /** Id on the account; null where the profile does not exist. */
  readonly id: string | null
  /** Why the step failed although it went as far as this, or null. */
  readonly error: Error | null
}

const TRIES = 3
const PAUSE_MS = 1500

/**
 * Looks up to three times over three seconds, until `accept` is content: a write may show late. Returns what was seen
 * last.
 */
export async function settled<Value>(
  { clock, cancellation }: ReadContext,
  look: () => Promise<Value>,
  accept: (value: Value) => boolean,
): Promise<Value> {
  for (let tries = 1; ; tries += 1) {
    const value = await look()
    if (tries >= TRIES || accept(value)) return value
    await rest(clock, PAUSE_MS, cancellation.end)
  }
}

/** Reads a profile until it is as `accept` wants it, see {@link settled}. */
export const readSettled = (
  context: ReadContext,
  id: string,
  accept: (profile: RemoteProfile | null) => boolean,
): Promise<RemoteProfile | null> => settled(context, () => context.reader.get(id), accept)

/** Waits for `ms` milliseconds, or until the signal is aborted. */
export async function rest(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch(() => {})
}
