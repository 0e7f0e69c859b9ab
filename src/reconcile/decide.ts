/** Decides what is to happen to each profile, from what is declared and what was observed. Pure. */
import type { OnExisting } from '../inputs.ts'
import { type Entry, shownTitle } from '../manifest/entry.ts'
import type { Manifest } from '../manifest/load.ts'
import type { FieldName, RemoteProfile } from '../profile.ts'
import { type Difference, difference } from './diff.ts'
import { type Observation, type Observed, titleOf } from './observe.ts'
import { type Change, nameOf, type Plan, planOf, type Verb } from './plan.ts'
import { maskedFields } from './replacement.ts'

/** A change with what is needed to carry it out. */
export interface Step {
  readonly change: Change
  /** The declared profile, or null for one that is not declared. */
  readonly entry: Entry | null
  readonly remote: RemoteProfile | null
  /** Fields to send. */
  readonly fields: readonly FieldName[]
  /** Ids that were seen under this title before anything was written. */
  readonly seen: ReadonlySet<string>
  /** Why the step is there, and so when it is carried out. */
  readonly wave: 'leftover' | 'declared' | 'prune'
}

/** Something that stops an apply before its first write. */
export interface PlanError {
  readonly change: Change
  readonly entry: Entry | null
  readonly message: string
}

export interface Planned {
  readonly plan: Plan
  /** In the order of the plan. */
  readonly steps: readonly Step[]
  readonly errors: readonly PlanError[]
}

export interface Policy {
  readonly origin: string
  readonly sid: string
  readonly onExisting: OnExisting
  readonly rewriteSecrets: boolean
}

/** Fields that PATCH is documented to take; whether it takes the others is unknown. */
export const PATCHABLE: ReadonlySet<FieldName> = new Set([
  'title',
  'http_method',
  'url',
  'body',
  'response_message',
])

/** Plans everything. The order of entries makes no difference. */
export function decide({ entries }: Manifest, observation: Observation, policy: Policy): Planned {
  const decided = entries.map((entry) =>
    decideEntry(entry, observation.entries.get(entry.key) ?? NOTHING, policy),
  )
  const leftovers = [...observation.entries.values()].flatMap((observed) => observed.leftovers)
  const undeclared = [
    ...leftovers.map((profile) => deletion(null, profile, 'leftover', [LEFTOVER])),
    ...observation.undeclared.map((profile) =>
      deletion(null, profile, 'prune', ['not declared, and in the scope of `prune`', CAMPAIGNS]),
    ),
  ]
  const steps = new Map([...decided, ...undeclared].map((step) => [step.change, step]))
  const plan = planOf(policy.origin, policy.sid, [...steps.keys()])
  return {
    plan,
    steps: plan.changes.flatMap((change) => steps.get(change) ?? []),
    errors: [...decided.flatMap(({ errors }) => errors), ...shared(decided)],
  }
}

const NOTHING: Observed = { matches: [], rivals: [], similar: [], leftovers: [], seen: new Set() }
const CAMPAIGNS = 'deleting a profile ends the callbacks of scheduled campaigns that use it'
const LEFTOVER = 'left over from a replacement that was interrupted'
const NEW_ID =
  'THE ID CHANGES: everything that uses this id must be given the new one; callbacks of scheduled campaigns that use it end'

interface Decided extends Step {
  readonly errors: readonly PlanError[]
}

function decideEntry(entry: Entry, observed: Observed, policy: Policy): Decided {
  const { matches, similar, seen, rivals } = observed
  const [remote = null] = matches
  const messages: string[] = []
  const finish = (
    verb: Verb,
    found: Found = NO_CHANGE,
    notes: readonly string[] = [],
    id = remote?.id ?? null,
  ): Decided => {
    const mayReplace = verb === 'update' && found.fields.some((field) => !PATCHABLE.has(field))
    const title = shownTitle(entry) ?? remote?.fields.title ?? ''
    const change = { key: entry.key, title, id, verb, mayReplace, changes: found.changes, notes }
    const errors = messages.map((message) => ({ change, entry, message }))
    return { entry, remote, seen, fields: found.fields, change, wave: 'declared', errors }
  }

  if (matches.length > 1) {
    messages.push(ambiguous(matches))
    return finish('report', NO_CHANGE, [], null)
  }
  if (entry.profile.state === 'absent') {
    return remote === null
      ? finish('unchanged')
      : { ...deletion(entry, remote, 'declared', [CAMPAIGNS]), errors: [] }
  }
  if (remote === null) {
    const [other] = similar
    if (entry.profile.id === null && other === undefined) return finish('create', difference(entry, null))
    if (other !== undefined)
      return finish('report', NO_CHANGE, [inCase(entry, other)], similar.length === 1 ? other.id : null)
    messages.push(
      `the pinned profile ${entry.profile.id} does not exist on this account: correct \`id\`, or remove it to find the profile by its title`,
    )
    return finish('report')
  }

  const { found, replaces, notes } = compare(entry, remote, policy)
  notes.push(...statusNotes(remote), ...similar.map((other) => inCase(entry, other)))
  if (rivals[0] !== undefined && found.fields.includes('title')) {
    messages.push(`cannot take this title: profile ${rivals[0].id} has it`)
  }
  if (found.fields.length === 0) return finish(notes.length > 0 ? 'report' : 'unchanged', NO_CHANGE, notes)
  if (policy.onExisting !== 'update') {
    const differs = `differs from the account in ${found.changes.map(({ path }) => path).join(', ')}`
    if (policy.onExisting === 'fail') messages.push(`${differs}, and \`on-existing\` is \`fail\``)
    return finish('report', NO_CHANGE, [
      ...notes,
      `${differs}; kept as it is (\`on-existing: ${policy.onExisting}\`)`,
    ])
  }
  if (!replaces) return finish('update', found, notes)
  if (entry.profile.id !== null) {
    messages.push(
      'its channel cannot be changed, and a pinned profile is never replaced: remove `id` to have it replaced under a new id',
    )
  }
  const masked = maskedFields(entry, remote)
  if (masked.length > 0) {
    messages.push(
      `cannot be replaced: the account shows ${masked.join(', ')} masked, so the new profile could not get it: declare it in the manifest`,
    )
  }
  return finish('replace', found, [...notes, NEW_ID])
}

type Found = Pick<Difference, 'fields' | 'changes'>
const NO_CHANGE: Found = { fields: [], changes: [] }

/** What differs and counts: the channel only between `sms` and the default, masked secrets only where they are rewritten. */
function compare(
  entry: Entry,
  remote: RemoteProfile,
  { rewriteSecrets }: Policy,
): { found: Found; replaces: boolean; notes: string[] } {
  const { fields, changes, uncomparable } = difference(entry, remote)
  const notes: string[] = []
  const found = { fields: [...fields], changes: [...changes] }
  if (uncomparable.length > 0 && rewriteSecrets) {
    const rewritten = uncomparable.map((path) => path.split('.')[0] as FieldName)
    found.fields = [...new Set([...fields, ...rewritten])]
    found.changes.push(...uncomparable.map((path) => ({ path, from: '(secret)', to: '(secret)' })))
  } else if (uncomparable.length > 0) {
    notes.push(
      `${uncomparable.join(', ')}: (secret, cannot be compared); \`rewrite-secrets: true\` sends it again`,
    )
  }
  if (!found.fields.includes('channel')) return { found, replaces: false, notes }
  const channels = [entry.profile.fields.channel ?? null, remote.fields.channel ?? null]
  if (channels.every((channel) => channel === null || channel === 'sms'))
    return { found, replaces: true, notes }
  const [declared, actual] = channels.map((channel) => JSON.stringify(channel ?? 'default'))
  notes.push(
    `the channel is ${actual} on the account and ${declared} here; it cannot be changed, and may be the same by another name`,
  )
  return {
    found: {
      fields: found.fields.filter((field) => field !== 'channel'),
      changes: found.changes.filter(({ path }) => path !== 'channel'),
    },
    replaces: false,
    notes,
  }
}

function deletion(
  entry: Entry | null,
  remote: RemoteProfile,
  wave: Step['wave'],
  notes: readonly string[],
): Step {
  const title = (entry === null ? null : shownTitle(entry)) ?? titleOf(remote)
  const change: Change = {
    key: entry?.key ?? '',
    title,
    id: remote.id,
    verb: 'delete',
    mayReplace: false,
    changes: [],
    notes,
  }
  return { change, entry, remote, fields: [], seen: new Set(), wave }
}

/** Two entries that mean one profile. */
function shared(decided: readonly Decided[]): PlanError[] {
  const owners = new Map<string, Change>()
  return decided.flatMap(({ change, entry }) => {
    const owner = change.id === null ? undefined : owners.get(change.id)
    if (change.id !== null && owner === undefined) owners.set(change.id, change)
    if (owner === undefined) return []
    return [
      {
        change,
        entry,
        message: `is profile ${change.id}, as \`${nameOf(owner)}\` is: remove one of the two entries`,
      },
    ]
  })
}

const ambiguous = (matches: readonly RemoteProfile[]): string =>
  `the account has ${matches.length} such profiles (${matches.map((match) => `${match.id} "${titleOf(match)}"`).join(', ')}): delete the wrong one, or pin the right one with \`id: ${matches[0]?.id}\``

const inCase = (entry: Entry, { id, fields }: RemoteProfile): string =>
  `profile ${id} is titled "${fields.title}", which differs from "${shownTitle(entry)}" only in case: write the title so, or add \`previous_titles: [${fields.title}]\` to rename it`

function statusNotes({ status }: RemoteProfile): string[] {
  if (status === 2)
    return ['Kaleyra disabled this profile (status 2): mend its endpoint, then enable it in the console']
  return status === 3 ? ['this profile is disabled (status 3): enable it in the console'] : []
}
