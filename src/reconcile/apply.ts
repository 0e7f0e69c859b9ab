/** Carries out a plan: every profile on its own, so that one failure does not stop the others. */
import pLimit from 'p-limit'
import type { Writer } from '../kaleyra/client.ts'
import { KaleyraError } from '../kaleyra/error.ts'
import type { WriteContext, Written } from './context.ts'
import { createOnce } from './create.ts'
import type { Planned, Step } from './decide.ts'
import { titleOf } from './observe.ts'
import { type Change, deletions } from './plan.ts'
import { replace } from './replace.ts'
import { update } from './update.ts'

/** What became of one profile. */
export interface Result extends Written {
  readonly change: Change
  /** Whether something was written, or may have been. */
  readonly wrote: boolean
}

export interface ApplyContext extends Omit<WriteContext, 'takeDeletion'> {
  readonly concurrency: number
  readonly maxDeletes: number
  /** Called after every profile, for progress. */
  readonly onResult: (result: Result) => void
}

/**
 * Carries out every step: first what earlier runs left over, then what is declared, then what is to be pruned. Wrong
 * credentials and a stop end all that has not started; everything else ends its own profile only.
 */
export async function apply({ plan, steps }: Planned, context: ApplyContext): Promise<Result[]> {
  const limit = pLimit(context.concurrency)
  let left = context.maxDeletes - deletions(plan.counts)
  const takeDeletion = (): boolean => left-- > 0
  let fatal: Error | null = null

  const run = async (step: Step): Promise<Result> => {
    const { change } = step
    const idle = { change, verb: change.verb, id: change.id, wrote: false, error: null }
    if (change.verb === 'unchanged' || change.verb === 'report') return idle
    if (fatal !== null) return { ...idle, error: new Error(NOT_ADMITTED, { cause: fatal }) }
    if (context.cancellation.stop.aborted) return { ...idle, error: new Error(CANCELLED) }
    const tracked = track(context.writer)
    try {
      const written = await carryOut(step, { ...context, takeDeletion, writer: tracked.writer })
      return { change, ...written, wrote: tracked.wrote() }
    } catch (error) {
      if (!(error instanceof Error)) throw error
      if (refusesCredentials(error)) fatal = error
      return { ...idle, wrote: tracked.wrote(), error }
    }
  }

  const results = new Map<Step, Result>()
  for (const wave of ['leftover', 'declared', 'prune']) {
    const work = steps
      .filter((step) => step.wave === wave)
      .map((step) =>
        limit(async () => {
          const result = await run(step)
          results.set(step, result)
          context.onResult(result)
        }),
      )
    await Promise.all(work)
  }
  return steps.flatMap((step) => results.get(step) ?? [])
}

const NOT_ADMITTED = 'not tried, since the API refused the credentials of this run'
const CANCELLED = 'not tried: the run was cancelled'

const refusesCredentials = (error: unknown): boolean =>
  error instanceof KaleyraError && (error.kind === 'credentials' || refusesCredentials(error.cause))

async function carryOut(step: Step, context: WriteContext): Promise<Written> {
  const { change, entry, remote, seen } = step
  if (remote === null) {
    if (entry === null) throw new TypeError('a step needs a declared or an existing profile')
    return { verb: 'create', id: await createOnce(entry, change.title, seen, context), error: null }
  }
  if (change.verb === 'delete') return remove({ ...step, remote }, context)
  if (entry === null) throw new TypeError('only declared profiles are written')
  return change.verb === 'replace'
    ? replace({ ...step, entry, remote }, context)
    : update({ ...step, entry, remote }, context)
}

/** Deletes a profile that is still what the plan says it is. */
async function remove(
  { change, remote }: Step & { remote: NonNullable<Step['remote']> },
  { reader, writer }: WriteContext,
): Promise<Written> {
  const now = await reader.get(remote.id)
  if (now !== null && titleOf(now) !== titleOf(remote)) {
    throw new KaleyraError({
      kind: 'refused',
      operation: `delete profile "${change.title}" (${remote.id})`,
      status: null,
      said: 'it has another title by now and was left alone',
      hint: 'Review the new plan and run again.',
    })
  }
  if (now !== null) await writer.remove(remote.id, change.title)
  return { verb: 'delete', id: null, error: null }
}

/** A writer that remembers whether it wrote. A write that failed without being refused may have taken effect. */
function track(writer: Writer): { writer: Writer; wrote: () => boolean } {
  let wrote = false
  const watch =
    <Args extends unknown[], Value>(write: (...args: Args) => Promise<Value>) =>
    async (...args: Args): Promise<Value> => {
      try {
        const value = await write(...args)
        wrote = true
        return value
      } catch (error) {
        wrote ||= error instanceof KaleyraError && error.mayHaveLanded
        throw error
      }
    }
  return {
    writer: { create: watch(writer.create), update: watch(writer.update), remove: watch(writer.remove) },
    wrote: () => wrote,
  }
}
