/** Hosts that are none of the internet, and what they are instead. Pure. */
import { BlockList, isIP } from 'node:net'

/**
 * Ranges that IANA's special-purpose registries (RFC 6890) call not globally reachable, with multicast, and what IPv6 had
 * before (site-local and IPv4-compatible addresses). The first one that holds an address names it. An IPv4 address inside
 * an IPv6 one (`::ffff:127.0.0.1`) is found in the ranges of IPv4.
 */
const RANGES: readonly (readonly [kind: string, ...ranges: string[]])[] = [
  ['an unspecified address', '0.0.0.0/8', '::/128'],
  ['a loopback address', '127.0.0.0/8', '::1/128'],
  ['a private address', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fec0::/10'],
  ['a unique local address', 'fc00::/7'],
  ['a link-local address', '169.254.0.0/16', 'fe80::/10'],
  ["an address of a carrier's own network", '100.64.0.0/10'],
  [
    'an address for documentation',
    '192.0.2.0/24',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '2001:db8::/32',
    '3fff::/20',
  ],
  ['an address for benchmarks', '198.18.0.0/15', '2001:2::/48'],
  ['a multicast address', '224.0.0.0/4', 'ff00::/8'],
  [
    'a reserved address',
    '192.0.0.0/24',
    '240.0.0.0/4',
    '::/96',
    '64:ff9b:1::/48',
    '100::/64',
    '100:0:0:1::/64',
    '5f00::/16',
  ],
]

interface Kind {
  readonly kind: string
  readonly list: BlockList
}

let kinds: readonly Kind[] | undefined

/** The ranges as lists: made when the first address is met, since that takes milliseconds and few manifests hold one. */
function readKinds(): readonly Kind[] {
  kinds ??= RANGES.map(([kind, ...ranges]) => {
    const list = new BlockList()
    for (const range of ranges) {
      const [network = '', prefix] = range.split('/')
      list.addSubnet(network, Number(prefix), familyOf(network))
    }
    return { kind, list }
  })
  return kinds
}

/** Last labels of names that nobody but the machine or its network knows (RFC 6761, RFC 6762, and ICANN for `internal`). */
const NAMES: ReadonlyMap<string | undefined, string> = new Map([
  ['localhost', 'a name of the machine itself'],
  ['local', 'a name of a local network'],
  ['internal', 'a name of a private network'],
])

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}

/** What an IP address is that no server on the internet can reach, such as `a private address`; null for any other. */
export function unreachableAddress(address: string): string | null {
  const family = familyOf(address)
  return readKinds().find(({ list }) => list.check(address, family))?.kind ?? null
}

/** The same for a host: an IP address, or a name in small letters without a dot at its end. */
export function unreachableHost(host: string): string | null {
  return isIP(host) === 0 ? (NAMES.get(host.split('.').at(-1)) ?? null) : unreachableAddress(host)
}
