import { expressionsOf } from '../src/manifest/contexts.ts'
import { parseSource } from '../src/manifest/document.ts'
import type { Entry } from '../src/manifest/entry.ts'
import { loadManifest } from '../src/manifest/load.ts'
import { showProblem } from '../src/manifest/problem.ts'

/** The entries of a valid manifest, read as from the file `callbacks.yml`. Throws its problems where it has any. */
export async function entriesOf(
  text: string,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly Entry[]> {
  const { document, problems: unread } = parseSource({ name: 'callbacks.yml', file: 'callbacks.yml', text })
  if (document === null) throw new Error(unread.map(showProblem).join('\n'))
  const evaluate = await expressionsOf([document], { env, event: null })
  const { manifest, problems } = loadManifest([document], evaluate)
  if (manifest === null) throw new Error(problems.map(showProblem).join('\n'))
  return manifest.entries
}

/** One declared profile of the key `orders`: these fields over those that every profile needs. */
export async function declared(
  fields: object = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Entry> {
  const needed = { title: 'GH Orders', http_method: 'GET', url: 'https://hooks.example.com/orders' }
  const [entry] = await entriesOf(JSON.stringify({ profiles: { orders: { ...needed, ...fields } } }), env)
  if (entry === undefined) throw new Error('a manifest of one profile has one entry')
  return entry
}
