/** One comment on a pull request that is kept up to date: found by its marker, changed in place. */
import { createHash } from 'node:crypto'
import type { Edges } from '../edges.ts'
import type { Settings } from '../inputs.ts'
import { commentText, isNoteworthy } from '../report/comment.ts'
import type { Outcome } from '../report/outcome.ts'
import { type GitHub, githubFailure, openGitHub, statusOf } from './client.ts'
import { type Repository, type RunContext, runContext } from './context.ts'
import type { PullRequest } from './event.ts'

/**
 * Puts what a run planned on its pull request, as the input `comment` asks: there is one comment for each manifest and
 * account. Returns why that was not possible, or null.
 */
export async function commentPlan(
  outcome: Outcome,
  { number }: PullRequest,
  settings: Settings,
  edges: Edges,
  redact: (text: string) => string,
): Promise<string | null> {
  const { source, origin, sid } = settings
  const context = runContext(edges.env)
  const { repository } = context
  if (repository === null) return `${FAILED}: GITHUB_REPOSITORY names no repository`
  if (settings.githubToken === '') return `${FAILED}: the input \`github-token\` is empty`
  const manifest = manifestName(source, context)
  const comment = {
    marker: {
      manifest: hashOf(manifest),
      account: sid === '' ? NO_ACCOUNT : hashOf([origin, sid], ACCOUNT_DIGITS),
    },
    text: commentText(outcome, manifest.join(', '), context, redact),
    onlyUpdates: settings.comment === 'changes' && !isNoteworthy(outcome),
  }
  try {
    await putComment(openGitHub(settings, edges), { ...repository, number }, comment)
    return null
  } catch (error) {
    return edges.cancellation.stop.aborted ? null : commentFailure(error)
  }
}

/** What tells a manifest from others of the repository: its files; for inputs the step, and a profile's own title. */
function manifestName(source: Settings['source'], { step }: RunContext): readonly string[] {
  if (source.kind === 'files') return source.patterns
  const titles = source.kind === 'fields' ? source.fields.filter(({ field }) => field === 'title') : []
  return [...step, ...titles.map(({ text }) => text)].filter((name) => name !== '')
}

/** By what the comment of one manifest and account is found again: its first line, which no one sees. */
interface Marker {
  readonly manifest: string
  readonly account: string
}

/** Stands for the account of a run that has no secrets, and so does not know it. */
const NO_ACCOUNT = '-'

/** Digits of the hash of an account: enough to tell some apart, too few to find a SID by trying all. */
const ACCOUNT_DIGITS = 6

const hashOf = (identity: readonly string[], digits = 16): string =>
  createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, digits)

const lineOf = ({ manifest, account }: Marker): string =>
  `<!-- kaleyra-callback-profiles ${manifest} ${account} -->`

const LINE = /^<!-- kaleyra-callback-profiles ([0-9a-f]+) ([0-9a-f]+|-) -->\r?(?:\n|$)/

/** How well a comment fits a marker: 2 where it has it, 1 where one of the two does not know the account, else 0. */
function fit({ manifest, account }: Marker, body = ''): 0 | 1 | 2 {
  const [, ofManifest, ofAccount] = LINE.exec(body) ?? []
  if (ofManifest !== manifest) return 0
  if (ofAccount === account) return 2
  return ofAccount === NO_ACCOUNT || account === NO_ACCOUNT ? 1 : 0
}

interface Comment {
  readonly marker: Marker
  /** Markdown below the marker. */
  readonly text: string
  /** Whether it is only worth updating a comment that is there, not making one. */
  readonly onlyUpdates: boolean
}

/** Tries of a create whose answer was lost: before each, the comment is looked for. */
const TRIES = 3

/**
 * Puts the comment on the pull request, over an earlier one that has its marker on the first line and that a bot wrote; one
 * that may not be changed is passed over. Throws what GitHub's client throws.
 */
async function putComment(
  github: GitHub,
  pull: Repository & { readonly number: number },
  { marker, text, onlyUpdates }: Comment,
): Promise<void> {
  const { owner, repo, number: issue_number } = pull
  const body = `${lineOf(marker)}\n${text}`
  for (let tries = 1; ; tries += 1) {
    for (const { id, body: present } of await ownComments(github, pull, marker)) {
      if (present === body || (await changes(github, { owner, repo, comment_id: id, body }))) return
    }
    if (onlyUpdates) return
    try {
      // Not repeated blindly: a create whose answer was lost would stand there twice.
      const once = { request: { retries: 0 } }
      await github.rest.issues.createComment({ owner, repo, issue_number, body, ...once })
      return
    } catch (error) {
      const status = statusOf(error)
      if (tries >= TRIES || (status !== null && status < 500)) throw error
    }
  }
}

/**
 * Comments of bots that fit the marker, the best and the oldest first. The own one cannot be told by its author: the token
 * may not ask who it is.
 */
async function ownComments(
  github: GitHub,
  { owner, repo, number: issue_number }: Repository & { readonly number: number },
  marker: Marker,
) {
  const all = await github.paginate(github.rest.issues.listComments, {
    owner,
    repo,
    issue_number,
    per_page: 100,
  })
  return all
    .filter(({ user, body }) => user?.type === 'Bot' && fit(marker, body) > 0)
    .sort((a, b) => fit(marker, b.body) - fit(marker, a.body))
}

/** Changes a comment; false where it belongs to somebody else, or is gone. */
async function changes(
  github: GitHub,
  comment: { owner: string; repo: string; comment_id: number; body: string },
): Promise<boolean> {
  try {
    await github.rest.issues.updateComment(comment)
    return true
  } catch (error) {
    const status = statusOf(error)
    if (status === 403 || status === 404) return false
    throw error
  }
}

const FAILED = 'The plan could not be put on the pull request'

/** What to say where the comment could not be put on the pull request. */
function commentFailure(error: unknown): string {
  const status = statusOf(error)
  const refused = status === 401 || status === 403 || status === 404
  const mend = refused
    ? ': grant the job the permission `pull-requests: write`, which a pull request from a fork cannot have'
    : ': run again'
  return `${FAILED} (${githubFailure(error)})${mend}`
}
