/** Accounts for the tests of the list: the sandbox's operations, read by the real client, without a socket in between. */

import { OPERATIONS } from '../../sandbox/operations.ts'
import { completeOptions, type ListOptions } from '../../sandbox/options.ts'
import { createStore, type Store } from '../../sandbox/store.ts'
import { readAnswer } from '../../src/kaleyra/classify.ts'
import { createReader, type Reader } from '../../src/kaleyra/client.ts'
import { KaleyraError } from '../../src/kaleyra/error.ts'
import type { Send } from '../../src/kaleyra/http.ts'

export interface Account {
  readonly reader: Reader
  readonly store: Store
  /** Paths that were read so far. */
  readonly reads: string[]
  /** Most reads that were under way at the same time. */
  readonly sideBySide: number
}

export interface AccountOptions {
  readonly list?: Partial<ListOptions>
  readonly store?: Store
  /** Called before each read is answered: what happens to the account meanwhile. */
  readonly meanwhile?: (store: Store) => void
}

/** A store that holds a profile of each title, with ids that count from `SG_0`. */
export function storeOf(titles: readonly string[]): Store {
  const store = createStore('SG_', () => new Date(0))
  for (const [index, title] of titles.entries()) store.seed({ title, profile_id: `SG_${index}` })
  return store
}

/** Opens an account. */
export function openAccount({
  list = {},
  store = storeOf([]),
  meanwhile = () => {},
}: AccountOptions): Account {
  const options = completeOptions({ list })
  const reads: string[] = []
  let underWay = 0
  let most = 0

  const send: Send = async ({ path, operation }) => {
    reads.push(path)
    most = Math.max(most, ++underWay)
    await Promise.resolve()
    underWay -= 1
    meanwhile(store)
    const read = readAnswer(operation, answerOf(path))
    if (read instanceof KaleyraError) throw read
    return read
  }
  const answerOf = (path: string) => {
    const [, id = ''] = path.split('/')
    const { limit, offset, ...query } = Object.fromEntries(new URLSearchParams(path))
    const call = { id, query: { limit: Number(limit), offset: Number(offset), ...query }, body: {} }
    const { status, body } = OPERATIONS[id === '' ? 'list' : 'get'](call, store, options).answer
    return { status, body: JSON.stringify(body), tooLong: false, location: null }
  }
  return {
    reader: createReader(send),
    store,
    reads,
    get sideBySide() {
      return most
    },
  }
}
