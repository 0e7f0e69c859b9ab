/** The pipeline: inputs → manifest → observe → plan → apply → verify → report. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Edges } from './edges.ts'
import { decideMode, forkProblems, isFork, type WorkflowEvent } from './github/event.ts'
import { credentialProblems, readInputs, type Settings } from './inputs.ts'
import { createReader, createWriter } from './kaleyra/client.ts'
import { createDirectory } from './kaleyra/directory.ts'
import { openApi } from './kaleyra/http.ts'
import { expressionsOf } from './manifest/contexts.ts'
import { loadManifest } from './manifest/load.ts'
import { readSource } from './manifest/source.ts'
import { apply } from './reconcile/apply.ts'
import { observe } from './reconcile/observe.ts'
import { hasChanges, makePlan, type Plan } from './reconcile/plan.ts'
import { verify } from './reconcile/verify.ts'
import { failuresOf, planFailures, unexpected } from './report/failures.ts'
import { countsLine, planLines, progress } from './report/log.ts'
import { hasFailed, type Outcome } from './report/outcome.ts'
import { outputsOf } from './report/outputs.ts'
import { createReporter, type Reporter } from './report/reporter.ts'
import { failureText, summaryOf, verdict } from './report/summary.ts'
import { counted } from './report/text.ts'
import { createRedactor, secretsOf } from './secrets.ts'

/** Runs the action. Sets every output on every path, and returns the exit code. Never throws. */
export async function run(edges: Edges): Promise<number> {
  const { runner } = edges
  const redactor = createRedactor()
  const reporter = createReporter(runner, redactor)
  const hide = (secrets: Parameters<typeof redactor.add>[0]): void => {
    for (const mask of redactor.add(secrets)) runner.setSecret(mask)
  }
  const outcome: Mutable<Outcome> = {
    mode: 'auto',
    inputProblems: [],
    problems: [],
    entries: [],
    plan: null,
    results: null,
    failures: [],
  }
  let summary = true
  try {
    const { settings, problems } = readInputs(runner.getInput)
    hide([{ value: runner.getInput('api-key'), mask: true }])
    outcome.inputProblems = problems
    if (settings !== null) {
      summary = settings.summary
      await pipeline(settings, edges, reporter, hide, outcome)
    }
  } catch (error) {
    outcome.failures = [...outcome.failures, unexpected(error)]
  }
  outcome.failures = outcome.failures.map((failure) => ({
    ...failure,
    message: redactor.redactAll(failure.message),
  }))
  await report(outcome, edges, reporter, redactor.redact, summary)
  return hasFailed(outcome) ? 1 : 0
}

type Mutable<Value> = { -readonly [Name in keyof Value]: Value[Name] }

/** Fills in the outcome phase by phase, so that whatever is known when it ends is reported. */
async function pipeline(
  settings: Settings,
  edges: Edges,
  reporter: Reporter,
  hide: (secrets: { value: string; mask: boolean }[]) => void,
  outcome: Mutable<Outcome>,
): Promise<void> {
  const event = await readEvent(edges.env)
  const mode = decideMode(settings.mode, event)
  outcome.mode = mode
  if (mode !== 'validate') {
    outcome.inputProblems = [...credentialProblems(settings, isFork(event)), ...forkProblems(event)]
    if (outcome.inputProblems.length > 0) return
  }

  const { documents, problems: unread } = await readSource(settings.source, edges.workspace)
  const evaluate = await expressionsOf(
    documents,
    mode === 'validate' ? null : { env: edges.env, event: event.payload },
  )
  const { manifest, problems } = loadManifest(documents, evaluate)
  outcome.problems = [...unread, ...problems]
  if (manifest === null || unread.length > 0) return
  const { entries } = manifest
  outcome.entries = entries
  hide(entries.flatMap(secretsOf))
  await reporter.group('Manifest', async () => {
    reporter.line(
      `${counted(entries.length, 'profile')} declared in ${documents.map(({ name }) => name).join(', ')}`,
    )
  })
  if (mode === 'validate') return

  const { clock } = edges
  const api = openApi({ ...settings, clock })
  try {
    const reader = createReader(api.send)
    const directory = createDirectory(reader)
    const planned = await reporter.group('Account', async () => {
      reporter.line(`Reading account ${settings.sid} at ${settings.origin}`)
      const observation = await observe(entries, directory, reader)
      return makePlan(entries, observation, settings)
    })
    outcome.plan = planned.plan
    outcome.failures = planFailures(planned, settings, mode)
    await reporter.group('Plan', async () => {
      for (const line of planLines(planned.plan)) reporter.line(line)
    })
    if (mode === 'plan' || outcome.failures.length > 0) return

    const context = { ...settings, reader, writer: createWriter(api.send), directory, clock }
    const results = await reporter.group('Apply', async () => {
      reporter.line(
        hasChanges(planned.plan) ? `Applying ${countsLine(planned.plan.counts)}` : 'Nothing to do',
      )
      const onResult = progress(planned.plan, clock, reporter.line)
      return apply(planned.steps, { ...context, onResult })
    })
    outcome.results = results
    outcome.failures = failuresOf(planned, results, [])
    if (!results.some(({ wrote }) => wrote)) return
    await reporter.group('Verify', async () => {
      const discrepancies = await verify(planned.steps, results, context)
      outcome.failures = failuresOf(planned, results, discrepancies)
      reporter.line(
        discrepancies.length === 0
          ? 'The account equals the manifest'
          : `${counted(discrepancies.length, 'profile')} not as declared`,
      )
    })
  } finally {
    api.close()
  }
}

async function report(
  outcome: Outcome,
  edges: Edges,
  reporter: Reporter,
  redact: (text: string) => string,
  summary: boolean,
): Promise<void> {
  const { runner } = edges
  for (const { input, message } of outcome.inputProblems)
    reporter.failures([{ text: `Input \`${input}\` ${message}`, place: null }])
  reporter.problems(outcome.problems)
  reporter.failures(outcome.failures.map((failure) => ({ text: failureText(failure), place: failure.place })))
  const planFile = outcome.plan === null ? '' : await writePlan(outcome.plan, edges.temp)
  for (const [name, value] of outputsOf(outcome, planFile)) runner.setOutput(name, value)
  if (summary) await runner.writeSummary(redact(summaryOf(outcome)))
  reporter.line(`Callback profiles: ${verdict(outcome)}`)
}

/** Writes the plan for later steps, under a name of its own for each plan. Returns its path, or nothing where it cannot. */
async function writePlan(plan: Plan, temp: string): Promise<string> {
  const path = join(temp, `callback-profiles-plan-${plan.digest.slice(0, 12)}.json`)
  try {
    await mkdir(temp, { recursive: true })
    await writeFile(path, `${JSON.stringify(plan, null, 2)}\n`)
    return path
  } catch {
    return ''
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
