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
import { difference, inWords } from './diff.ts'
import { replacedTitle, titleOf } from './observe.ts'
import { maskedFields, replacement } from './replacement.ts'

type ReplaceStep = Step & { readonly entry: Entry; readonly remote: RemoteProfile }

/**
 * Moves the old profile aside by its title, creates the new one, proves it, and deletes the old one. Where the new one
 * is refused or shows other values, everything is put back.
 */
export async function replace(step: ReplaceStep, context: WriteContext): Promise<Written> {
  const { change } = step
  const old = await oldProfile(step, context)
  const entry = replacement(step.entry, old)
  const title = entry.profile.fields.title ?? titleOf(old)
  const aside = replacedTitle(title)
  const original = titleOf(old) === aside ? title : titleOf(old)

  /** Undoes what was done so far, then fails. */
  const putBack = async (failed: KaleyraError, created: string | null): Promise<never> => {
    let obstacle: string | null = 'it does not take its title'
    try {
      if (created !== null) await context.writer.remove(created, change.title)
      if (await retitle(step, original, context)) obstacle = null
    } catch (cause) {
      obstacle = (cause as Error).message
    }
    if (obstacle === null) throw failed
    throw interrupted(failed, `profile ${old.id} could not be put back (${obstacle})`)
  }

  if (titleOf(old) !== aside) {
    const took = await retitle(step, aside, context).catch((error: unknown) => {
      throw mayHaveLanded(error) ? interrupted(error, `profile ${old.id} may be set aside by now`) : error
    })
    const said = `the API does not take the title "${replacedTitle(change.title)}", under which the old profile would wait`
    if (!took) await putBack(failure(step, said, 'Delete the profile by hand, then run again.'), null)
  }
  const id = await createOnce(entry, change.title, step.seen, context).catch((error: unknown) => {
    if (mayHaveLanded(error)) throw interrupted(error, `the old profile ${old.id} stays set aside`)
    return putBack(error as KaleyraError, null)
  })

  const differing = (profile: RemoteProfile) => difference(entry, profile).changes
  const profile = await readSettled(context, id, (seen) => seen !== null && differing(seen).length === 0)
  if (profile === null) {
    const said = `the new profile ${id} cannot be read; the old profile ${old.id} stays set aside`
    throw failure(step, said, COMPLETED)
  }
  const changes = differing(profile)
  if (changes.length > 0) {
    const said = `the new profile showed other values than were sent (${inWords(changes)}), so the old one stays`
    const hint = 'The API changes these values: write them in the manifest as the account shows them.'
    await putBack(failure(step, said, hint), id)
  }
  try {
    await context.writer.remove(old.id, replacedTitle(change.title))
    return { verb: 'replace', id, error: null }
  } catch (error) {
    return { verb: 'replace', id, error: error as Error }
  }
}

/** Reads the old profile whole, and makes sure that it may be replaced. */
async function oldProfile(step: ReplaceStep, { reader }: WriteContext): Promise<RemoteProfile> {
  const left = await Promise.all(step.leftovers.map(({ id }) => reader.get(id)))
  const [still] = left.filter((profile) => profile !== null)
  if (still !== undefined) {
    const said = `profile ${still.id}, left over from an earlier replacement, could not be deleted`
    throw failure(step, said, 'Run again.')
  }
  const old = await reader.get(step.remote.id)
  if (old === null) throw failure(step, 'it is gone since it was planned', 'Run again to create it.')
  const masked = maskedFields(step.entry, old)
  if (masked.length === 0) return old
  throw failure(step, `the account shows ${masked.join(', ')} masked`, 'Declare it in the manifest.')
}

/** Gives the old profile another title; returns whether it took. */
async function retitle(step: ReplaceStep, title: string, context: WriteContext): Promise<boolean> {
  const { id } = step.remote
  await context.writer.update(id, { title }, step.change.title)
  const profile = await readSettled(context, id, (seen) => seen !== null && titleOf(seen) === title)
  return profile !== null && titleOf(profile) === title
}

const COMPLETED = 'Run again: the next run finds both by their titles, and completes the replacement.'

const mayHaveLanded = (error: unknown): error is KaleyraError =>
  error instanceof KaleyraError && error.mayHaveLanded

/** A failure that leaves the old profile under its temporary title. */
const interrupted = (error: KaleyraError, state: string): KaleyraError =>
  new KaleyraError({ ...error, said: `${error.said}; ${state}`, hint: COMPLETED, cause: error })

const failure = ({ change, remote }: ReplaceStep, said: string, hint: string): KaleyraError =>
  new KaleyraError({
    kind: 'refused',
    operation: `replace profile "${change.title}" (${remote.id})`,
    status: null,
    said,
    hint,
  })
