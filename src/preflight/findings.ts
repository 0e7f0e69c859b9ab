/** Turns what was seen of endpoints into findings about profiles. Pure. */
import { isIP } from 'node:net'
import { unreachableHost } from '../addresses.ts'
import type { Entry } from '../manifest/entry.ts'
import { type Endpoint, endpointOf } from '../manifest/url.ts'
import { counted } from '../report/text.ts'
import { type Explained, explain, type Fact, verdictOn } from './facts.ts'

/** What was seen of an endpoint, or why nothing was: it is behind a proxy, or the time was up. */
export type Seen = readonly Fact[] | 'proxied' | 'late'

/** An endpoint, and the profiles that have it. */
export interface Used {
  readonly endpoint: Endpoint
  readonly entries: readonly Entry[]
}

/** Something found at an endpoint. */
export interface Finding extends Explained {
  /** The profiles that it concerns. */
  readonly entries: readonly Entry[]
  /** Whether callbacks cannot arrive, as far as this runner can tell. */
  readonly bad: boolean
  /** Whether the URL itself shows it: the rules of the manifest have warned of it then. */
  readonly declared: boolean
}

export interface Checked {
  /** Number of endpoints that were looked at. */
  readonly count: number
  readonly findings: readonly Finding[]
  /** What was not looked at, and why. */
  readonly notes: readonly Explained[]
}

/** Every endpoint of the profiles that are to be present, once, but for those that an expression or a `<variable>` makes. */
export function usedEndpoints(entries: readonly Entry[]): Used[] {
  const groups = new Map<string, { endpoint: Endpoint; entries: Entry[] }>()
  for (const entry of entries) {
    const endpoint = entry.profile.state === 'absent' ? null : endpointOf(entry.written.url)
    if (endpoint === null) continue
    const key = `${endpoint.secure} ${endpoint.authority}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { endpoint, entries: [entry] })
    else group.entries.push(entry)
  }
  return [...groups.values()]
}

/** Tells whether a host is a name that is not in DNS, such as `localhost`. */
export const isPrivateName = ({ host }: Endpoint): boolean =>
  isIP(host) === 0 && unreachableHost(host) !== null

/** All findings, in the order of the endpoints. `now` is in milliseconds since 1970. */
export function checkedOf(looks: readonly (Used & { readonly seen: Seen })[], now: number): Checked {
  const number = (why: Seen): number => looks.filter(({ seen }) => seen === why).length
  const [proxied, late] = [number('proxied'), number('late')]
  return {
    count: looks.length - proxied - late,
    findings: looks.flatMap(({ endpoint, entries, seen }) => {
      const declared = declaredFacts(endpoint)
      return [...declared, ...(typeof seen === 'string' ? [] : seen)]
        .filter((fact) => verdictOn(fact, now) !== 'good')
        .map((fact) => ({
          ...explain(endpoint, fact),
          entries,
          bad: verdictOn(fact, now) === 'bad',
          declared: declared.includes(fact),
        }))
    }),
    notes: [
      ...unchecked(proxied, 'this runner is to reach them through a proxy', PROXY_HINT),
      ...unchecked(late, 'the time for all checks was up', ''),
    ],
  }
}

const PROXY_HINT =
  'A connection past the proxy would prove nothing. Name hosts that need no proxy in the environment variable NO_PROXY.'

function declaredFacts({ host }: Endpoint): Fact[] {
  const what = unreachableHost(host)
  return what === null ? [] : [{ kind: 'address', address: host, what, alone: true }]
}

const unchecked = (count: number, why: string, hint: string): Explained[] =>
  count === 0 ? [] : [{ message: `${counted(count, 'endpoint')} not checked: ${why}`, hint }]
