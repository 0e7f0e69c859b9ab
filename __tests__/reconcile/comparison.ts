import { parseProfile } from '../../src/kaleyra/wire.ts'
import type { RemoteProfile } from '../../src/profile.ts'
import { difference } from '../../src/reconcile/diff.ts'
import { declared } from '../declared.ts'

const NEEDED = {
  profile_id: 'SG_1',
  title: 'GH Orders',
  http_method: 'GET',
  url: 'https://hooks.example.com/orders',
}
export const ENC = { algo: 'AES-128-CFB', key: '0123456789abcdef', IV: 'fedcba9876543210' }

/** A profile as the API answers it: these fields over the needed ones; `whole` as from get, else as from a list. */
export function remote(fields: object = {}, whole = true): RemoteProfile {
  const { profile, problem } = parseProfile({ ...NEEDED, ...fields }, whole)
  if (profile === null) throw new Error(problem)
  return profile
}

/** What differs between the declared fields and the account's, in short. */
export async function differing(fields: object, account: object, env?: Record<string, string>) {
  const {
    fields: names,
    changes,
    uncomparable,
    unknown,
  } = difference(await declared(fields, env), remote(account))
  return { names, shown: changes.map(({ path, from, to }) => [path, from, to]), uncomparable, unknown }
}

/** What `differing` gives where nothing differs. */
export const NOTHING = { names: [], shown: [], uncomparable: [], unknown: [] }
