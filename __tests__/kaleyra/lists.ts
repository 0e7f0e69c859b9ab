/** Accounts, and the lists that they may have: every combination of what is not known of the API. */
import type { ListOptions } from '../../sandbox/options.ts'
import type { Listing } from '../../src/kaleyra/directory.ts'
import type { Account } from './account.ts'

export const FILTERS = ['exact', 'prefix', 'substring', 'ignored', 'page'] as const
export const CASES = ['sensitive', 'insensitive'] as const
export const OFFSETS = ['row', 'page'] as const
export const ORDERS = ['oldest', 'newest'] as const
export const TOTALS: readonly ListOptions['total'][] = [
  null,
  { name: 'total', where: 'data' },
  { name: 'total_count', where: 'envelope', counts: 'all' },
  { name: 'count', where: 'data', counts: 'page' },
]
export type PageSwitches = Pick<ListOptions, 'maxLimit' | 'limit'>
export const loweredTo = (maxLimit: number): PageSwitches => ({ maxLimit, limit: 'lower' })
export const refusedOver = (maxLimit: number): PageSwitches => ({ maxLimit, limit: 'refuse' })
export const alwaysOf = (maxLimit: number): PageSwitches => ({ maxLimit, limit: 'ignore' })

/** Maxima below any that make sense, since the documented default is 25. */
export const TINY_PAGES = [1, 2, 7].map(loweredTo)
export const FAIR_PAGES = [
  ...[25, 50, 100, 1000].map(loweredTo),
  ...[25, 50, 100].map(refusedOver),
  alwaysOf(1000),
]
export const SOME_PAGES = [loweredTo(25), loweredTo(100), refusedOver(25), alwaysOf(1000)]

/** Titles of which one is there twice, some differ in case alone, and most are a part of another. */
export function titlesOf(size: number): string[] {
  const titles = Array.from({ length: size }, (_, index) => `GH ${index}`)
  if (size > 2) titles[size - 1] = 'GH 0'
  if (size > 6) titles[size - 3] = 'gh 2'
  return titles
}

/** Of such an account: the first, the last but one, one in the middle, the one that is there twice, and one that is not. */
export const wantedOf = (size: number): string[] => [
  'GH 0',
  'GH 1',
  'GH 2',
  `GH ${size - 2}`,
  `GH ${size >> 1}`,
  'GH absent',
]

/** Ids of the profiles of these titles, with every repetition. */
export const idsOf = ({ profiles }: Listing, titles: readonly string[]): string[] => {
  const wanted = new Set<string | undefined>(titles)
  return profiles.flatMap(({ id, fields }) => (wanted.has(fields.title) ? id : [])).sort()
}

export const storedIds = ({ store }: Pick<Account, 'store'>, titles: readonly string[]): string[] => {
  const wanted = new Set(titles)
  return store
    .all()
    .flatMap(({ profile_id, title }) => (wanted.has(title) ? profile_id : []))
    .sort()
}

/** Every combination of one value of each list. */
export function* cross<Values extends readonly (readonly unknown[])[]>(
  ...[first, ...rest]: Values
): Generator<{ [Index in keyof Values]: Values[Index][number] }> {
  if (first === undefined) return yield [] as never
  for (const value of first) for (const values of cross(...rest)) yield [value, ...values] as never
}

export interface Switches {
  readonly pages?: readonly PageSwitches[]
  readonly totals?: typeof TOTALS
  readonly filters?: readonly ListOptions['filter'][]
  readonly cases?: readonly ListOptions['filterCase'][]
  readonly offsets?: readonly ListOptions['offset'][]
}

/** Every list that these switches make; those not given take all their values. */
export const listsOf = ({
  pages = [...TINY_PAGES, ...FAIR_PAGES],
  totals = TOTALS,
  filters = FILTERS,
  cases = CASES,
  offsets = OFFSETS,
}: Switches): Partial<ListOptions>[] =>
  [...cross(pages, totals, filters, cases, offsets, ORDERS)]
    .filter(([, , filter, filterCase]) => filter !== 'ignored' || filterCase === cases[0])
    .map(([page, total, filter, filterCase, offset, order]) => ({
      shape: { under: 'profiles' },
      items: 'ids',
      ...page,
      total,
      filter,
      filterCase,
      offset,
      order,
    }))
