import { type Answer, failure, noSuchProfile, noSuchProfiles, success } from './envelopes.ts'
import { cutPage, type ListQuery } from './listing.ts'
import type { SandboxOptions } from './options.ts'
import { CREATE_FIELDS, PATCH_FIELDS, pick, UNDOCUMENTED_PATCH_FIELDS } from './schemas.ts'
import { createdShape, deletedShape, fetchedShape, listShape } from './shapes.ts'
import type { Profile, ProfileInput, Store } from './store.ts'

/** The request of an operation, after its body and query passed validation. */
export interface Call {
  id: string
  query: ListQuery
  body: object
}

/** The answer of an operation and, where it writes, the write itself: whether and when it happens is the caller's. */
export interface Outcome {
  answer: Answer
  write?: () => void
}

export type OperationName = 'create' | 'list' | 'get' | 'update' | 'delete'
export type Operation = (call: Call, store: Store, options: SandboxOptions) => Outcome

/** What the five endpoints answer and write, decided on the store as it is now. None of them changes it by itself. */
export const OPERATIONS: Record<OperationName, Operation> = {
  create({ body }, store, options) {
    const profile = options.normalise(store.make(pick(body, CREATE_FIELDS) as unknown as ProfileInput))
    const answer = success(201, 'Profile created successfully', createdShape(profile, options))
    return titleTaken(profile, store, options) ?? { answer, write: () => store.put(profile) }
  },

  list({ query }, store, options) {
    const { limit, maxLimit, nothing } = options.list
    if (limit === 'refuse' && (query.limit ?? 0) > maxLimit) {
      return { answer: failure(400, 'querystring', `querystring/limit must be <= ${maxLimit}`) }
    }
    const { page, total } = cutPage(store.all(), query, options.list)
    if (page.length === 0 && nothing === 'not-found') return { answer: noSuchProfiles() }
    const { data, beside } = listShape(page, total, options)
    return { answer: success(200, 'Profiles fetched successfully', data, beside) }
  },

  get({ id }, store, options) {
    const profile = store.get(id)
    if (!profile) return { answer: noSuchProfile(id) }
    return { answer: success(200, 'Profile fetched successfully', fetchedShape(profile, options)) }
  },

  update({ id, body }, store, options) {
    const profile = store.get(id)
    if (!profile) return { answer: noSuchProfile(id) }
    const taken =
      options.patch.undocumented === 'take' ? [...PATCH_FIELDS, ...UNDOCUMENTED_PATCH_FIELDS] : PATCH_FIELDS
    const changed: Profile = { ...profile, ...pick(body, taken), modified_at: options.clock().toISOString() }
    const next = options.normalise(changed)
    const data = options.patch.answer === 'profile' ? fetchedShape(next, options) : {}
    const answer = success(200, 'Profile updated successfully', data)
    return titleTaken(next, store, options) ?? { answer, write: () => store.put(next) }
  },

  delete({ id }, store) {
    if (!store.get(id)) return { answer: noSuchProfile(id) }
    const answer = success(200, 'Profile deleted successfully', deletedShape(id))
    return { answer, write: () => void store.remove(id) }
  },
}

function titleTaken(profile: Profile, store: Store, options: SandboxOptions): Outcome | undefined {
  if (options.titles === 'allow-duplicates') return undefined
  const taken = store
    .all()
    .some(({ title, profile_id }) => title === profile.title && profile_id !== profile.profile_id)
  return taken
    ? { answer: failure(options.duplicateStatus, 'body', 'A profile exists with this title') }
    : undefined
}
