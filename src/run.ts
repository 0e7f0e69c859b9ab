/** The pipeline: inputs → manifest → observe → plan → apply → verify → report. */
import { readFile } from 'node:fs/promises'
import { unlessAborted } from './cancellation.ts'
import type { Edges } from './edges.ts'
import { decideMode, forkProblems, isFork, type WorkflowEvent } from './github/event.ts'
import { credentialProblems, readInputs, SECRET_INPUTS, type Settings } from './inputs.ts'
import { createReader, createWriter } from './kaleyra/client.ts'
import { createDirectory } from './kaleyra/directory.ts'
import { openApi } from './kaleyra/http.ts'
import { expressionsOf } from './manifest/contexts.ts'
import { loadManifest } from './manifest/load.ts'
import { readSource } from './manifest/source.ts'
import { apply } from './reconcile/apply.ts'
import { decide } from './reconcile/decide.ts'
import { observe, profilesOf } from './reconcile/observe.ts'
import { hasChanges } from './reconcile/plan.ts'
import { verify } from './reconcile/verify.ts'
import { createRedactor, type Redactor } from './redactor.ts'
import {
  blockedWarnings,
  CANCELLED,
  failuresOf,
  failureText,
  planFailures,
  redacted,
  unexpected,
} from './report/failures.ts'
import { countsLine, planLines, progress, verifyLine } from './report/log.ts'
import { hasFailed, type Outcome } from './report/outcome.ts'
import { readPlanFile } from './report/plan-file.ts'
import { publish } from './report/publish.ts'
import { createReporter, type Reporter } from './report/reporter.ts'
import { counted } from './report/text.ts'
import { heldSecrets, proxySecrets, type Secret, secretsOf } from './secrets.ts'

/** Runs the action. Sets every output on every path, and returns the exit code. Never throws. */
export async function run(edges: Edges): Promise<number> {
  const { runner } = edges
  const { stop } = edges.cancellation
  const redactor = createRedactor()
  const reporter = createReporter(runner, redactor)
  const hide = (secrets: readonly Secret[]): void => {
    for (const mask of redactor.add(secrets)) runner.setSecret(mask)
  }
  const outcome: Mutable<Outcome> = {
    mode: 'auto',
    inputProblems: [],
    problems: [],
    entries: [],
    plan: null,
    results: null,
    warnings: [],
    failures: [],
    exported: null,
  }
  let summary = true
  try {
    const { settings, problems } = readInputs(runner.getInput)
    hide(SECRET_INPUTS.map((name) => ({ value: runner.getInput(name), mask: true })))
    hide(proxySecrets(edges.env))
    outcome.inputProblems = problems
    if (settings !== null) {
      summary = settings.summary
      await pipeline(settings, edges, reporter, redactor, hide, outcome)
    }
  } catch (error) {
    if (error !== stop.reason) outcome.failures = [...outcome.failures, unexpected(error)]
  }
  if (stop.aborted) outcome.failures = [CANCELLED, ...outcome.failures]
  outcome.failures = outcome.failures.map((failure) => redacted(failure, redactor.redactAll))
  try {
    await publish(outcome, edges, reporter, { redactor, summary })
  } catch (error) {
    reporter.failures([{ text: failureText(redacted(unexpected(error), redactor.redactAll)), place: null }])
    return 1
  }
  return hasFailed(outcome) ? 1 : 0
}

type Mutable<Value> = { -readonly [Name in keyof Value]: Value[Name] }

/** Fills in the outcome phase by phase, so that whatever is known when it ends is reported. */
async function pipeline(
  settings: Settings,
  edges: Edges,
  reporter: Reporter,
  redactor: Redactor,
  hide: (secrets: readonly Secret[]) => void,
  outcome: Mutable<Outcome>,
): Promise<void> {
  const event = await readEvent(edges.env)
  const mode = decideMode(settings.mode, event)
  outcome.mode = mode
  if (mode !== 'validate') {
    outcome.inputProblems = [...credentialProblems(settings, isFork(event)), ...forkProblems(event)]
    if (outcome.inputProblems.length > 0) return
  }
  if (mode === 'export') {
    const { exportAccount } = await import('./export/account.ts')
    Object.assign(outcome, await exportAccount(settings, edges, reporter, redactor, hide))
    return
  }

  const { documents, problems: unread } = await readSource(settings.source, edges.workspace)
  const evaluate = await expressionsOf(
    documents,
    mode === 'validate' ? null : { env: edges.env, event: event.payload },
  )
  const { manifest, entries, problems } = loadManifest(documents, evaluate)
  hide(secretsOf(entries, manifest?.prune ?? null))
  outcome.problems = [...unread, ...problems]
  if (manifest === null || unread.length > 0) return
  outcome.entries = entries
  await reporter.group('Manifest', async () => {
    reporter.line(
      `${counted(entries.length, 'profile')} declared in ${documents.map(({ name }) => name).join(', ')}`,
    )
  })
  if (mode === 'validate') return

  const { clock, cancellation } = edges
  const api = openApi({ ...settings, clock, cancellation })
  try {
    const reader = createReader(api.send)
    const read = { reader, directory: createDirectory(reader), clock, cancellation }
    const planned = await reporter.group('Account', async () => {
      reporter.line(`Reading account ${settings.sid} at ${settings.origin}`)
      const observation = await unlessAborted(observe(manifest, read), cancellation.stop)
      hide(heldSecrets(profilesOf(observation)))
      return decide(manifest, observation, settings, redactor)
    })
    const { plan } = planned
    const reviewed = await readPlanFile(settings.expectedPlan, edges.temp)
    outcome.plan = plan
    outcome.failures = planFailures(planned, settings, mode, reviewed)
    outcome.warnings = mode === 'plan' ? blockedWarnings(planned, settings) : []
    await reporter.group('Plan', async () => {
      for (const line of planLines(plan)) reporter.line(line)
    })
    if (mode === 'plan' || outcome.failures.length > 0) return

    const results = await reporter.group('Apply', async () => {
      reporter.line(hasChanges(plan) ? `Applying ${countsLine(plan.counts)}` : 'Nothing to do')
      const writer = createWriter(api.send)
      return apply(planned, {
        ...settings,
        ...read,
        writer,
        onResult: progress(plan, clock, reporter.line),
      })
    })
    outcome.results = results
    outcome.failures = failuresOf(planned, results, [])
    if (cancellation.stop.aborted || !results.some(({ wrote }) => wrote)) return
    await reporter.group('Verify', async () => {
      const discrepancies = await unlessAborted(verify(planned, results, read), cancellation.stop)
      outcome.failures = failuresOf(planned, results, discrepancies)
      reporter.line(verifyLine(results, discrepancies))
    })
  } finally {
    api.close()
  }
}

async function readEvent(env: Edges['env']): Promise<WorkflowEvent> {
  const name = env.GITHUB_EVENT_NAME ?? ''
  try {
    return { name, payload: JSON.parse(await readFile(env.GITHUB_EVENT_PATH ?? '', 'utf8')) }
  } catch {
    return { name, payload: null }
  }
}
