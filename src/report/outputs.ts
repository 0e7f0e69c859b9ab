import { shownTitle } from '../manifest/entry.ts'
import { hasChanges, type Verb } from '../reconcile/plan.ts'
import { type Outcome, type ProfileState, profileStates } from './outcome.ts'
import { inertJson } from './text.ts'

/** Names of the outputs, in the order in which they are documented; `profile-id-<key>` is added for each profile. */
export const OUTPUT_NAMES = [
  'profile-id',
  'profile-ids',
  'profiles',
  'changed',
  'has-changes',
  'created',
  'updated',
  'replaced',
  'deleted',
  'unchanged',
  'failed',
  'plan-digest',
  'plan-file',
] as const

const COUNTED: Readonly<Record<string, readonly Verb[]>> = {
  created: ['create'],
  updated: ['update'],
  replaced: ['replace'],
  deleted: ['delete'],
  unchanged: ['unchanged', 'report'],
}

/**
 * Every output as text, on every path. `planFile` is the path of the written plan, or empty. A plan that an apply refused
 * to carry out counts no writes; the digest of one that knows nothing of the account is of no use.
 */
export function outputsOf(outcome: Outcome, planFile: string): Map<string, string> {
  const states = profileStates(outcome, (entry) => shownTitle(entry) ?? '')
  const refused = outcome.mode === 'apply' && outcome.results === null
  const declared = states.filter(({ key }) => key !== '')
  const count = (name: string): string => {
    if (refused && name !== 'unchanged') return '0'
    return String(states.filter(({ action }) => COUNTED[name]?.includes(action as Verb)).length)
  }
  const outputs = new Map<string, string>([
    ['profile-id', declared.length === 1 ? (declared[0]?.id ?? '') : ''],
    ['profile-ids', inertJson(Object.fromEntries(declared.filter(hasId).map(({ key, id }) => [key, id])))],
    ['profiles', inertJson(states)],
    ['changed', String(outcome.results?.some(({ wrote }) => wrote) ?? false)],
    ['has-changes', String(outcome.plan !== null && hasChanges(outcome.plan))],
    ...Object.keys(COUNTED).map((name): [string, string] => [name, count(name)]),
    ['failed', String(new Set(outcome.failures.flatMap(({ change }) => change ?? [])).size)],
    ['plan-digest', outcome.unread === null ? (outcome.plan?.digest ?? '') : ''],
    ['plan-file', planFile],
  ])
  for (const { key, id } of declared) outputs.set(`profile-id-${key}`, id)
  return outputs
}

const hasId = ({ id }: ProfileState): boolean => id !== ''
