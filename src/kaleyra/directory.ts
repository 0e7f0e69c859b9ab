/**
 * Finds profiles on an account through its list, of which little is documented: `limit` may be capped, ignored or refused,
 * `offset` may count rows or pages, a total may be missing, and the title filter may match exactly, by prefix, by
 * substring or not at all. Every rule here holds for all of these: a total, and how many profiles are expected, only tell
 * how far to read ahead, never where to stop. What was learnt of the list is kept; what the list held is read anew each time.
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
/** Used where a larger limit is refused. No page of fewer is full: a maximum below the default makes no sense. */
const DEFAULT_LIMIT = 25
/** Title look-ups that cost as much as one page in the choice between looking up and scanning: they run side by side. */
const LOOKUPS_PER_PAGE = 4
/** Pages that are read in any case: the filter is tested with a title that the first page does not hold. */
const SAMPLE_PAGES = 2
/** Most pages that are read side by side. */
const READ_AHEAD = 32
/** A list that is longer does not end: it grows as fast as it is read, or shows other ids each time. */
const MOST_PAGES = 10_000
/** A list of more characters does not fit into memory for sure. */
const MOST_TEXT = 128 * 1024 * 1024

/** Opens the directory of an account that may be expected to hold `expected` profiles: so many are read side by side. */
export function createDirectory(reader: Reader, expected = 0): Directory {
  let limit = LIMIT
  /** Limit of a page that was answered: a later refusal is not for the limit. */
  let accepted: number | null = null
  /** What `offset` counts, once two pages have shown it. */
  let unit: 'rows' | 'pages' | null = null
  /** Length of a page that another one followed: every shorter page is the last. */
  let fullPage = 0
  let filter: 'untested' | 'trusted' | 'useless' = 'untested'
  /** Pages that the account had when it was last sized. */
  let size = 0

  const read = async (offset: number, title?: string): Promise<Page> => {
    const asked = limit
    try {
      const page = await reader.list({ limit: asked, offset, ...(title === undefined ? {} : { title }) })
      accepted = asked
      return page
    } catch (error) {
      if (!isRefusal(error) || asked === accepted || asked === DEFAULT_LIMIT) throw error
      limit = DEFAULT_LIMIT
      return read(offset, title)
    }
  }

  /**
   * Reads the page after the first, and learns from it what `offset` counts: 1 is the second row or the second page. At 2
   * a list that grew meanwhile, or that counts pages from 1, shows it too. Null where every offset shows the first page.
   */
  const readSecond = async (
    first: Page,
    ahead: Promise<Page> | null,
    title?: string,
  ): Promise<{ page: Page; next: number } | null> => {
    const { length } = first.items
    if (unit === 'rows') return { page: await read(length, title), next: 2 * length }
    const ids = new Set(first.items.map(({ id }) => id))
    for (const offset of [1, 2]) {
      const page = await ((offset === 1 && ahead) || read(offset, title))
      if (page.items.some(({ id }) => id === first.items[0]?.id)) continue
      const shared = page.items.filter(({ id }) => ids.has(id)).length
      if (length > 1 && page.items.length > 0) unit ??= shared * 2 > length ? 'rows' : 'pages'
      return { page, next: offset + (unit === 'rows' ? page.items.length : 1) }
    }
    return null
  }

  /** Page after page, until one is shorter than the first or shows nothing new; side by side as far as some are expected. */
  async function* walk(title?: string, reading = read(0, title)): AsyncGenerator<Page, void> {
    const ahead = title === undefined && unit !== 'rows' && expected > 0 ? read(1) : null
    ahead?.catch(() => {})
    const first = await reading
    yield first
    let text = first.size
    const { length } = first.items
    if (length < Math.max(1, fullPage) || isStatedWhole(first)) return
    const second = await readSecond(first, ahead, title)
    if (second === null) return assertUnpagedIsWhole(first)

    const seen = new Set(first.items.map(({ id }) => id))
    const showsMore = ({ items }: Page): boolean =>
      items.filter(({ id }) => !seen.has(id) && seen.add(id)).length > 0
    const step = unit === 'pages' ? 1 : length
    const most = title === undefined ? Math.max(first.total ?? 0, expected) : 0
    const left = (): number => (most === 0 ? 1 : Math.floor((most - seen.size) / length) + 1)
    let batch = [second.page]
    let next = second.next
    for (let pages = 1; pages < MOST_PAGES; pages += batch.length) {
      text += batch.reduce((sum, { size }) => sum + size, 0)
      if (text > MOST_TEXT) throw unreadable(`the list is longer than ${MOST_TEXT / 1024 / 1024} MiB`)
      const more = batch.filter(showsMore)
      if (more.length > 0) fullPage = Math.max(fullPage, length)
      yield* more
      if (more.length < batch.length || batch.some(({ items }) => items.length < length)) return
      const count = Math.min(Math.max(left(), 1), READ_AHEAD)
      batch = await Promise.all(Array.from({ length: count }, (_, index) => read(next + index * step, title)))
      next += count * step
    }
    throw unreadable(`the list does not end after ${MOST_PAGES} pages`)
  }

  /** Trusts the filter only after it has found, on its first page, a profile that the unfiltered first page lacks. */
  const testFilter = async (probe: RemoteProfile): Promise<typeof filter> => {
    try {
      const { items } = await read(0, titleOf(probe))
      return items.some(({ id }) => id === probe.id) ? 'trusted' : 'useless'
    } catch (error) {
      if (isRefusal(error)) return 'useless'
      throw error
    }
  }

  /** Looks titles up; `ahead` holds the first pages that were asked for already. */
  const lookUp = async (
    titles: readonly string[],
    ahead: ReadonlyMap<string, Promise<Page>> = new Map(),
  ): Promise<Page[]> => {
    const found = await Promise.all(
      [...new Set(titles)].map((title) => Array.fromAsync(walk(title, ahead.get(title)))),
    )
    return found.flat()
  }

  /** Asks for the first pages of as many titles as have room beside one other read. */
  const lookAhead = (titles: readonly string[]): Map<string, Promise<Page>> => {
    const pages = titles.slice(0, LOOKUPS_PER_PAGE - 1).map((title) => [title, read(0, title)] as const)
    for (const [, page] of pages) page.catch(() => {})
    return new Map(pages)
  }

  /** A list whose items have no title is of no use: each such profile is read by its id. */
  const listing = async (pages: readonly Page[], whole: boolean): Promise<Listing> => {
    const profiles = new Map(pages.flatMap(({ items }) => items).map((profile) => [profile.id, profile]))
    const titled = [...profiles.values()].map((profile) =>
      profile.fields.title === undefined ? reader.get(profile.id) : profile,
    )
    return { profiles: (await Promise.all(titled)).filter((profile) => profile !== null), whole }
  }

  const all = async (): Promise<Listing> => {
    const pages = await Array.fromAsync(walk())
    size = pages.length
    return listing(pages, true)
  }

  const find = async (titles: readonly string[]): Promise<Listing> => {
    const cost = Math.max(SAMPLE_PAGES, Math.ceil(titles.length / LOOKUPS_PER_PAGE))
    if (filter === 'trusted' && cost < size) return listing(await lookUp(titles), false)
    const pages: Page[] = []
    for await (const page of walk()) {
      pages.push(page)
      const [first] = pages as [Page]
      if (filter === 'useless' || pages.length < SAMPLE_PAGES) continue
      size = first.total === null ? pages.length + 1 : Math.ceil(first.total / first.items.length)
      if (size <= cost) continue
      const probe = filter === 'untested' ? probeOf(first, page) : null
      const tested = probe === null ? filter : testFilter(probe)
      const ahead = probe === null ? undefined : lookAhead(titles)
      filter = await tested
      if (filter === 'trusted') return listing([...pages, ...(await lookUp(titles, ahead))], false)
    }
    size = pages.length
    return listing(pages, true)
  }
  return { find, all }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof KaleyraError && error.status === 400 && error.kind === 'refused'

/** The profile of a later page with the longest title, which a filter is to find; null where the page shows none. */
function probeOf(first: Page, page: Page): RemoteProfile | null {
  const onFirst = new Set(first.items.map(({ id }) => id))
  const [longest] = page.items
    .filter(({ id, fields }) => !onFirst.has(id) && fields.title)
    .sort((a, b) => titleOf(b).length - titleOf(a).length)
  return longest ?? null
}

const titleOf = (profile: RemoteProfile): string => profile.fields.title ?? ''

/** Whether a page may be as long as it is because of a limit. */
const looksCut = (length: number): boolean => length % DEFAULT_LIMIT === 0 && length <= LIMIT

const isStatedWhole = ({ items, total }: Page): boolean =>
  total !== null && total <= items.length && !looksCut(items.length)

/** A list that ignores `offset` is whole unless its total or its length says otherwise: then its rest cannot be read. */
function assertUnpagedIsWhole({ items, total }: Page): void {
  const { length } = items
  if (total === null ? !looksCut(length) : total <= length) return
  throw unreadable(`the list shows ${length} profiles whatever \`offset\` asks for`)
}

const unreadable = (what: string): KaleyraError =>
  new KaleyraError({
    kind: 'refused',
    operation: 'list profiles',
    status: 200,
    said: `${what}, so the rest of the account cannot be read`,
    hint: 'Please open an issue with this message: the API behaves in a way that is not known yet.',
  })
