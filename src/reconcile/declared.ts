/**
 * The plan of what changes between two manifests, for a run that cannot read the account: what the one declares is taken
 * for what the account holds. Pure.
 */
import { type Entry, shownTitle } from '../manifest/entry.ts'
import type { Manifest } from '../manifest/load.ts'
import type { ProfileFields, RemoteProfile } from '../profile.ts'
import { CAMPAIGNS, NEW_ID, PATCHABLE, PRUNED } from './decide.ts'
import { difference } from './diff.ts'
import { type Change, type Plan, planOf, type Verb } from './plan.ts'

/** Where the plan would be applied; part of every plan. */
export interface Account {
  readonly origin: string
  readonly sid: string
}

/** Plans `head` as if the account held what `base` declares. Ids are known only of pinned profiles. */
export function planDeclared(base: Manifest, head: Manifest, { origin, sid }: Account): Plan {
  const present = base.entries.filter(({ profile }) => profile.state === 'present')
  const predecessorOf = predecessors(present)
  const gone = titlesOf(base.entries.filter(({ profile }) => profile.state === 'absent'))
  const matched = new Set<Entry>()
  const declared = head.entries.map((entry): Change => {
    const old = predecessorOf(entry)
    if (old !== null) matched.add(old)
    return changeOf(entry, old, gone)
  })
  const named = titlesOf(head.entries)
  const prefix = head.prune?.title_prefix
  const undeclared = present
    .filter((old) => !matched.has(old) && !named.has(old.profile.fields.title))
    .map((old): Change => {
      const pruned = prefix !== undefined && old.profile.fields.title?.startsWith(prefix)
      const change = pruned
        ? changed('delete', old, [PRUNED, CAMPAIGNS])
        : changed('report', old, [LEFT_ALONE])
      return { ...change, key: '' }
    })
  return planOf(origin, sid, [...declared, ...undeclared, ...prunes(base, head)])
}

/** A prefix that was not pruned before: what it deletes only the account shows. */
function prunes(base: Manifest, head: Manifest): Change[] {
  if (head.prune === null || head.prune.title_prefix === base.prune?.title_prefix) return []
  const note = '`prune` is new for titles that start so: which profiles it deletes, only the account shows'
  return [{ ...NO_CHANGE, title: head.prune.written, verb: 'report', notes: [note] }]
}

const NO_CHANGE = { key: '', id: null, mayReplace: false, changes: [] } as const

const LEFT_ALONE = 'no longer declared: it stays on the account as it is'

/** Every title that these entries have or had. */
const titlesOf = (entries: readonly Entry[]): Set<string | undefined> =>
  new Set(entries.flatMap(({ profile }) => [profile.fields.title, ...profile.previous_titles]))

/** Finds the entry that meant the same profile before: by id, else by title, else by a previous title. */
function predecessors(before: readonly Entry[]): (entry: Entry) => Entry | null {
  const byId = new Map(before.map((entry) => [entry.profile.id, entry]))
  const byTitle = new Map(before.map((entry) => [entry.profile.fields.title, entry]))
  return ({ profile: { id, fields, previous_titles } }) => {
    const pinned = id === null ? undefined : byId.get(id)
    const titled = fields.title === undefined ? undefined : byTitle.get(fields.title)
    const [previous] = previous_titles.flatMap((title) => byTitle.get(title) ?? [])
    return pinned ?? titled ?? previous ?? null
  }
}

/** `gone` are the titles that were declared absent already. */
function changeOf(entry: Entry, old: Entry | null, gone: ReadonlySet<string | undefined>): Change {
  const { state, id, fields } = entry.profile
  if (state === 'absent')
    return gone.has(fields.title)
      ? changed('unchanged', entry)
      : changed('delete', entry, ['deleted where it exists', CAMPAIGNS])
  if (old === null)
    return id === null
      ? { ...changed('create', entry), changes: difference(entry, null).changes }
      : changed('report', entry, [`newly declared: ${ONLY_THERE}`])
  const { fields: differing, changes } = difference(entry, remoteOf(old), old.written)
  const notes = otherMeaning(entry, old)
  if (differing.length === 0) return changed(notes.length > 0 ? 'report' : 'unchanged', entry, notes)
  if (differing.includes('channel')) return { ...changed('replace', entry, [...notes, NEW_ID]), changes }
  const mayReplace = id === null && differing.some((field) => !PATCHABLE.has(field))
  return { ...changed('update', entry, notes), mayReplace, changes }
}

/** How an entry may mean another profile of the account than it did before. */
function otherMeaning({ profile }: Entry, { profile: old }: Entry): string[] {
  const known = new Set([old.fields.title, ...old.previous_titles])
  const titles = profile.previous_titles.filter((title) => !known.has(title))
  return [
    ...(profile.id === old.id
      ? []
      : [`pinned ${profile.id === null ? 'no more' : `to ${profile.id}`}: ${ONLY_THERE}`]),
    ...(titles.length === 0 ? [] : [`may take over another profile by \`previous_titles\`: ${ONLY_THERE}`]),
  ]
}

const ONLY_THERE = 'only the account shows what differs'

const changed = (verb: Verb, entry: Entry, notes: readonly string[] = []): Change => ({
  key: entry.key,
  title: shownTitle(entry) ?? '',
  id: entry.profile.id,
  verb,
  mayReplace: false,
  changes: [],
  notes,
})

/** A declared profile as the account would hold it, with nothing in the fields that are not managed. */
const remoteOf = ({ profile }: Entry): RemoteProfile => ({
  id: profile.id ?? '',
  status: null,
  fields: { ...NOTHING, ...profile.fields },
})

const NOTHING: Partial<ProfileFields> = {
  body: null,
  response_message: null,
  headers: null,
  enc: null,
  channel: null,
  events: null,
}
