import type { ListOptions } from './options.ts'
import type { Profile } from './store.ts'

/** The documented query of list, after validation. */
export interface ListQuery {
  limit?: number
  offset?: number
  title?: string
}

/** The limit of a list request that names none [documented]. */
export const DEFAULT_LIMIT = 25

/**
 * Cuts one page out of all profiles, which come oldest first. Out come the profiles of the page and the number of
 * all that match the filter, or of what else the total counts; a server that filters its page counts before it filters
 * [assumption: all switches].
 */
export function cutPage(
  profiles: readonly Profile[],
  { limit = DEFAULT_LIMIT, offset = 0, title }: ListQuery,
  options: ListOptions,
): { page: Profile[]; total: number } {
  const { filter } = options
  const matches = titleFilter(title, options)
  const ordered = options.order === 'newest' ? profiles.toReversed() : profiles
  const found = filter === 'ignored' || filter === 'page' ? ordered : ordered.filter(matches)
  const size = options.limit === 'ignore' ? options.maxLimit : Math.min(limit, options.maxLimit)
  const start = { row: offset, page: offset * size, ignored: 0 }[options.offset]
  const cut = found.slice(start, start + size)
  const page = filter === 'page' ? cut.filter(matches) : cut
  const totals = { matches: found.length, all: profiles.length, page: page.length }
  return { page, total: totals[options.total?.counts ?? 'matches'] }
}

function titleFilter(
  wanted: string | undefined,
  { filter, filterCase }: ListOptions,
): (profile: Profile) => boolean {
  if (wanted === undefined) return () => true
  const fold = (text: string): string => (filterCase === 'insensitive' ? text.toLowerCase() : text)
  const sought = fold(wanted)
  if (filter === 'prefix') return ({ title }) => fold(title).startsWith(sought)
  if (filter === 'substring') return ({ title }) => fold(title).includes(sought)
  return ({ title }) => fold(title) === sought
}
