import type { Entry } from './entry.ts'
import { type Path, type Problem, showPlace } from './problem.ts'

/** Keys, titles, previous titles and ids that two entries claim. Keys and titles ignore case. */
export function conflicts(entries: readonly Entry[]): Problem[] {
  const problems: Problem[] = []
  const claimer = (what: string, caseless: boolean) => {
    const owners = new Map<string, Entry>()
    return (name: unknown, entry: Entry, path: Path): void => {
      if (typeof name !== 'string' || name === '') return
      const id = caseless ? name.toLowerCase() : name
      const owner = owners.get(id)
      if (owner === undefined) owners.set(id, entry)
      else {
        const message = `${nameOf(owner)} has this ${what} already${caseless ? ' (case does not count)' : ''}`
        problems.push({ severity: 'error', place: entry.place(path), path: entry.path(path), message })
      }
    }
  }
  const [key, title, id] = [claimer('key', true), claimer('title', true), claimer('id', false)]
  for (const entry of entries) {
    key(entry.key, entry, [])
    title(entry.profile.fields.title, entry, ['title'])
    id(entry.profile.id, entry, ['id'])
  }
  for (const entry of entries)
    for (const [index, previous] of entry.profile.previous_titles.entries())
      title(previous, entry, ['previous_titles', index])
  return problems
}

function nameOf(entry: Entry): string {
  const path = entry.path([])
  return path === '' ? showPlace(entry.place([])) : `\`${path}\` (${showPlace(entry.place([]))})`
}
