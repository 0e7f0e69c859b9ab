/**
 * Finds profiles on an account through its list, of which little is documented: `limit` may be capped, `offset` may count
 * rows or pages, a total may be missing, and the title filter may match exactly, by prefix, by substring or not at all.
 * Every rule here holds for all of these. What was learnt of the list is kept; what the list held is read anew each time.
 */
import type { RemoteProfile } from '../profile.ts'
import type { Page, Reader } from './client.ts'
import { KaleyraError } from './error.ts'

/** Profiles of the account, as far as they had to be read. */
export interface Listing {
  /** Every profile whose title is one of those asked for, and whatever else was seen on the way. */
  readonly profiles: readonly RemoteProfile[]
  /** Whether that is the whole account. */
  readonly whole: boolean
}

export interface Directory {
  /** Finds every profile that has one of these exact titles, by the cheaper of scanning and asking for each title. */
  find(titles: readonly string[]): Promise<Listing>
  /** Reads the whole account. */
  all(): Promise<Listing>
}

/** Asked for per page. The documented default is 25, the maximum unknown: more may come back as fewer. */
const LIMIT = 100
/** Used where a larger limit is refused. */
const DEFAULT_LIMIT = 25
/** Title look-ups that cost as much as one page in the choice between looking up and scanning: they run side by side. */
const LOOKUPS_PER_PAGE = 4
/** Pages that are read in any case: the filter is tested with a title that the first page does not hold. */
const SAMPLE_PAGES = 2

/** What `offset` counts. `nothing`: it is ignored, and the first page is all there is. */
type Unit = 'rows' | 'pages' | 'nothing'

/** Opens the directory of an account. */
export function createDirectory(reader: Reader): Directory {
  let limit = LIMIT
  let unit: Unit | null = null
  /** Length of a page that another one followed: every shorter page is the last. */
  let fullPage = 0
  let filter: 'untested' | 'trusted' | 'useless' = 'untested'
  /** Pages that the account had when it was last sized. */
  let size = 0

  const read = async (offset: number, title?: string): Promise<Page> => {
    try {
      return await reader.list({ limit, offset, ...(title === undefined ? {} : { title }) })
    } catch (error) {
      const refused = error instanceof KaleyraError && error.status === 400 && error.kind === 'refused'
      if (!refused || limit === DEFAULT_LIMIT) throw error
      limit = DEFAULT_LIMIT
      return read(offset, title)
    }
  }

  /** Reads the page after the first, and learns from it what `offset` counts: offset 1 is the second row or page. */
  const readSecond = async (first: Page, title?: string): Promise<{ page: Page; next: number }> => {
    const length = first.items.length
    if (unit === 'rows') return { page: await read(length, title), next: 2 * length }
    if (unit === 'pages') return { page: await read(1, title), next: 2 }
    for (const offset of unit === 'nothing' ? [] : [1, 2]) {
      const page = await read(offset, title)
      const start = first.items.findIndex(({ id }) => id === page.items[0]?.id)
      if (start === 0) continue
      if (length > 1) unit = start > 0 ? 'rows' : 'pages'
      return { page, next: offset + (start > 0 ? page.items.length : 1) }
    }
    unit = 'nothing'
    assertUnpagedIsWhole(first)
    return { page: { items: [], total: null }, next: 0 }
  }

  /** Page after page, until one is shorter than another was or shows nothing new. */
  async function* walk(title?: string): AsyncGenerator<Page & { last: boolean }, void> {
    const first = await read(0, title)
    let length = first.items.length
    const alone = length === 0 || length < fullPage
    yield { ...first, last: alone }
    if (alone) return
    const seen = new Set<string>()
    const note = ({ items }: Page): boolean =>
      items.filter(({ id }) => !seen.has(id) && seen.add(id)).length > 0
    note(first)
    let { page, next } = await readSecond(first, title)
    while (note(page)) {
      fullPage = Math.max(fullPage, length)
      const last = page.items.length < length
      yield { ...page, last }
      if (last) return
      length = page.items.length
      page = await read(next, title)
      next += unit === 'pages' ? 1 : page.items.length
    }
  }

  /**
   * Reads the account, side by side where the list tells its total. Where that would take more than `enough` pages, it
   * stops after the first two or after `enough`: the listing is then not whole.
   */
  const scan = async (enough: number): Promise<Scanned> => {
    const pages: Page[] = []
    for await (const page of walk()) {
      pages.push(page)
      size = pages.length
      const [first] = pages as [Page]
      if (pages.length === 1 && first.total !== null && first.total <= first.items.length) break
      if (pages.length === 1 || page.last) continue
      if (first.total === null) {
        if (pages.length < enough) continue
        size = Number.POSITIVE_INFINITY
        return { pages, whole: false }
      }
      size = Math.ceil(first.total / first.items.length)
      if (size > enough) return { pages, whole: false }
      if (pages.length > 2) continue
      pages.push(
        ...(await Promise.all(
          offsetsAfter(pages, first.items.length, first.total).map((offset) => read(offset)),
        )),
      )
      if (profilesOf(pages).length >= first.total) break
    }
    return { pages, whole: true }
  }

  /** Offsets of the pages that follow the first two, up to a total. */
  const offsetsAfter = (pages: readonly Page[], length: number, total: number): number[] => {
    const [start, step, end] =
      unit === 'pages' ? [2, 1, Math.ceil(total / length)] : [profilesOf(pages).length, length, total]
    return Array.from(
      { length: Math.max(0, Math.ceil((end - start) / step)) },
      (_, index) => start + index * step,
    )
  }

  /** Trusts the filter only after it has found, on its first page, a title that the unfiltered first page lacks. */
  const testFilter = async ([first, ...later]: readonly Page[]): Promise<void> => {
    const onFirst = new Set(first?.items.map(({ id }) => id))
    const longest = profilesOf(later)
      .filter(({ id, fields }) => !onFirst.has(id) && fields.title)
      .sort((a, b) => titleOf(b).length - titleOf(a).length)[0]
    if (longest === undefined) return
    const { items } = await read(0, titleOf(longest))
    filter = items.some(({ id }) => id === longest.id) ? 'trusted' : 'useless'
  }

  const lookUp = async (titles: readonly string[]): Promise<Page[]> => {
    const found = await Promise.all(titles.map((title) => Array.fromAsync(walk(title))))
    return found.flat()
  }

  /** A list whose items have no title is of no use: each such profile is read by its id. */
  const listing = async ({ pages, whole }: Scanned): Promise<Listing> => {
    const profiles = profilesOf(pages).map((profile) =>
      profile.fields.title === undefined ? reader.get(profile.id) : profile,
    )
    return { profiles: (await Promise.all(profiles)).filter((profile) => profile !== null), whole }
  }

  const all = async (): Promise<Listing> => listing(await scan(Number.POSITIVE_INFINITY))

  const find = async (titles: readonly string[]): Promise<Listing> => {
    const cost = Math.max(SAMPLE_PAGES, Math.ceil(titles.length / LOOKUPS_PER_PAGE))
    if (filter === 'trusted' && cost < size) return listing({ pages: await lookUp(titles), whole: false })
    if (filter === 'useless') return all()
    const sample = await scan(cost)
    if (sample.whole) return listing(sample)
    await testFilter(sample.pages)
    if (filter !== 'trusted') return all()
    return listing({ pages: [...sample.pages, ...(await lookUp(titles))], whole: false })
  }
  return { find, all }
}

interface Scanned {
  readonly pages: Page[]
  readonly whole: boolean
}

const titleOf = (profile: RemoteProfile): string => profile.fields.title ?? ''

const profilesOf = (pages: readonly Page[]): RemoteProfile[] => [
  ...new Map(pages.flatMap(({ items }) => items).map((profile) => [profile.id, profile])).values(),
]

/** A list that ignores `offset` is whole unless it is exactly as long as a limit: then its rest cannot be read. */
function assertUnpagedIsWhole({ items, total }: Page): void {
  const { length } = items
  if ((total ?? length) <= length && length !== LIMIT && length !== DEFAULT_LIMIT) return
  throw new KaleyraError({
    kind: 'refused',
    operation: 'list profiles',
    status: 200,
    said: `the list shows ${length} profiles whatever \`offset\` asks for, so the rest of the account cannot be read`,
    hint: 'Please open an issue with this message: the API behaves in a way that is not known yet.',
  })
}
