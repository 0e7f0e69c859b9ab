/**
 * Replaces a profile by a new one of the same title. At no point are there fewer profiles than before, and a run that
 * ends anywhere in between is completed by the next: it finds `<title>__replaced`.
 */
import { KaleyraError } from '../kaleyra/error.ts'
import type { Entry } from '../manifest/entry.ts'
import type { RemoteProfile } from '../profile.ts'
import { readSettled, type WriteContext, type Written } from './context.ts'
import { createOnce } from './create.ts'
import type { Step } from './decide.ts'
import { difference } from './diff.ts'
import { replacedTitle, titleOf } from './observe.ts'
import { maskedFields, replacement } from './replacement.ts'

/**
 * Moves the old profile aside by its title, creates the new one, proves it, and deletes the old one. Where the new one
 * is refused or shows other values, everything is put back.
 */
export async function replace(
  step: Step & { entry: Entry; remote: RemoteProfile },
  context: WriteContext,
): Promise<Written> {
  const { change, remote } = step
  const old = await context.reader.get(remote.id)
  if (old === null) throw failure(step, `profile ${remote.id} is gone since`, 'Run again.')
  const masked = maskedFields(step.entry, old)
  if (masked.length > 0)
    throw failure(step, `the account shows ${masked.join(', ')} masked`, 'Declare it in the manifest.')
  const entry = replacement(step.entry, old)
  const title = entry.profile.fields.title ?? titleOf(old)
  const aside = replacedTitle(title)
  const original = titleOf(old) === aside ? title : titleOf(old)

  if (titleOf(old) !== aside) await retitle(step, old.id, aside, context)
  const id = await createOnce(entry, change.title, step.seen, context).catch(async (error: unknown) => {
    if (!(error instanceof KaleyraError && error.mayHaveLanded))
      await retitle(step, old.id, original, context)
    throw error
  })

  const differing = (profile: RemoteProfile | null) =>
    profile === null ? null : difference(entry, profile).changes
  const profile = await readSettled(context, id, (seen) => differing(seen)?.length === 0)
  const left = differing(profile)
  if (left === null)
    throw failure(
      step,
      `the new profile ${id} cannot be read`,
      `The old one is profile ${old.id} "${aside}". Run again.`,
    )
  if (left.length > 0) {
    await context.writer.remove(id, change.title)
    await retitle(step, old.id, original, context)
    const shown = left
      .map(({ path, from, to }) => `${path} is ${from ?? 'empty'} instead of ${to ?? 'empty'}`)
      .join('; ')
    throw failure(
      step,
      `the new profile showed other values than were sent (${shown}); the old one is back in place`,
      'The API changes these values: write them in the manifest as the account shows them.',
    )
  }
  try {
    await context.writer.remove(old.id, aside)
    return { verb: 'replace', id, error: null }
  } catch (error) {
    return { verb: 'replace', id, error: error as Error }
  }
}

/** Gives a profile another title, and proves it. */
async function retitle(step: Step, id: string, title: string, context: WriteContext): Promise<void> {
  await context.writer.update(id, { title }, title)
  const profile = await readSettled(context, id, (seen) => seen !== null && titleOf(seen) === title)
  if (profile !== null && titleOf(profile) === title) return
  throw failure(step, `profile ${id} did not take the title "${title}"`, 'Run again.')
}

const failure = ({ change }: Step, said: string, hint: string): KaleyraError =>
  new KaleyraError({
    kind: 'refused',
    operation: `replace profile "${change.title}" (${change.id})`,
    status: null,
    said,
    hint,
  })
