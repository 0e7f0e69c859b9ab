/** GitHub's REST API with the workflow's token. Loaded only by a run that needs it. */
import { getOctokit } from '@actions/github'
import { retry } from '@octokit/plugin-retry'
import fetch from 'node-fetch'
import { timeoutSignal } from '../clock.ts'
import type { Edges } from '../edges.ts'
import type { Settings } from '../inputs.ts'
import { openAgent } from '../kaleyra/agent.ts'
import { runContext } from './context.ts'

/** GitHub's own client, with the typed endpoints, paging, and retries of what failed on the way. */
export type GitHub = ReturnType<typeof getOctokit>

/** Most requests to GitHub at once. */
const CONCURRENCY = 8

/**
 * Opens the API, through a proxy where the environment names one. The client prints nothing: what it would warn of is not for
 * users of this action. Once the run is cancelled every request is given up.
 */
export function openGitHub(
  { githubToken, timeoutMs }: Pick<Settings, 'githubToken' | 'timeoutMs'>,
  { env, clock, cancellation }: Pick<Edges, 'env' | 'clock' | 'cancellation'>,
): GitHub {
  const { apiUrl } = runContext(env)
  const agent = openAgent({ origin: new URL(apiUrl).origin, concurrency: CONCURRENCY, timeoutMs })
  agent.catch(() => {})
  const bounded: typeof fetch = async (url, init) => {
    const signal = timeoutSignal(clock, timeoutMs, cancellation.stop)
    try {
      return await fetch(url, { ...init, agent: await agent, signal })
    } catch (error) {
      // By this name the client knows not to try again. That of node-fetch does not survive bundling.
      throw signal.aborted ? new DOMException('the time was up', 'AbortError') : error
    }
  }
  const log = { debug: silent, info: silent, warn: silent, error: silent }
  return getOctokit(githubToken, { baseUrl: apiUrl, log, request: { fetch: bounded } }, retry)
}

const silent = (): void => {}

/** An error of the client. It makes up a status 500 where no answer came. */
interface RequestFailure {
  readonly message: string
  readonly status?: number
  readonly response?: unknown
}

/** Why a request failed: the HTTP status and what GitHub says, or that no answer came. */
export function githubFailure(error: unknown): string {
  const { message, status } = error as RequestFailure
  if (status === undefined) return message
  const answered = statusOf(error)
  return answered === null
    ? `no answer from GitHub: ${message.replace(/\.$/, '')}`
    : `HTTP ${answered}: ${message}`
}

/** The HTTP status of GitHub's answer, or null where none came. */
export function statusOf(error: unknown): number | null {
  const { status, response } = error as RequestFailure
  return response === undefined ? null : (status ?? null)
}
