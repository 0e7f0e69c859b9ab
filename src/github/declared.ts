/** The plan of a pull request whose run has no secrets: its manifest against that of the base commit. */
import { unlessAborted } from '../cancellation.ts'
import { expressionsOf } from '../manifest/contexts.ts'
import { normalized } from '../manifest/files.ts'
import { loadManifest, type Manifest } from '../manifest/load.ts'
import { showProblem } from '../manifest/problem.ts'
import { parseTexts } from '../manifest/source.ts'
import { planDeclared } from '../reconcile/declared.ts'
import { declaredWarnings } from '../report/failures.ts'
import { planTable } from '../report/log.ts'
import type { Outcome } from '../report/outcome.ts'
import { secretsOf } from '../secrets.ts'
import type { Session } from '../session.ts'
import { githubFailure, openGitHub } from './client.ts'
import { commitFiles } from './commit.ts'
import { runContext } from './context.ts'
import { pullRequestOf } from './event.ts'

/**
 * Plans what `head` declares otherwise than the manifest of the base commit, which is read from GitHub and, like the
 * head's, not evaluated. Never calls Kaleyra. `secretless` says why the account cannot be read; what is returned says so
 * too, and why there is no plan where there is nothing to compare with.
 */
export async function declaredPlan(
  head: Manifest,
  secretless: string,
  session: Session,
): Promise<Pick<Outcome, 'plan' | 'unread' | 'warnings'>> {
  const { settings, reporter, hide } = session
  const why = `${secretless}, so the account was not read`
  return reporter.group('Plan', async () => {
    const base = await unlessAborted(readBase(session), session.edges.cancellation.stop)
    const unread =
      typeof base === 'string'
        ? `${why}. The manifest is valid; it could not be compared with that of the base: ${base}.`
        : `${why}. This is what the manifest declares otherwise than that of the base.`
    reporter.line(unread)
    if (typeof base === 'string') return { plan: null, unread, warnings: [] }
    hide(secretsOf(base.entries, base.prune))
    const plan = planDeclared(base, head, settings)
    for (const line of planTable(plan)) reporter.line(line)
    return { plan, unread, warnings: declaredWarnings(plan, head.entries, settings) }
  })
}

/** The manifest of the base commit, which is empty where that has none; or why it cannot be read. */
async function readBase({ settings, event, edges }: Session): Promise<Manifest | string> {
  const pull = pullRequestOf(event)
  const { repository } = runContext(edges.env)
  const { source } = settings
  if (source.kind !== 'files') return 'profiles that inputs declare have none'
  if (settings.githubToken === '') return 'the input `github-token` is empty'
  if (pull === null || repository === null) return 'the event names no base commit'
  const files = commitFiles(openGitHub(settings, edges), repository, pull.baseSha)
  try {
    const paths = (
      await Promise.all(source.patterns.map((pattern) => files.expand(normalized(pattern))))
    ).flat()
    const texts = await Promise.all([...new Set(paths)].map((path) => files.find(path)))
    if (texts.every((text) => text === null)) await files.assertReadable()
    const { documents, problems: unread } = parseTexts(texts.filter((text) => text !== null))
    const { manifest, problems } = loadManifest(documents, await expressionsOf(documents, null))
    const wrong = [...unread, ...problems].find(({ severity }) => severity === 'error')
    return wrong === undefined ? (manifest ?? NOTHING) : showProblem(wrong)
  } catch (error) {
    return githubFailure(error)
  }
}

const NOTHING: Manifest = { entries: [], prune: null }
