import type { Entry } from './entry.ts'
import { type Path, type Problem, showPlace } from './problem.ts'
import { hasTemplate } from './template.ts'

/** Keys, titles, previous titles and ids that two entries claim. Keys and titles ignore case. */
export function conflicts(entries: readonly Entry[]): Problem[] {
  const problems: Problem[] = []
  const claim = (what: string, owners: Map<string, Entry>, name: string, entry: Entry, path: Path): void => {
    const owner = owners.get(name)
    if (owner === undefined) owners.set(name, entry)
    else {
      const message = `${what} stands in \`${owner.path([])}\` (${showPlace(owner.place([]))}) already`
      problems.push({ severity: 'error', place: entry.place(path), path: entry.path(path), message })
    }
  }
  const [keys, titles, ids] = [new Map<string, Entry>(), new Map<string, Entry>(), new Map<string, Entry>()]
  for (const entry of entries) {
    claim('this key', keys, entry.key.toLowerCase(), entry, [])
    const { title } = entry.profile.fields
    if (typeof title === 'string' && !hasTemplate(title))
      claim('this title', titles, title.toLowerCase(), entry, ['title'])
    if (typeof entry.profile.id === 'string') claim('this id', ids, entry.profile.id, entry, ['id'])
  }
  for (const entry of entries) {
    for (const [index, title] of Object.entries(entry.profile.previous_titles)) {
      if (typeof title === 'string')
        claim('this title', titles, title.toLowerCase(), entry, ['previous_titles', Number(index)])
    }
  }
  return problems
}
