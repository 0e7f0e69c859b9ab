/** Changes a profile in place, and proves that every field took. */
import { KaleyraError } from '../kaleyra/error.ts'
import { toRequest } from '../kaleyra/wire.ts'
import type { FieldName, RemoteProfile } from '../profile.ts'
import { readSettled, type WriteContext, type Written } from './context.ts'
import { PATCHABLE, type Step } from './decide.ts'
import { difference, type FieldChange } from './diff.ts'
import { replace } from './replace.ts'
import { maskedFields } from './replacement.ts'

/**
 * Patches the differing fields and reads the profile. Whether PATCH takes headers, enc and events is unknown: where one
 * of them did not take, the profile is replaced if that is permitted, else it fails and says what to permit.
 */
export async function update(
  step: Step & { remote: RemoteProfile },
  context: WriteContext,
): Promise<Written> {
  const { entry, remote, change, fields } = step
  if (entry === null) throw new TypeError('only declared profiles are updated')
  const { id } = remote
  const refusal = await patch(step, context)
  const untaken = (profile: RemoteProfile | null): FieldChange[] =>
    profile === null
      ? []
      : difference(entry, profile).changes.filter(({ path }) => fields.includes(fieldOf(path)))
  const profile = await readSettled(context, id, (seen) => untaken(seen).length === 0)
  if (profile === null) throw failure(step, `profile ${id} is gone since`, 'Run again.')
  const left = untaken(profile)
  if (left.length === 0) return { verb: 'update', id, error: null }

  const paths = left.map(({ path }) => path).join(', ')
  const said =
    refusal === null
      ? `the API answered success but did not take ${paths}`
      : `the API does not take ${paths} (${refusal.said})`
  const changed = left.filter(({ path }) => PATCHABLE.has(fieldOf(path)))
  if (changed.length > 0) {
    const shown = changed
      .map(({ path, from, to }) => `${path} is ${from ?? 'empty'} instead of ${to ?? 'empty'}`)
      .join('; ')
    throw failure(
      step,
      `the account shows other values than were sent: ${shown}`,
      'The API changes this value: write it in the manifest as the account shows it.',
    )
  }
  const masked = maskedFields(entry, profile)
  if (entry.profile.id !== null)
    throw failure(
      step,
      said,
      'A replacement would, but a pinned profile is never replaced: remove `id` to permit it.',
    )
  if (masked.length > 0) {
    throw failure(
      step,
      said,
      `A replacement would, but the account shows ${masked.join(', ')} masked: declare it in the manifest.`,
    )
  }
  if (!context.allowDelete)
    throw failure(
      step,
      said,
      'A replacement would: set `allow-delete: true` to permit it. The id then changes.',
    )
  if (!context.takeDeletion())
    throw failure(
      step,
      said,
      'A replacement would, but `max-deletes` is used up: raise it to permit one. The id then changes.',
    )
  return replace({ ...step, entry, remote: profile, change }, context)
}

const fieldOf = (path: string): FieldName => path.split('.')[0] as FieldName

/** Sends the fields. One that refuses a mix of fields gets the documented ones alone; returns the first refusal then. */
async function patch(
  { entry, change, fields, remote }: Step,
  { writer }: WriteContext,
): Promise<KaleyraError | null> {
  const send = async (names: readonly FieldName[]): Promise<void> => {
    const body = Object.fromEntries(
      Object.entries(entry?.profile.fields ?? {}).filter(([name]) => names.includes(name as FieldName)),
    )
    await writer.update(remote?.id ?? '', toRequest(body, 'update'), change.title)
  }
  try {
    await send(fields)
    return null
  } catch (error) {
    const documented = fields.filter((name) => PATCHABLE.has(name))
    if (!(error instanceof KaleyraError && error.status === 400) || documented.length === fields.length)
      throw error
    if (documented.length > 0) await send(documented)
    return error
  }
}

const failure = ({ change }: Step, said: string, hint: string): KaleyraError =>
  new KaleyraError({
    kind: 'refused',
    operation: `update profile "${change.title}" (${change.id})`,
    status: null,
    said,
    hint,
  })
