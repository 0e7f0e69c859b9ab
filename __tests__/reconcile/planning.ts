/** Plans of a manifest against an account, by the real directory and client, without a socket in between. */
import type { ListOptions } from '../../sandbox/options.ts'
import { createStore, type ProfileInput } from '../../sandbox/store.ts'
import { createDirectory } from '../../src/kaleyra/directory.ts'
import { expressionsOf } from '../../src/manifest/contexts.ts'
import { parseSource } from '../../src/manifest/document.ts'
import { loadManifest, type Manifest } from '../../src/manifest/load.ts'
import { showProblem } from '../../src/manifest/problem.ts'
import { decide, type Planned, type Policy } from '../../src/reconcile/decide.ts'
import { observe } from '../../src/reconcile/observe.ts'
import { createRedactor } from '../../src/redactor.ts'
import { secretsOf } from '../../src/secrets.ts'
import { openAccount } from '../kaleyra/account.ts'

export interface Given {
  /** Profiles that the account holds. */
  readonly account?: readonly ProfileInput[]
  /** Profiles of the manifest by key. */
  readonly profiles?: Readonly<Record<string, object>>
  readonly prune?: string
  readonly env?: Readonly<Record<string, string>>
  readonly policy?: Partial<Policy>
  readonly list?: Partial<ListOptions>
}

/** Fields that every profile needs, the same on both sides: equal unless a test says otherwise. */
export const NEEDED = { http_method: 'GET', url: 'https://hooks.example.com/a' }

/** A profile of the account: of this id and title, with the needed fields. */
export const held = (id: string, title: string, fields: Partial<ProfileInput> = {}): ProfileInput => ({
  profile_id: id,
  ...NEEDED,
  title,
  ...fields,
})

/** A declared profile of this title, with the needed fields. */
export const wanted = (title: string, fields: object = {}): object => ({ ...NEEDED, title, ...fields })

/** Loads a manifest. Throws its problems where it has any. */
export async function manifestOf({ profiles = {}, prune, env = {} }: Given): Promise<Manifest> {
  const text = JSON.stringify({
    profiles,
    ...(prune === undefined ? {} : { prune: { title_prefix: prune } }),
  })
  const { document, problems: unread } = parseSource({ name: 'callbacks.yml', file: 'callbacks.yml', text })
  if (document === null) throw new Error(unread.map(showProblem).join('\n'))
  const evaluate = await expressionsOf([document], { env, event: null })
  const { manifest, problems } = loadManifest([document], evaluate)
  if (manifest === null) throw new Error(problems.map(showProblem).join('\n'))
  return manifest
}

/** Observes the account and plans the manifest on it. */
export async function planFor(given: Given): Promise<Planned> {
  const store = createStore('SG_', () => new Date(0))
  for (const profile of given.account ?? []) store.seed(profile)
  const { reader } = openAccount({ store, ...(given.list === undefined ? {} : { list: given.list }) })
  const manifest = await manifestOf(given)
  const policy: Policy = {
    origin: 'https://api.kaleyra.io',
    sid: 'HX1',
    onExisting: 'update',
    rewriteSecrets: false,
    ...given.policy,
  }
  const observation = await observe(manifest, { reader, directory: createDirectory(reader) })
  const redactor = createRedactor()
  redactor.add(secretsOf(manifest.entries, manifest.prune))
  return decide(manifest, observation, policy, redactor)
}

/** A plan in short: for each change its key (or title), verb, id, and the paths that change. */
export const inShort = ({ plan }: Planned): string[] =>
  plan.changes.map(({ key, title, verb, id, mayReplace, changes }) =>
    [
      key || `"${title}"`,
      mayReplace ? `${verb}?` : verb,
      id ?? '-',
      ...(verb === 'create' ? [] : changes.map(({ path }) => path)),
    ].join(' '),
  )

/** The messages of a plan's errors, each behind its key. */
export const errorsOf = ({ errors }: Planned): string[] =>
  errors.map(({ change, message }) => `${change.key}: ${message}`)

/** All notes of a plan, in its order. */
export const notesOf = ({ plan }: Planned): string[] => plan.changes.flatMap(({ notes }) => notes)
