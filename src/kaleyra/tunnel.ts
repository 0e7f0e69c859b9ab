/** Connections to the API through an HTTP proxy, by CONNECT: the proxy sees the API's host and port, and nothing of a request. */
import type { AgentOptions, ClientRequest } from 'node:http'
import { checkBypass } from '@actions/http-client/lib/proxy'
import type { AgentConnectOpts } from 'agent-base'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { urlDecoded } from '../values.ts'
import { isUntrustedCertificate, ProxyError } from './classify.ts'

/** Share of a request's time in which a proxy has to answer, so that it is told from an API that does not. */
const SHARE = 0.8

/**
 * Opens an agent whose connections go through the proxy at `address`, with or without its scheme, or null where `NO_PROXY`
 * exempts the API. Throws a {@link ProxyError} where the address is none.
 */
export function openTunnel(
  address: string,
  origin: string,
  timeoutMs: number,
  options: AgentOptions,
): Tunnel | null {
  if (checkBypass(new URL(origin))) return null
  const proxy = URL.parse(address.includes('://') ? address : `http://${address}`)
  if (proxy === null || !/^https?:$/.test(proxy.protocol))
    throw new ProxyError('HTTPS_PROXY is no address of a proxy, such as http://proxy.example.com:8080', true)
  return new Tunnel(proxy, timeoutMs * SHARE, options)
}

class Tunnel extends HttpsProxyAgent<string> {
  readonly #patienceMs: number
  readonly #name: string
  readonly #pending = new Set<AbortController>()

  constructor(proxy: URL, patienceMs: number, options: AgentOptions) {
    const { username, password } = proxy
    // The library is not told of the credentials: it may print the address.
    super(Object.assign(new URL(proxy), { username: '', password: '' }), options)
    this.#patienceMs = patienceMs
    this.#name = proxy.host
    if (username !== '' || password !== '') {
      const token = Buffer.from(`${urlDecoded(username)}:${urlDecoded(password)}`).toString('base64')
      this.proxyHeaders = { 'Proxy-Authorization': `Basic ${token}` }
    }
  }

  /** Opens one connection. Whatever fails in here fails before a byte of the request was sent. */
  override async connect(
    request: ClientRequest,
    options: AgentConnectOpts,
  ): ReturnType<HttpsProxyAgent<string>['connect']> {
    const attempt = new AbortController()
    const giveUp = (): void => attempt.abort()
    const timer = setTimeout(giveUp, this.#patienceMs)
    request.once('close', giveUp)
    this.#pending.add(attempt)
    let status = Number.NaN
    request.once('proxyConnect', (answer: { statusCode: number }) => {
      status = answer.statusCode
    })
    try {
      this.connectOpts = { ...this.connectOpts, signal: attempt.signal }
      // The library drops this option of the agent: without it NODE_TLS_REJECT_UNAUTHORIZED would count.
      const socket = await super.connect(request, {
        ...options,
        rejectUnauthorized: true,
      } as AgentConnectOpts)
      if (status === 200) return socket
      socket.destroy()
    } catch (cause) {
      throw this.#failure(cause as NodeJS.ErrnoException, attempt.signal.aborted)
    } finally {
      clearTimeout(timer)
      request.off('close', giveUp)
      this.#pending.delete(attempt)
    }
    throw this.#refusal(status)
  }

  override destroy(): void {
    for (const attempt of this.#pending) attempt.abort()
    super.destroy()
  }

  #failure(cause: NodeJS.ErrnoException, late: boolean): ProxyError {
    const { code = 'it did not answer as a proxy does' } = cause
    if (late)
      return new ProxyError(
        `the proxy ${this.#name} opened no connection within ${this.#patienceMs / 1000} s`,
        false,
        cause,
      )
    return new ProxyError(
      `no connection through the proxy ${this.#name} (${code})`,
      isUntrustedCertificate(code),
      cause,
    )
  }

  #refusal(status: number): ProxyError {
    if (status === 407)
      return new ProxyError(`the proxy ${this.#name} wants credentials, or other ones (HTTP 407)`, true)
    if (!(status >= 100)) return this.#failure(new Error('no status'), false)
    const final = status >= 400 && status < 500 && status !== 408 && status !== 429
    return new ProxyError(`the proxy ${this.#name} refused to connect to the API (HTTP ${status})`, final)
  }
}
