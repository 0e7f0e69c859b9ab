/** The pipeline: inputs → manifest → observe → plan → apply → verify → report. */
import { readFileSync } from 'node:fs'
import { unlessAborted } from './cancellation.ts'
import type { Clock } from './clock.ts'
import type { Edges } from './edges.ts'
import { checkedOutFiles } from './github/checkout.ts'
import {
  decideMode,
  forkProblems,
  isFork,
  pullRequestOf,
  secretlessReason,
  type WorkflowEvent,
} from './github/event.ts'
import { credentialProblems, type PreflightPolicy, readInputs, SECRET_INPUTS } from './inputs.ts'
import { createReader, createWriter } from './kaleyra/client.ts'
import { createDirectory } from './kaleyra/directory.ts'
import { openApi } from './kaleyra/http.ts'
import { expressionsOf } from './manifest/contexts.ts'
import type { Entry } from './manifest/entry.ts'
import { loadManifest, type Manifest } from './manifest/load.ts'
import { readSource } from './manifest/source.ts'
import type { Preflight } from './preflight/preflight.ts'
import { apply } from './reconcile/apply.ts'
import { decide } from './reconcile/decide.ts'
import { observe, profilesOf } from './reconcile/observe.ts'
import { hasChanges } from './reconcile/plan.ts'
import { verify } from './reconcile/verify.ts'
import { createRedactor } from './redactor.ts'
import {
  blockedWarnings,
  CANCELLED,
  endpointFailures,
  failuresOf,
  failureText,
  planFailures,
  redacted,
  unexpected,
} from './report/failures.ts'
import { countsLine, planLines, preflightLine, progress, verifyLine } from './report/log.ts'
import { hasFailed, type Outcome } from './report/outcome.ts'
import { readPlanFile } from './report/plan-file.ts'
import { publish } from './report/publish.ts'
import { createReporter } from './report/reporter.ts'
import { counted } from './report/text.ts'
import { heldSecrets, proxySecrets, type Secret, secretsOf } from './secrets.ts'
import type { Session } from './session.ts'

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
    unread: null,
    results: null,
    warnings: [],
    failures: [],
    exported: null,
  }
  const event = readEvent(edges.env)
  const { settings, problems } = readInputs(runner.getInput)
  try {
    hide(SECRET_INPUTS.map((name) => ({ value: runner.getInput(name), mask: true })))
    hide(proxySecrets(edges.env))
    // Stored as a secret by most, and in every address of the API: what the server writes is not to spread it.
    hide([{ value: runner.getInput('sid'), mask: false }])
    outcome.inputProblems = problems
    if (settings !== null) await pipeline({ settings, event, edges, reporter, redactor, hide }, outcome)
  } catch (error) {
    if (error !== stop.reason) outcome.failures = [...outcome.failures, unexpected(error)]
  }
  if (stop.aborted) outcome.failures = [CANCELLED, ...outcome.failures]
  outcome.failures = outcome.failures.map((failure) => redacted(failure, redactor.redactAll))
  const comment = async (): Promise<string | null> => {
    const pull = pullRequestOf(event)
    const wanted = settings !== null && settings.comment !== 'never' && outcome.mode === 'plan'
    if (!wanted || pull === null || stop.aborted) return null
    const { commentPlan } = await import('./github/comment.ts')
    return commentPlan(outcome, pull, settings, edges, redactor.redact)
  }
  try {
    await publish(outcome, edges, reporter, { redactor, summary: settings?.summary ?? true, comment })
  } catch (error) {
    reporter.failures([{ text: failureText(redacted(unexpected(error), redactor.redactAll)), place: null }])
    return 1
  }
  return hasFailed(outcome) ? 1 : 0
}

type Mutable<Value> = { -readonly [Name in keyof Value]: Value[Name] }

/** Fills in the outcome phase by phase, so that whatever is known when it ends is reported. */
async function pipeline(session: Session, outcome: Mutable<Outcome>): Promise<void> {
  const { settings, event, edges, reporter, hide } = session
  const mode = decideMode(settings.mode, event)
  outcome.mode = mode
  const secretless = mode === 'plan' && settings.apiKey === '' ? secretlessReason(event) : null
  const offline = mode === 'validate' || secretless !== null
  if (!offline) {
    const refused = forkProblems(event)
    outcome.inputProblems = refused.length > 0 ? refused : credentialProblems(settings, isFork(event))
    if (outcome.inputProblems.length > 0) return
  }
  if (mode === 'export') {
    const { exportAccount } = await import('./export/account.ts')
    Object.assign(outcome, await exportAccount(session))
    return
  }

  const files = await checkedOutFiles(session)
  const reading = readSource(settings.source, files)
  const { documents, problems: unread } = await unlessAborted(reading, edges.cancellation.stop)
  const evaluate = await expressionsOf(documents, offline ? null : { env: edges.env, event: event.payload })
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
  if (secretless === null) return reconcile(manifest, session, outcome)
  const { declaredPlan } = await import('./github/declared.ts')
  Object.assign(outcome, await declaredPlan(manifest, secretless, session))
}

/** Makes the account equal to a manifest, or plans that: observe → plan → apply → verify. */
async function reconcile(manifest: Manifest, session: Session, outcome: Mutable<Outcome>): Promise<void> {
  const { settings, edges, reporter, redactor, hide } = session
  const { clock, cancellation } = edges
  const preflight = await startPreflight(settings.preflight, manifest.entries, clock)
  const api = openApi({ ...settings, clock, cancellation })
  try {
    const reader = createReader(api.send)
    const directory = createDirectory(reader, manifest.entries.length)
    const read = { reader, directory, clock, cancellation }
    const planned = await reporter.group('Account', async () => {
      reporter.line(`Reading account ${settings.sid} at ${settings.origin}`)
      const observation = await unlessAborted(observe(manifest, read), cancellation.stop)
      hide(heldSecrets(profilesOf(observation)))
      return decide(manifest, observation, settings, redactor)
    })
    const { plan } = planned
    const reviewed = readPlanFile(settings.expectedPlan, edges.temp)
    outcome.plan = plan
    outcome.failures = planFailures(planned, settings, outcome.mode, reviewed)
    outcome.warnings = outcome.mode === 'plan' ? blockedWarnings(planned, settings) : []
    await reporter.group('Plan', async () => {
      for (const line of planLines(plan)) reporter.line(line)
    })
    if (preflight !== null) {
      await reporter.group('Preflight', async () => {
        const checked = await unlessAborted(preflight.checked, cancellation.stop)
        const found = endpointFailures(planned, checked, settings.preflight)
        outcome.failures = [...outcome.failures, ...found.failures]
        outcome.warnings = [...outcome.warnings, ...found.warnings]
        reporter.line(preflightLine(checked))
      })
    }
    if (outcome.mode === 'plan' || outcome.failures.length > 0) return

    const results = await reporter.group('Apply', async () => {
      reporter.line(hasChanges(plan) ? `Applying ${countsLine(plan.counts)}` : 'Nothing to do')
      const writer = createWriter(api.send)
      const onResult = progress(plan, clock, reporter.line)
      return apply(planned, { ...settings, ...read, writer, onResult })
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
    preflight?.close()
    api.close()
  }
}

/** Starts to check the endpoints where that is asked for. What it takes is loaded only then. */
async function startPreflight(
  policy: PreflightPolicy,
  entries: readonly Entry[],
  clock: Clock,
): Promise<Preflight | null> {
  if (policy === 'off') return null
  const preflight = await import('./preflight/preflight.ts')
  return preflight.startPreflight(entries, clock)
}

function readEvent(env: Edges['env']): WorkflowEvent {
  const name = env.GITHUB_EVENT_NAME ?? ''
  try {
    return { name, payload: JSON.parse(readFileSync(env.GITHUB_EVENT_PATH ?? '', 'utf8')) }
  } catch {
    return { name, payload: null }
  }
}
