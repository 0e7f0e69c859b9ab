/** The plan: what an apply would do, as a sorted, counted, serialisable value with a digest. Pure. */
import { createHash } from 'node:crypto'
import type { OnExisting } from '../inputs.ts'
import { type Entry, shownTitle } from '../manifest/entry.ts'
import type { FieldName, RemoteProfile } from '../profile.ts'
import { type Difference, difference, type FieldChange } from './diff.ts'
import type { Observation, Observed } from './observe.ts'

export const VERBS = ['create', 'update', 'replace', 'delete', 'unchanged', 'report'] as const
export type Verb = (typeof VERBS)[number]

/** What is to happen to one profile. Holds nothing that may not be shown. */
export interface Change {
  readonly key: string
  readonly title: string
  /** Id on the account, or null where the profile does not exist. */
  readonly id: string | null
  readonly verb: Verb
  readonly changes: readonly FieldChange[]
  /** Things to know that change nothing. */
  readonly notes: readonly string[]
}

export interface Plan {
  readonly origin: string
  readonly sid: string
  readonly changes: readonly Change[]
  readonly counts: Readonly<Record<Verb, number>>
  /** SHA-256, in hex, of what the plan shows. */
  readonly digest: string
}

/** A change with what is needed to carry it out. */
export interface Step {
  readonly entry: Entry
  readonly change: Change
  readonly remote: RemoteProfile | null
  /** Fields to send. */
  readonly fields: readonly FieldName[]
  /** Ids that were seen under this title before anything was written. */
  readonly seen: ReadonlySet<string>
}

/** Something that stops an apply before its first write. */
export interface PlanError {
  readonly entry: Entry
  readonly message: string
}

export interface Planned {
  readonly plan: Plan
  readonly steps: readonly Step[]
  readonly errors: readonly PlanError[]
}

export interface Policy {
  readonly origin: string
  readonly sid: string
  readonly onExisting: OnExisting
}

/** Plans every entry against what was observed of it. The order of entries makes no difference. */
export function makePlan(entries: readonly Entry[], observation: Observation, policy: Policy): Planned {
  const errors: PlanError[] = []
  const steps = entries
    .map((entry) =>
      planEntry(entry, observation.get(entry.key) ?? NOTHING, policy, (message) =>
        errors.push({ entry, message }),
      ),
    )
    .sort((a, b) => compareText(a.change.key, b.change.key))
  const owners = new Map<string, Entry>()
  for (const { entry, change } of steps) {
    const owner = change.id === null ? undefined : owners.get(change.id)
    if (change.id !== null && owner === undefined) owners.set(change.id, entry)
    if (owner !== undefined) {
      errors.push({
        entry,
        message: `is profile ${change.id}, which \`${owner.key}\` is already: remove one of the two entries`,
      })
    }
  }
  const changes = steps.map(({ change }) => change)
  const counts = Object.fromEntries(
    VERBS.map((verb) => [verb, changes.filter((change) => change.verb === verb).length]),
  )
  const { origin, sid } = policy
  const plan = {
    origin,
    sid,
    changes,
    counts: counts as Record<Verb, number>,
    digest: digestOf(origin, sid, changes),
  }
  return { plan, steps, errors }
}

/** Tells whether applying the plan would write. */
export function hasChanges({ counts }: Plan): boolean {
  return counts.create + counts.update + counts.replace + counts.delete > 0
}

const NOTHING: Observed = { matches: [], by: 'title', rivals: [], similar: [], seen: new Set() }

function planEntry(entry: Entry, observed: Observed, policy: Policy, fail: (message: string) => void): Step {
  const { matches, similar, seen } = observed
  const [remote = null] = matches
  const title = shownTitle(entry) ?? remote?.fields.title ?? ''
  const step = (
    verb: Verb,
    found: Pick<Difference, 'fields' | 'changes'>,
    notes: readonly string[],
    id = remote?.id ?? null,
  ): Step => ({
    entry,
    remote,
    seen,
    fields: found.fields,
    change: { key: entry.key, title, id, verb, changes: found.changes, notes },
  })
  const nothing = { fields: [], changes: [] }

  if (matches.length > 1) {
    fail(ambiguous(title, matches))
    return step('report', nothing, [], null)
  }
  if (remote === null) {
    if (entry.profile.id !== null) {
      fail(
        `the pinned profile ${entry.profile.id} does not exist on this account: correct \`id\`, or remove it to find the profile by its title`,
      )
      return step('report', nothing, [])
    }
    const [other] = similar
    if (other === undefined) return step('create', difference(entry, null), [])
    return step('report', nothing, [differsInCase(title, other)], similar.length === 1 ? other.id : null)
  }
  const notes = [...statusNotes(remote), ...similar.map((other) => differsInCase(title, other))]
  const found = difference(entry, remote)
  const [rival] = observed.rivals
  if (rival !== undefined && found.fields.includes('title')) {
    fail(`cannot take the title "${title}": profile ${rival.id} has it`)
  }
  if (found.uncomparable.length > 0)
    notes.push(`${found.uncomparable.join(', ')}: (secret, cannot be compared), kept as it is`)
  const { fields, changes, note } = withoutChannel(entry, remote, found, fail)
  if (note !== null) notes.push(note)
  if (fields.length === 0) return step(notes.length > 0 ? 'report' : 'unchanged', nothing, notes)
  if (policy.onExisting === 'update') return step('update', { fields, changes }, notes)
  const differs = `differs from the account in ${changes.map(({ path }) => path).join(', ')}`
  if (policy.onExisting === 'fail') fail(`${differs}, and \`on-existing\` is \`fail\``)
  return step('report', nothing, [
    ...notes,
    `${differs}; kept as it is (\`on-existing: ${policy.onExisting}\`)`,
  ])
}

/** The channel of an existing profile cannot change (documentation); a spelling that is not understood is only reported. */
function withoutChannel(
  entry: Entry,
  remote: RemoteProfile,
  found: Difference,
  fail: (message: string) => void,
) {
  if (!found.fields.includes('channel')) return { ...found, note: null }
  const [declared, actual] = [entry.profile.fields.channel ?? null, remote.fields.channel ?? null]
  const sure = [declared, actual].every((channel) => channel === null || channel === 'sms')
  const message = `the channel is ${JSON.stringify(actual ?? 'default')} on the account and ${JSON.stringify(declared ?? 'default')} here; the channel of a profile cannot be changed`
  if (sure) fail(`${message}: delete the profile in the Kaleyra console, or choose another title`)
  return {
    fields: found.fields.filter((field) => field !== 'channel'),
    changes: found.changes.filter(({ path }) => path !== 'channel'),
    note: sure ? null : message,
  }
}

const ambiguous = (title: string, matches: readonly RemoteProfile[]): string =>
  `the account has ${matches.length} profiles titled "${title}" (${matches.map(({ id }) => id).join(', ')}): delete the wrong one, or pin the right one with \`id: ${matches[0]?.id}\``

const differsInCase = (title: string, { id, fields }: RemoteProfile): string =>
  `profile ${id} is titled "${fields.title}", which differs from "${title}" only in case: write the title so, or add \`previous_titles: [${fields.title}]\` to rename it`

function statusNotes({ status }: RemoteProfile): string[] {
  if (status === 2)
    return [
      'Kaleyra disabled this profile (status 2): mend the endpoint, then enable the profile in the console',
    ]
  return status === 3 ? ['this profile is disabled (status 3): enable it in the console'] : []
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function digestOf(origin: string, sid: string, changes: readonly Change[]): string {
  const shown = changes.map((change) => {
    const fields = change.changes
      .map(({ path, from, to }) => [path, from, to])
      .sort(([a], [b]) => compareText(a as string, b as string))
    return [change.key, change.title, change.id, change.verb, fields]
  })
  return createHash('sha256')
    .update(JSON.stringify([origin, sid, shown]))
    .digest('hex')
}
