/** Where the files of the repository are: in the workspace, or with GitHub where nothing is checked out. */
import { readdirSync } from 'node:fs'
import { isGlob, type ManifestFiles, workspaceFiles } from '../manifest/files.ts'
import type { Session } from '../session.ts'
import { runContext } from './context.ts'

/**
 * The files in which the manifest stands. Where the workspace is empty and the manifest is named by literal paths, those of
 * the commit that the workflow runs on, which the log says. A workspace with files is never passed over.
 */
export async function checkedOutFiles({ settings, edges, reporter }: Session): Promise<ManifestFiles> {
  const { source } = settings
  const { env, workspace } = edges
  const { repository, sha } = runContext(env)
  const literal = source.kind === 'files' && !source.patterns.some(isGlob)
  const reachable = settings.githubToken !== '' && repository !== null && sha !== ''
  if (!literal || !reachable || !isEmpty(workspace))
    return workspaceFiles(workspace, source.kind === 'files' && source.implied)
  const [{ openGitHub }, { commitFiles }] = await Promise.all([import('./client.ts'), import('./commit.ts')])
  reporter.line(`Nothing is checked out: reading the manifest of commit ${sha} from GitHub`)
  return commitFiles(openGitHub(settings, edges), repository, sha)
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0
  } catch {
    return true
  }
}
