/** Decides what is to happen to each profile, from what is declared and what was observed. Pure. */
import type { OnExisting } from '../inputs.ts'
import { type Entry, shownTitle } from '../manifest/entry.ts'
import type { Manifest } from '../manifest/load.ts'
import { hasExpression } from '../manifest/template.ts'
import type { FieldName, RemoteProfile } from '../profile.ts'
import type { Redactor } from '../redactor.ts'
import { type Difference, difference, type FieldChange, fieldOf, SECRET } from './diff.ts'
import { type Observation, type Observed, replacedTitle, titleOf } from './observe.ts'
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
  /** Ids of all profiles that were seen before anything was written. */
  readonly seen: ReadonlySet<string>
  /** Old profiles of an interrupted replacement of this one, which another step deletes. */
  readonly leftovers: readonly RemoteProfile[]
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

type Redacts = Pick<Redactor, 'redact' | 'redactHeld'>

/** Fields that PATCH is documented to take; whether it takes the others is unknown. */
export const PATCHABLE: ReadonlySet<FieldName> = new Set([
  'title',
  'http_method',
  'url',
  'body',
  'response_message',
])

/**
 * Plans everything. `redactor` hides secrets in what the plan shows. A title that differs only in case is another profile,
 * and only noted: an account too large to read whole may not show it. The order of entries makes no difference.
 */
export function decide(
  { entries, prune }: Manifest,
  observation: Observation,
  policy: Policy,
  redactor: Redacts,
): Planned {
  const { seen } = observation
  const decided = entries.toSorted(byKey).map((entry): Decided => {
    const observed = observation.entries.get(entry.key) ?? NOTHING
    const step = decideEntry(entry, observed, policy, redactor)
    return { ...step, entry, seen, leftovers: observed.leftovers }
  })
  const undeclared = [
    ...decided.flatMap(({ entry, leftovers }) => {
      const title = replacedTitle(shownTitle(entry) ?? '')
      return leftovers.map((profile) => undeclaredStep('leftover', profile, title, LEFTOVER))
    }),
    ...observation.undeclared.map((profile) => {
      const rest = titleOf(profile).slice(prune?.title_prefix.length)
      const title = `${prune?.written}${redactor.redactHeld(rest)}`
      return undeclaredStep('prune', profile, title, PRUNED)
    }),
  ]
  const steps = new Map([...decided, ...undeclared].map((step) => [step.change, step]))
  const plan = planOf(policy.origin, policy.sid, [...steps.keys()])
  return {
    plan,
    steps: plan.changes.flatMap((change) => steps.get(change) ?? []),
    errors: [
      ...decided.flatMap(({ change, entry, errors }) =>
        errors.map((message) => ({ change, entry, message })),
      ),
      ...shared(decided),
    ],
  }
}

/** Hides every secret in what the account holds, and credentials in what the manifest declares. */
const withoutSecrets = (
  changes: readonly FieldChange[],
  { redact, redactHeld }: Redacts,
): readonly FieldChange[] =>
  changes.map(({ path, from, to }) => ({
    path: to === null ? redactHeld(path) : redact(path),
    from: from === null ? null : redactHeld(from),
    to: to === null ? null : redact(to),
  }))

const byKey = (a: Entry, b: Entry): number => (a.key < b.key ? -1 : 1)

const NOTHING: Observed = { matches: [], rivals: [], similar: [], leftovers: [] }
/** What a plan says of every deletion. */
export const CAMPAIGNS = 'deleting a profile ends the callbacks of scheduled campaigns that use it'
/** Why a profile that is not declared is deleted. */
export const PRUNED = 'not declared, and in the scope of `prune`'
const LEFTOVER = 'left over from a replacement that was interrupted'
/** What a plan says of every replacement. */
export const NEW_ID =
  'THE ID CHANGES: everything that uses this id must be given the new one; callbacks of scheduled campaigns that use it end'

/** A step of a declared profile, with what stops the apply. */
interface Decided extends Step {
  readonly entry: Entry
  readonly errors: readonly string[]
}

function decideEntry(
  entry: Entry,
  { matches, similar, rivals }: Observed,
  policy: Policy,
  redactor: Redacts,
): Omit<Decided, 'entry' | 'seen' | 'leftovers'> {
  const pin = entry.profile.id
  const remote = matches.length > 1 ? null : (matches[0] ?? null)
  const finish = (
    verb: Verb,
    { fields, changes }: Found = NO_CHANGE,
    notes: readonly string[] = [],
    errors: readonly string[] = [],
  ) => {
    const title = shownTitle(entry) ?? redactor.redactHeld(remote?.fields.title ?? '')
    const mayReplace = verb === 'update' && pin === null && fields.some((field) => !PATCHABLE.has(field))
    const change = { key: entry.key, title, id: remote?.id ?? null, verb, mayReplace, changes, notes }
    return { change, remote, fields, wave: 'declared' as const, errors }
  }

  if (matches.length > 1) return finish('report', NO_CHANGE, [], [ambiguous(entry, matches)])
  if (entry.profile.state === 'absent')
    return remote === null ? finish('unchanged') : finish('delete', NO_CHANGE, [CAMPAIGNS])
  const likenesses = similar.map((other) => inCase(entry, other))
  if (remote === null) {
    const { fields, changes } = difference(entry, null)
    const found = { fields, changes: withoutSecrets(changes, redactor) }
    if (pin === null) return finish('create', found, likenesses)
    return finish('report', NO_CHANGE, [], [missing(pin)])
  }

  const { found, replaces, reports, notes } = compare(entry, remote, policy, redactor)
  reports.push(...statusNotes(remote), ...likenesses)
  const errors =
    rivals[0] !== undefined && found.fields.includes('title')
      ? [`cannot take this title: profile ${rivals[0].id} has it`]
      : []
  if (found.fields.length === 0)
    return finish(reports.length > 0 ? 'report' : 'unchanged', NO_CHANGE, [...reports, ...notes])
  if (policy.onExisting !== 'update') {
    const differs = `differs from the account in ${found.changes.map(({ path }) => path).join(', ')}`
    const kept = `${differs}; kept as it is (\`on-existing: ${policy.onExisting}\`)`
    const refused = `${differs}, and \`on-existing\` is \`fail\``
    return finish(
      'report',
      NO_CHANGE,
      [...reports, ...notes, kept],
      policy.onExisting === 'fail' ? [refused] : [],
    )
  }
  if (!replaces) return finish('update', found, [...reports, ...notes], errors)
  const masked = maskedFields(entry, remote)
  if (pin !== null) errors.push(PINNED_CHANNEL)
  if (masked.length > 0) errors.push(uncarried(masked))
  return finish('replace', found, [...reports, ...notes, NEW_ID], errors)
}

type Found = Pick<Difference, 'fields' | 'changes'>
const NO_CHANGE: Found = { fields: [], changes: [] }

/**
 * What differs and counts, masked secrets only where they are rewritten. `reports` is what makes a profile worth reporting
 * that is otherwise equal, `notes` is not.
 */
function compare(
  entry: Entry,
  remote: RemoteProfile,
  { rewriteSecrets }: Policy,
  redactor: Redacts,
): { found: Found; replaces: boolean; reports: string[]; notes: string[] } {
  const { fields, changes, uncomparable, otherChannel } = difference(entry, remote)
  const rewritten = rewriteSecrets ? uncomparable : []
  const kept = rewriteSecrets ? [] : uncomparable
  const found = {
    fields: [...new Set([...fields, ...rewritten.map(fieldOf)])],
    changes: [
      ...withoutSecrets(changes, redactor),
      ...rewritten.map((path) => ({ path, from: SECRET, to: SECRET })),
    ],
  }
  return {
    found,
    replaces: fields.includes('channel'),
    reports: withoutSecrets(otherChannel === null ? [] : [otherChannel], redactor).map(unlikeChannels),
    notes:
      kept.length === 0
        ? []
        : [`${kept.join(', ')}: (secret, cannot be compared); \`rewrite-secrets: true\` sends it again`],
  }
}

/** The deletion of a profile that no entry declares. */
function undeclaredStep(wave: Step['wave'], remote: RemoteProfile, title: string, why: string): Step {
  const change: Change = {
    key: '',
    title,
    id: remote.id,
    verb: 'delete',
    mayReplace: false,
    changes: [],
    notes: [why, CAMPAIGNS],
  }
  return { change, entry: null, remote, fields: [], seen: new Set(), leftovers: [], wave }
}

/** Two entries that mean one profile. */
function shared(decided: readonly Decided[]): PlanError[] {
  const owners = new Map<string, Change>()
  return decided.flatMap(({ change, entry }) => {
    const owner = change.id === null ? undefined : owners.get(change.id)
    if (change.id !== null && owner === undefined) owners.set(change.id, change)
    if (owner === undefined) return []
    const message = `is profile ${change.id}, as \`${nameOf(owner)}\` is: remove one of the two entries`
    return [{ change, entry, message }]
  })
}

/** Whether an expression makes a title of this entry, so that no title may be shown. */
const hidesTitle = ({ written }: Entry): boolean =>
  [written.title, written.previous_titles].flat().some(hasExpression)

function ambiguous(entry: Entry, matches: readonly RemoteProfile[]): string {
  const named = matches.map((match) => (hidesTitle(entry) ? match.id : `${match.id} "${titleOf(match)}"`))
  return `the account has ${matches.length} such profiles (${named.join(', ')}): delete the wrong one, or pin the right one with \`id: ${matches[0]?.id}\``
}

function inCase(entry: Entry, profile: RemoteProfile): string {
  const title = titleOf(profile)
  return hidesTitle(entry)
    ? `the title of profile ${profile.id} differs from this one only in case`
    : `profile ${profile.id} is titled "${title}", which differs from "${shownTitle(entry)}" only in case: write the title so, or add \`previous_titles: [${title}]\` to rename it`
}

const missing = (pin: string): string =>
  `the pinned profile ${pin} does not exist on this account: correct \`id\`, or remove it to find the profile by its title`
const PINNED_CHANNEL =
  'its channel cannot be changed, and a pinned profile is never replaced: remove `id` to have it replaced under a new id'
const uncarried = (masked: readonly string[]): string =>
  `cannot be replaced: the account shows ${masked.join(', ')} masked, so the new profile could not get it: declare it in the manifest`
const unlikeChannels = ({ from, to }: FieldChange): string =>
  `the channel is ${from ?? '"default"'} on the account and ${to ?? '"default"'} here; it cannot be changed, and may be the same by another name`

function statusNotes({ status }: RemoteProfile): string[] {
  if (status === 2)
    return ['Kaleyra disabled this profile (status 2): mend its endpoint, then enable it in the console']
  return status === 3 ? ['this profile is disabled (status 3): enable it in the console'] : []
}
