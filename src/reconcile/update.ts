/** Changes a profile in place, and proves that every field took. */
import { KaleyraError } from '../kaleyra/error.ts'
import { toRequest } from '../kaleyra/wire.ts'
import type { Entry } from '../manifest/entry.ts'
import type { FieldName, RemoteProfile } from '../profile.ts'
import { readSettled, type WriteContext, type Written } from './context.ts'
import { PATCHABLE, type Step } from './decide.ts'
import { difference, type FieldChange, fieldOf, inWords } from './diff.ts'
import { replace } from './replace.ts'
import { maskedFields } from './replacement.ts'

type UpdateStep = Step & { readonly entry: Entry; readonly remote: RemoteProfile }

/**
 * Patches the differing fields and reads the profile. Whether PATCH takes headers, enc and events is unknown: where one
 * of them did not take, the profile is replaced if that is permitted, else it fails and says what to permit.
 */
export async function update(step: UpdateStep, context: WriteContext): Promise<Written> {
  const { entry, remote, fields } = step
  const refusal = await patch(step, context)
  const untaken = (profile: RemoteProfile): FieldChange[] =>
    difference(entry, profile).changes.filter(({ path }) => fields.includes(fieldOf(path)))
  const profile = await readSettled(context, remote.id, (seen) => seen === null || untaken(seen).length === 0)
  if (profile === null) throw gone(step)
  const left = untaken(profile)
  const changed = left.filter(({ path }) => PATCHABLE.has(fieldOf(path)))
  if (changed.length > 0) {
    throw failure(
      step,
      `the account shows other values than were sent: ${inWords(changed)}`,
      'The API changes or ignores it: write it in the manifest as the account shows it, or set it in the console.',
    )
  }
  const paths = [...left.map(({ path }) => path), ...(refusal === null ? [] : unprovable(step, profile))]
  if (paths.length === 0) return { verb: 'update', id: remote.id, error: null }

  const said =
    refusal === null
      ? `the API answered success but did not take ${paths.join(', ')}`
      : `the API does not take ${paths.join(', ')} (HTTP ${refusal.status}: ${refusal.said})`
  const bar = barTo(step, profile, context)
  if (bar !== null) throw failure(step, said, `A replacement would, but ${bar}`)
  return replace({ ...step, remote: profile }, context)
}

/** What keeps the profile from being replaced, and what to do about it; null where nothing does. Takes a deletion then. */
function barTo(
  { entry }: UpdateStep,
  profile: RemoteProfile,
  { allowDelete, takeDeletion }: WriteContext,
): string | null {
  if (entry.profile.id !== null)
    return 'a pinned profile is never replaced: remove `id` to permit it. The id then changes.'
  const masked = maskedFields(entry, profile)
  if (masked.length > 0)
    return `the account shows ${masked.join(', ')} masked: declare it in the manifest. The id then changes.`
  if (!allowDelete)
    return 'deleting the old profile is not permitted: set `allow-delete: true`. The id then changes.'
  if (takeDeletion()) return null
  return '`max-deletes` is used up: raise it to permit one more. The id then changes.'
}

/** Secrets that were sent, of which a masked value does not show whether they took. */
const unprovable = ({ entry, fields }: UpdateStep, profile: RemoteProfile): string[] =>
  difference(entry, profile).uncomparable.filter((path) => fields.includes(fieldOf(path)))

/** Sends the fields. An API that refuses a mix of fields gets the documented ones alone; returns the first refusal then. */
async function patch(step: UpdateStep, { writer }: WriteContext): Promise<KaleyraError | null> {
  const { entry, change, fields, remote } = step
  const send = async (names: readonly FieldName[]): Promise<void> => {
    const sent = Object.entries(entry.profile.fields).filter(([name]) => names.includes(name as FieldName))
    await writer.update(remote.id, toRequest(Object.fromEntries(sent), 'update'), change.title)
  }
  const documented = fields.filter((name) => PATCHABLE.has(name))
  try {
    await send(fields)
    return null
  } catch (error) {
    if (!(error instanceof KaleyraError && error.kind === 'refused')) throw error
    if (error.status === 404) throw gone(step)
    if (error.status !== 400 || documented.length === fields.length) throw error
    if (documented.length > 0) await send(documented)
    return error
  }
}

const gone = (step: UpdateStep): KaleyraError =>
  failure(step, 'it is gone since it was planned', 'Run again to create it.')

const failure = ({ change, remote }: UpdateStep, said: string, hint: string): KaleyraError =>
  new KaleyraError({
    kind: 'refused',
    operation: `update profile "${change.title}" (${remote.id})`,
    status: null,
    said,
    hint,
  })
