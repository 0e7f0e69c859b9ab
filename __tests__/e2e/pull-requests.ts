import { onTestFinished } from 'vitest'
import type { ActionRun } from '../../sandbox/runner.ts'
import type { Sandbox } from '../../sandbox/server.ts'
import { type GitHubOptions, type LoopbackGitHub, startGitHub, TOKEN } from '../github/loopback.ts'
import { act } from './scenario.ts'

export const HEAD_SHA = '1111111111111111111111111111111111111111'
export const BASE_SHA = '2222222222222222222222222222222222222222'

/** A GitHub of its own for one test. */
export async function github(options?: GitHubOptions): Promise<LoopbackGitHub> {
  const server = await startGitHub(options)
  onTestFinished(() => server.close())
  return server
}

/** The event of pull request 7, of a branch unless `head` is another repository. */
export const pullRequest = (head = 'example/shop', author = 'somebody') => ({
  name: 'pull_request',
  payload: {
    pull_request: {
      number: 7,
      user: { login: author },
      head: { repo: { full_name: head } },
      base: { repo: { full_name: 'example/shop' }, sha: BASE_SHA },
    },
  },
})

/** Runs the action with the workflow's token and the address of this GitHub, on a pull request unless told otherwise. */
export const actOn = (
  server: Pick<LoopbackGitHub, 'url'>,
  sandbox: Sandbox,
  { inputs, env, ...rest }: ActionRun & { readonly manifest?: string },
) =>
  act(sandbox, {
    event: pullRequest(),
    inputs: { 'github-token': TOKEN, ...inputs },
    env: {
      GITHUB_API_URL: server.url,
      GITHUB_SERVER_URL: 'https://github.example.com',
      GITHUB_SHA: HEAD_SHA,
      GITHUB_RUN_ID: '42',
      ...env,
    },
    ...rest,
  })
