/** Hands out what a run found: annotations, plan file, outputs, job summary, comment, and the last line of the log. */
import type { Edges } from '../edges.ts'
import { runContext } from '../github/context.ts'
import type { Plan } from '../reconcile/plan.ts'
import type { Redactor } from '../redactor.ts'
import { collisions } from './collisions.ts'
import { failureText, inputText } from './failures.ts'
import type { Failure, Outcome } from './outcome.ts'
import { outputsOf } from './outputs.ts'
import { writePlanFile } from './plan-file.ts'
import type { Located, Reporter } from './reporter.ts'
import { summaryOf, verdict } from './summary.ts'

interface PublishOptions {
  readonly redactor: Redactor
  readonly summary: boolean
  /** Puts the outcome on the pull request, if that is wanted. Returns why it could not be, or null. */
  readonly comment: () => Promise<string | null>
}

/** Publishes an outcome. A summary that cannot be written is a warning; throws where outputs cannot be set. */
export async function publish(
  outcome: Outcome,
  { runner, env, temp }: Edges,
  reporter: Reporter,
  { redactor, summary, comment }: PublishOptions,
): Promise<void> {
  reporter.problems(outcome.problems)
  reporter.failures([
    ...outcome.inputProblems.map((problem) => ({ text: inputText(problem), place: null })),
    ...outcome.failures.map(located),
  ])
  reporter.failures(outcome.warnings.map(located), 'warning')
  const writePlan = (plan: Plan): string => {
    try {
      return writePlanFile(plan, temp)
    } catch (error) {
      reporter.warnings([`The plan cannot be written to a file: ${(error as Error).message}`])
      return ''
    }
  }
  const planFile = outcome.plan === null || outcome.unread !== null ? '' : writePlan(outcome.plan)
  const outputs = outputsOf(outcome, planFile)
  reporter.warnings(collisions(outputs, redactor.masksIn, env))
  for (const [name, value] of outputs) runner.setOutput(name, value)
  if (summary) {
    try {
      await runner.writeSummary(summaryOf(outcome, runContext(env), redactor.redact))
    } catch (error) {
      reporter.warnings([`The job summary cannot be written: ${(error as Error).message}`])
    }
  }
  const uncommented = await comment()
  if (uncommented !== null) reporter.warnings([uncommented])
  reporter.line(`Callback profiles: ${verdict(outcome)}`)
}

const located = (failure: Failure): Located => ({ text: failureText(failure), place: failure.place })
