/** The agent that keeps connections to an API open, through a proxy where the environment names one. */
import { Agent as HttpAgent } from 'node:http'

export interface AgentSettings {
  /** Scheme, host and port of the API. Only loopback addresses are plain http, and they never go through a proxy. */
  readonly origin: string
  /** Most connections at once. */
  readonly concurrency: number
  /** Time for one request, in milliseconds. */
  readonly timeoutMs: number
}

/**
 * Opens an agent. Loading TLS takes the time of several requests, so a run over plain HTTP leaves it out. Throws where the
 * address of the proxy makes no sense.
 */
export async function openAgent({ origin, concurrency, timeoutMs }: AgentSettings): Promise<HttpAgent> {
  const options = { keepAlive: true, maxSockets: concurrency }
  if (!origin.startsWith('https:')) return new HttpAgent(options)
  const { Agent: HttpsAgent } = process.getBuiltinModule('node:https')
  // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED does not count.
  const secure = { ...options, rejectUnauthorized: true }
  const proxy = process.env.https_proxy || process.env.HTTPS_PROXY || ''
  if (proxy === '') return new HttpsAgent(secure)
  const { openTunnel } = await import('./tunnel.ts')
  return openTunnel(proxy, origin, timeoutMs, secure) ?? new HttpsAgent(secure)
}
