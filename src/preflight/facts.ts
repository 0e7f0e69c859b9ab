/** What a look at an endpoint can show, and what to say of it. Pure. */
import { isIP } from 'node:net'
import { unreachableAddress } from '../addresses.ts'
import type { Endpoint } from '../manifest/url.ts'

/** Something seen. A `reason` is the code of an error, or says that no answer came in time. */
export type Fact =
  /** Its name has no address. */
  | { readonly kind: 'name'; readonly reason: string }
  /** It has an address that no server on the internet can reach; `alone` tells whether it has no other. */
  | { readonly kind: 'address'; readonly address: string; readonly what: string; readonly alone: boolean }
  /** The runner has no way to such an address, which says nothing of the endpoint. */
  | { readonly kind: 'route'; readonly reason: string }
  | { readonly kind: Step; readonly reason: string }
  /** Its certificate is good until this time, in milliseconds since 1970. */
  | { readonly kind: 'certificate'; readonly until: number }

/** The steps of connecting. */
export type Step = 'connection' | 'handshake'

/** Which of a name's addresses to connect to, the public ones where there are some, and what is wrong with the others. */
export function sift(addresses: readonly string[]): { targets: readonly string[]; wrong: Fact[] } {
  const open = addresses.filter((address) => unreachableAddress(address) === null)
  const wrong = addresses.flatMap((address): Fact[] => {
    const what = unreachableAddress(address)
    return what === null ? [] : [{ kind: 'address', address, what, alone: open.length === 0 }]
  })
  return { targets: open.length > 0 ? open : addresses, wrong: wrong.slice(0, 1) }
}

/** Errors of connecting to an IPv6 address from where there is no IPv6. */
const NO_ROUTE = ['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL']

/** What an error of connecting to these addresses shows. */
export function failureOf(step: Step, error: unknown, addresses: readonly string[]): Fact {
  const codes = error instanceof AggregateError ? error.errors.map(codeOf) : [codeOf(error)]
  const reason = codes.find((code) => !NO_ROUTE.includes(code)) ?? codes[0] ?? UNKNOWN
  const isUnseen = NO_ROUTE.includes(reason) && addresses.every((address) => isIP(address) === 6)
  return { kind: isUnseen ? 'route' : step, reason }
}

const UNKNOWN = 'unknown reason'
export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? UNKNOWN

/** Words for the user. */
export interface Explained {
  readonly message: string
  /** What to do; may be empty. */
  readonly hint: string
}

const DAY_MS = 86_400_000
/** A certificate that ends earlier is worth a warning. */
const RENEWAL_DAYS = 14

/** Whether callbacks cannot arrive as far as this runner can tell, or that is only in doubt, or all is well. */
export function verdictOn(fact: Fact, now: number): 'bad' | 'doubtful' | 'good' {
  if (fact.kind === 'route') return 'doubtful'
  if (fact.kind !== 'certificate') return 'bad'
  return fact.until - now < RENEWAL_DAYS * DAY_MS ? 'doubtful' : 'good'
}

const REACH = "Kaleyra's servers must reach it from the internet"

/** Says what was seen of an endpoint, and what to do about it. */
export function explain({ host, authority }: Endpoint, fact: Fact): Explained {
  switch (fact.kind) {
    case 'name':
      return {
        message: `${host} does not resolve from this runner (${fact.reason})`,
        hint: `Correct the host in \`url\`, or publish it in DNS: ${REACH}.`,
      }
    case 'address': {
      const others = fact.alone ? '' : ', beside others'
      const resolved = `${host} resolves from this runner to ${fact.address}, ${fact.what}${others}`
      return {
        message: fact.address === host ? `${host} is ${fact.what}` : resolved,
        hint: `Use a host that has public addresses only: ${REACH}.`,
      }
    }
    case 'route':
      return {
        message: `${authority} has IPv6 addresses only and was not checked: there is no way to them from this runner (${fact.reason})`,
        hint: `Check it from elsewhere: ${REACH}.`,
      }
    case 'connection':
      return {
        message: `no connection to ${authority} from this runner (${fact.reason})`,
        hint: `Correct host and port, start the server, or open its firewall: ${REACH}.`,
      }
    case 'handshake':
      return explainHandshake(authority, fact.reason)
    case 'certificate':
      return {
        message: `the certificate of ${authority} expires on ${new Date(fact.until).toISOString().slice(0, 10)}`,
        hint: 'Renew it before then.',
      }
  }
}

const PUBLIC_AUTHORITY = 'Install one that a public certificate authority has signed.'
const CHAIN = 'Let the server send its intermediate certificates too.'

/** What is wrong with a certificate, and what to do, by the code of the error. */
const REFUSED: ReadonlyMap<string, readonly [what: string, hint: string]> = new Map([
  ['CERT_HAS_EXPIRED', ['has expired', 'Renew it.']],
  ['CERT_NOT_YET_VALID', ['is not valid yet', 'Install one that is.']],
  ['ERR_TLS_CERT_ALTNAME_INVALID', ['is for another host', 'Install one for this host, or correct `url`.']],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', ['is signed by itself', PUBLIC_AUTHORITY]],
  ['SELF_SIGNED_CERT_IN_CHAIN', ['is signed by an authority of its own', PUBLIC_AUTHORITY]],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', ['has an unknown issuer', CHAIN]],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', ['has an unknown issuer', CHAIN]],
])

function explainHandshake(authority: string, reason: string): Explained {
  const [what, hint] = REFUSED.get(reason) ?? []
  return what === undefined
    ? {
        message: `the TLS handshake of this runner with ${authority} failed (${reason})`,
        hint: 'Correct the port in `url`, or the TLS settings of the server.',
      }
    : { message: `the certificate of ${authority} ${what} (${reason})`, hint: hint ?? '' }
}
