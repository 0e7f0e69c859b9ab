/** Checks the endpoints of a manifest: each host and port once, and never by an HTTP request. */
import { Resolver } from 'node:dns/promises'
import { getProxyUrl } from '@actions/http-client/lib/proxy'
import pLimit from 'p-limit'
import { type Clock, timeoutSignal } from '../clock.ts'
import type { Entry } from '../manifest/entry.ts'
import type { Endpoint } from '../manifest/url.ts'
import { type Checked, checkedOf, isPrivateName, type Seen, usedEndpoints } from './findings.ts'
import { probe } from './probe.ts'

/** Checks that are under way. */
export interface Preflight {
  /** What they found; never rejects. */
  readonly checked: Promise<Checked>
  /** Gives up what is not done yet. */
  close(): void
}

/** Endpoints that are checked at once. */
const AT_ONCE = 16
/** Time for each of the two steps of a check: looking the name up, and connecting. */
const STEP_MS = 5000
/** No check is started after this time. */
const WHOLE_MS = 60_000

/**
 * Starts to check the endpoints of all profiles that are to be present. A host that an expression or a `<variable>` makes is
 * left alone, and so is one that the process reaches through a proxy (`HTTPS_PROXY` and the like).
 */
export function startPreflight(
  entries: readonly Entry[],
  clock: Clock,
  createResolver: () => Resolver = () => new Resolver(),
): Preflight {
  const closing = new AbortController()
  const end = timeoutSignal(clock, WHOLE_MS, closing.signal)
  const limit = pLimit(AT_ONCE)

  const see = async (endpoint: Endpoint): Promise<Seen> => {
    if (isPrivateName(endpoint)) return []
    if (isProxied(endpoint)) return 'proxied'
    return limit(async () => {
      if (end.aborted) return 'late'
      return probe(endpoint, {
        resolver: createResolver(),
        patience: () => timeoutSignal(clock, STEP_MS, closing.signal),
        impatience: `no answer within ${STEP_MS / 1000} s`,
      })
    })
  }
  const looks = usedEndpoints(entries).map(async (used) => ({ ...used, seen: await see(used.endpoint) }))
  return {
    checked: Promise.all(looks).then((all) => checkedOf(all, clock.now())),
    close: () => closing.abort(),
  }
}

function isProxied({ secure, authority }: Endpoint): boolean {
  try {
    return getProxyUrl(new URL(`${secure ? 'https' : 'http'}://${authority}`)) !== undefined
  } catch {
    // The proxy's own address is no URL.
    return true
  }
}
