/** Carries out a plan: every entry on its own, so that one failure does not stop the others. */
import pLimit from 'p-limit'
import { KaleyraError } from '../kaleyra/error.ts'
import { toRequest } from '../kaleyra/wire.ts'
import { type CreateContext, createOnce } from './create.ts'
import type { Step, Verb } from './plan.ts'

/** What became of one entry. */
export interface Result {
  readonly key: string
  readonly verb: Verb
  readonly id: string | null
  /** Whether a write took effect. */
  readonly wrote: boolean
  /** Why it failed, or null. */
  readonly error: Error | null
}

export interface ApplyContext extends CreateContext {
  readonly concurrency: number
  /** Called after every entry, for progress. */
  readonly onResult: (result: Result) => void
}

/** Applies every step. Wrong credentials stop all that has not started; everything else stops its own entry only. */
export async function apply(steps: readonly Step[], context: ApplyContext): Promise<Result[]> {
  const limit = pLimit(context.concurrency)
  let fatal: KaleyraError | null = null
  const run = async (step: Step): Promise<Result> => {
    const { key, verb, id } = step.change
    const base = { key, verb, id, wrote: false, error: null }
    if (verb !== 'create' && verb !== 'update') return base
    if (fatal !== null) return { ...base, error: new Error(`not tried: ${fatal.message}`, { cause: fatal }) }
    try {
      return { ...base, id: await write(step, context), wrote: true }
    } catch (error) {
      if (!(error instanceof Error)) throw error
      if (error instanceof KaleyraError && error.kind === 'credentials') fatal = error
      return { ...base, error }
    }
  }
  return Promise.all(
    steps.map((step) =>
      limit(async () => {
        const result = await run(step)
        context.onResult(result)
        return result
      }),
    ),
  )
}

async function write(step: Step, context: ApplyContext): Promise<string> {
  const { change, entry, fields } = step
  if (change.verb === 'create' || change.id === null) return createOnce(step, context)
  const changed = Object.fromEntries(
    Object.entries(entry.profile.fields).filter(([name]) => fields.includes(name as never)),
  )
  await context.writer.update(change.id, toRequest(changed, 'update'), change.title)
  return change.id
}
