/** Facts of the run that GitHub puts into the environment. Pure. */
import type { Place } from '../manifest/problem.ts'

/** Names of a repository, as its endpoints take them. */
export interface Repository {
  readonly owner: string
  readonly repo: string
}

export interface RunContext {
  /** Address of GitHub's REST API; another one on GitHub Enterprise Server. */
  readonly apiUrl: string
  /** Null outside of a workflow. */
  readonly repository: Repository | null
  /** The commit that the workflow runs on; empty outside of a workflow. */
  readonly sha: string
  /** Address of the repository's pages, or empty. */
  readonly repositoryUrl: string
  /** Address of the run's page, or empty. */
  readonly runUrl: string
  /** What tells this step from others of the repository: workflow, job and step. */
  readonly step: readonly string[]
}

/** Reads the context from the runner's `GITHUB_*` variables. */
export function runContext(env: Readonly<Record<string, string | undefined>>): RunContext {
  const { GITHUB_API_URL, GITHUB_SERVER_URL, GITHUB_REPOSITORY = '', GITHUB_SHA = '', GITHUB_RUN_ID } = env
  const [owner = '', repo = ''] = GITHUB_REPOSITORY.split('/')
  const known = owner !== '' && repo !== ''
  const repositoryUrl = known ? `${GITHUB_SERVER_URL || 'https://github.com'}/${owner}/${repo}` : ''
  return {
    apiUrl: GITHUB_API_URL || 'https://api.github.com',
    repository: known ? { owner, repo } : null,
    sha: GITHUB_SHA,
    repositoryUrl,
    runUrl: known && GITHUB_RUN_ID ? `${repositoryUrl}/actions/runs/${GITHUB_RUN_ID}` : '',
    step: [env.GITHUB_WORKFLOW ?? '', env.GITHUB_JOB ?? '', env.GITHUB_ACTION ?? ''],
  }
}

/** The page of a line of a file at the run's commit, or null where there is none. */
export function pageOf({ file, line }: Place, { repositoryUrl, sha }: RunContext): string | null {
  if (file === null || repositoryUrl === '' || sha === '') return null
  const path = file.split('/').map(encodeURIComponent).join('/')
  return `${repositoryUrl}/blob/${sha}/${path}#L${line}`
}
