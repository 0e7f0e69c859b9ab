/** GitHub's REST API on a loopback port, as far as the action uses it: files of commits, and comments of issues. */
import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import fastify, { type FastifyRequest } from 'fastify'

/** A comment as somebody wrote it. */
export interface WrittenComment {
  readonly body: string
  /** `User` or `Bot`. */
  readonly type?: string
  /** Whether the token may change it. */
  readonly own?: boolean
}

export interface GitHubOptions {
  /** Files by path, of each commit by its SHA. */
  readonly commits?: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>
  readonly comments?: readonly WrittenComment[]
  /** Operations that answer with this status instead, each as often as it stands here. */
  readonly failures?: readonly {
    readonly operation: Operation
    readonly status: number
    readonly after?: boolean
  }[]
  /** The workflow's token: {@link TOKEN} where left out. */
  readonly token?: string
  /** Whether the token has `pull-requests: write`. */
  readonly writes?: boolean
  /** Whether trees are too large to be listed. */
  readonly truncates?: boolean
}

export type Operation = 'content' | 'tree' | 'list comments' | 'create comment' | 'update comment'

/** A request and its answer. */
export interface Exchange {
  readonly operation: Operation
  readonly authorization: string
  readonly status: number
  readonly answer: unknown
}

export interface LoopbackGitHub {
  readonly url: string
  readonly exchanges: Exchange[]
  /** Bodies of all comments, oldest first. */
  bodies(): string[]
  close(): Promise<void>
}

export const TOKEN = 'ghs_loopbackTokenOfTheWorkflow'
export const REPOSITORY = 'example/shop'

type Comment = ReturnType<typeof comment>
type Answer = readonly [status: number, body: unknown, headers?: Record<string, string>]

/** Starts the API with one repository, whose name is {@link REPOSITORY}. */
export async function startGitHub(options: GitHubOptions = {}): Promise<LoopbackGitHub> {
  const { commits = {}, token = TOKEN, writes = true, truncates = false } = options
  const failures = [...(options.failures ?? [])]
  const exchanges: Exchange[] = []
  const comments: Comment[] = []
  const foreign = new Set<number>()
  const app = fastify({ forceCloseConnections: true })
  const base = (): string => `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`

  const serve = (
    operation: Operation,
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    answer: (request: FastifyRequest) => Answer,
  ): void => {
    app.route({
      method,
      url: `/repos/${REPOSITORY}${path}`,
      handler: async (request, reply) => {
        const index = failures.findIndex((failure) => failure.operation === operation)
        const [failure] = index < 0 ? [] : failures.splice(index, 1)
        const authorization = request.headers.authorization ?? ''
        const allowed = authorization === `token ${token}`
        const regular = failure?.after ? answer(request) : null
        const [status, body, headers = {}]: Answer = !allowed
          ? [401, refusal(401, 'Bad credentials')]
          : failure !== undefined
            ? [failure.status, refusal(failure.status, 'Something is wrong')]
            : (regular ?? answer(request))
        exchanges.push({ operation, authorization, status, answer: structuredClone(body) })
        return reply.code(status).headers(headers).send(body)
      },
    })
  }

  serve('content', 'GET', '/contents/*', ({ params, query }) => {
    const { '*': path } = params as { '*': string }
    const content = commits[(query as { ref: string }).ref]?.[path]
    return content === undefined ? [404, refusal(404, 'Not Found')] : [200, file(base(), path, content)]
  })
  serve('tree', 'GET', '/git/trees/:sha', ({ params }) => {
    const { sha } = params as { sha: string }
    const paths = Object.keys(commits[sha] ?? {})
    return sha in commits
      ? [200, { sha, url: `${base()}/tree`, truncated: truncates, tree: paths.map(blob) }]
      : [404, refusal(404, 'Not Found')]
  })
  serve('list comments', 'GET', '/issues/:number/comments', ({ query }) => {
    const { per_page = '30', page = '1' } = query as { per_page?: string; page?: string }
    const [size, at] = [Number(per_page), Number(page)]
    const next = `<${base()}/repos/${REPOSITORY}/issues/7/comments?per_page=${size}&page=${at + 1}>; rel="next"`
    const more = comments.length > size * at
    return [200, comments.slice(size * (at - 1), size * at), more ? { link: next } : {}]
  })
  serve('create comment', 'POST', '/issues/:number/comments', ({ body }) => {
    if (!writes) return [403, refusal(403, 'Resource not accessible by integration')]
    const made = comment(base(), comments.length + 1, (body as { body: string }).body, 'Bot')
    comments.push(made)
    return [201, made]
  })
  serve('update comment', 'PATCH', '/issues/comments/:id', ({ params, body }) => {
    const found = comments.find(({ id }) => id === Number((params as { id: string }).id))
    if (found === undefined) return [404, refusal(404, 'Not Found')]
    if (!writes || foreign.has(found.id)) return [403, refusal(403, 'Resource not accessible by integration')]
    found.body = (body as { body: string }).body
    return [200, found]
  })
  app.setNotFoundHandler((_, reply) => reply.code(404).send(refusal(404, 'Not Found')))

  await app.listen({ host: '127.0.0.1', port: 0 })
  for (const { body, type = 'Bot', own = true } of options.comments ?? []) {
    const made = comment(base(), comments.length + 1, body, type)
    comments.push(made)
    if (!own) foreign.add(made.id)
  }
  return {
    url: base(),
    exchanges,
    bodies: () => comments.map(({ body }) => body),
    close: () => app.close(),
  }
}

const refusal = (status: number, message: string) => ({
  message,
  documentation_url: 'https://docs.github.com/rest',
  status: String(status),
})

const shaOf = (content: string | Uint8Array): string => createHash('sha1').update(content).digest('hex')

const blob = (path: string) => ({ path, mode: '100644', type: 'blob', size: 1, sha: shaOf(path) })

/** GitHub sends no content of files of more than a megabyte. */
const LARGEST_CONTENT = 1_000_000

function file(base: string, path: string, content: string | Uint8Array) {
  const bytes = Buffer.from(content)
  const large = bytes.length > LARGEST_CONTENT
  const url = `${base}/${path}`
  return {
    type: 'file',
    encoding: large ? 'none' : 'base64',
    size: bytes.length,
    name: path.split('/').at(-1) ?? '',
    path,
    content: large ? '' : bytes.toString('base64').replace(/.{60}/g, '$&\n'),
    sha: shaOf(bytes),
    url,
    git_url: url,
    html_url: url,
    download_url: url,
    _links: { self: url, git: url, html: url },
  }
}

function comment(base: string, id: number, body: string, type: string) {
  const url = `${base}/comments/${id}`
  const user = `${base}/users/${type}`
  const now = '2026-01-01T00:00:00Z'
  return {
    id,
    node_id: `IC_${id}`,
    url,
    html_url: url,
    issue_url: `${base}/issues/7`,
    body,
    user: {
      login: type === 'Bot' ? 'github-actions[bot]' : 'somebody',
      id: 1,
      node_id: 'U_1',
      avatar_url: user,
      gravatar_id: '',
      url: user,
      html_url: user,
      followers_url: user,
      following_url: user,
      gists_url: user,
      starred_url: user,
      subscriptions_url: user,
      organizations_url: user,
      repos_url: user,
      events_url: user,
      received_events_url: user,
      type,
      site_admin: false,
    },
    created_at: now,
    updated_at: now,
    author_association: 'NONE',
  }
}
