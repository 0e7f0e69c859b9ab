/** The files of a commit, read through GitHub's API. */
import { posix } from 'node:path'
import type { Source } from '../manifest/document.ts'
import { fileProblem, isGlob, MAX_BYTES, type ManifestFiles, sourceOf, tooLarge } from '../manifest/files.ts'
import type { Problem } from '../manifest/problem.ts'
import { type GitHub, githubFailure, statusOf } from './client.ts'
import type { Repository } from './context.ts'

export interface CommitFiles extends ManifestFiles {
  /** As `read`, but null where the commit has no such file. */
  find(path: string): Promise<Source | Problem | null>
  /** Throws where GitHub does not show the commit at all, as where the token may not read it. */
  assertReadable(): Promise<void>
}

/** Opens the files of a commit. Their paths are those that a checkout would have. */
export function commitFiles(github: GitHub, repository: Repository, sha: string): CommitFiles {
  const tree = { ...repository, tree_sha: sha }
  /** All paths of the commit but those in `node_modules`. Throws where GitHub does not list them. */
  const listed = async (): Promise<string[]> => {
    const { data } = await github.rest.git.getTree({ ...tree, recursive: 'true' })
    if (data.truncated)
      throw new Error('the repository has more files than GitHub lists: name the manifest by its path')
    const paths = data.tree.flatMap(({ path, type }) => (type === 'blob' ? path : []))
    return paths.filter((path) => !path.split('/').includes('node_modules'))
  }
  let paths: Promise<string[]> | null = null
  const find = async (path: string): Promise<Source | Problem | null> => {
    try {
      const { data } = await github.rest.repos.getContent({ ...repository, path, ref: sha })
      if (Array.isArray(data) || data.type !== 'file' || !('content' in data))
        return fileProblem(path, `expected a file at commit ${sha}`)
      if (data.size > MAX_BYTES) return tooLarge(path, data.size)
      // GitHub sends no content of a file of more than a megabyte, which is a little less than MAX_BYTES.
      if (data.encoding !== 'base64')
        return fileProblem(path, 'GitHub does not hand out a file of this size: check out the repository')
      return sourceOf(path, Buffer.from(data.content, 'base64'))
    } catch (error) {
      if (statusOf(error) === 404) return null
      const why = `the file cannot be read at commit ${sha} (${githubFailure(error)})`
      const refused = statusOf(error) === 401 || statusOf(error) === 403
      const mend = refused ? 'grant the job `contents: read`' : 'run again'
      return fileProblem(path, `${why}: ${mend}, or check out the repository first (actions/checkout)`)
    }
  }
  return {
    expand: async (pattern) => {
      if (!isGlob(pattern)) return [pattern]
      paths ??= listed()
      return (await paths).filter((path) => posix.matchesGlob(path, pattern)).sort()
    },
    find,
    assertReadable: async () => {
      await github.rest.git.getTree(tree)
    },
    read: async (path) => (await find(path)) ?? fileProblem(path, `${MISSING} ${sha}`),
  }
}

const MISSING =
  'nothing is checked out, and GitHub shows no such file: check the path in the input `manifest`, and that the job has the permission `contents: read`. Looked for at commit'
