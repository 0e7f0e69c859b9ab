/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/** Encryption of a callback's payload, as the API spells it. */
export interface Enc {
  readonly algo: string
  readonly key: string
  readonly IV: string
  readonly params?: unknown
}

/**
 * What a profile says, in one canonical form for both sides: empty values (`null`, `{}`, `[]`, `[""]`, an empty text) are
 * null, events a list, the default channel null.
 */
export interface ProfileFields {
  readonly title: string
  readonly http_method: string
  readonly url: string
  readonly body: { readonly [name: string]: Json } | null
  readonly response_message: string | null
  readonly headers: { readonly [name: string]: string } | null
  readonly enc: Enc | null
  readonly channel: string | null
  readonly events: readonly string[] | null
}

export type FieldName = keyof ProfileFields

/** A profile as the manifest declares it. A field that is missing is not managed. */
export interface DeclaredProfile {
  readonly id: string | null
  readonly state: 'present' | 'absent'
  readonly previous_titles: readonly string[]
  readonly fields: Partial<ProfileFields>
}

/** A profile as the API shows it. A field that is missing is unknown: the answer did not hold it. */
export interface RemoteProfile {
  readonly id: string
  /** 1 active, 2 disabled by Kaleyra, 3 disabled; null where the answer does not say. */
  readonly status: number | null
  readonly fields: Partial<ProfileFields>
}

/** Tells whether a value means "nothing": null, `{}`, `[]`, `[""]`, an empty text. */
export function isEmptyValue(value: unknown): boolean {
  if (value === null || value === '') return true
  if (Array.isArray(value)) return value.length === 0 || (value.length === 1 && value[0] === '')
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** A channel in canonical form: null for the default one however it is spelt, `sms` in lower case, others as they are. */
export function canonicalChannel(channel: string | null): string | null {
  if (channel === null || /^(default)?$/i.test(channel.trim())) return null
  return channel.toLowerCase() === 'sms' ? 'sms' : channel
}
