/** Looks at one endpoint: its addresses, one connection, the TLS handshake. The only part that touches the network. */
import type { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { isIP, type LookupFunction, connect as open } from 'node:net'
import { connect as openSecure, TLSSocket } from 'node:tls'
import type { Endpoint } from '../manifest/url.ts'
import { codeOf, type Fact, failureOf, type Step, sift } from './facts.ts'

/** What a probe may use. */
export interface Means {
  /** For this probe alone, which may cancel all that it is asked. */
  readonly resolver: Resolver
  /** Makes the signal that ends a step: looking the name up, or connecting. */
  readonly patience: () => AbortSignal
  /** The reason of a step that was ended so. */
  readonly impatience: string
}

/** Milliseconds after which another address of the same host is tried: longer than a connection around the world takes. */
const NEXT_ADDRESS_MS = 2000

/**
 * Resolves a host, connects to it once, and makes the TLS handshake where the URL is https; nothing else is sent. Where
 * some of its addresses are public, it connects to these. Never throws.
 */
export async function probe(endpoint: Endpoint, means: Means): Promise<Fact[]> {
  const { host } = endpoint
  if (isIP(host) !== 0) return [await connect(endpoint, [host], means)].flat()
  const addresses = await resolve(host, means)
  if (!Array.isArray(addresses)) return [addresses]
  const { targets, wrong } = sift(addresses)
  return [wrong, await connect(endpoint, targets, means)].flat()
}

/**
 * The addresses of a name as DNS has them, or the fact that there are none. The system's own look-up would not do: it
 * cannot be cancelled, and it keeps waiting whatever else this process looks up.
 */
async function resolve(host: string, { resolver, patience, impatience }: Means): Promise<string[] | Fact> {
  const signal = patience()
  signal.addEventListener('abort', () => resolver.cancel(), { once: true })
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  if (addresses.length > 0) return addresses
  const codes = answers.flatMap((answer) => (answer.status === 'rejected' ? codeOf(answer.reason) : []))
  const reason = codes.find((code) => code !== 'ENODATA') ?? 'ENODATA'
  return { kind: 'name', reason: signal.aborted ? impatience : reason }
}

/** Connects to the first of these addresses that answers, and tells how far that went; nothing where a connection is all. */
async function connect(
  { secure, host, port }: Endpoint,
  addresses: readonly string[],
  { patience, impatience }: Means,
): Promise<Fact | []> {
  const signal = patience()
  const found = addresses.map((address) => ({ address, family: isIP(address) }))
  const lookup: LookupFunction = (_host, _options, answer) => answer(null, found)
  const families = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS }
  const target = { host, port, lookup, ...families }
  const socket = secure
    ? openSecure({ ...target, rejectUnauthorized: true, servername: isIP(host) === 0 ? host : '' })
    : open(target)
  // After the waits below nobody listens any more.
  socket.on('error', () => {})
  let step: Step = 'connection'
  try {
    await once(socket, 'connect', { signal })
    step = 'handshake'
    if (secure) await once(socket, 'secureConnect', { signal })
    const until = socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.validToDate : undefined
    // The server gets to see the end of the handshake.
    socket.destroySoon()
    return until === undefined ? [] : { kind: 'certificate', until: until.getTime() }
  } catch (error) {
    socket.destroy()
    return signal.aborted ? { kind: step, reason: impatience } : failureOf(step, error, addresses)
  }
}
