/** Hands out what a run found: annotations, plan file, outputs, job summary, and the last line of the log. */
import type { Edges } from '../edges.ts'
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
}

/** Publishes an outcome. A summary that cannot be written is a warning; throws where outputs cannot be set. */
export async function publish(
  outcome: Outcome,
  { runner, env, temp }: Edges,
  reporter: Reporter,
  { redactor, summary }: PublishOptions,
): Promise<void> {
  reporter.problems(outcome.problems)
  reporter.failures([
    ...outcome.inputProblems.map((problem) => ({ text: inputText(problem), place: null })),
    ...outcome.failures.map(located),
  ])
  reporter.failures(outcome.warnings.map(located), 'warning')
  const writePlan = async (plan: Plan): Promise<string> => {
    try {
      return await writePlanFile(plan, temp)
    } catch (error) {
      reporter.warnings([`The plan cannot be written to a file: ${(error as Error).message}`])
      return ''
    }
  }
  const planFile = outcome.plan === null ? '' : await writePlan(outcome.plan)
  const outputs = outputsOf(outcome, planFile)
  reporter.warnings(collisions(outputs, redactor.masksIn, env))
  for (const [name, value] of outputs) runner.setOutput(name, value)
  if (summary) {
    try {
      await runner.writeSummary(summaryOf(outcome, redactor.redact))
    } catch (error) {
      reporter.warnings([`The job summary cannot be written: ${(error as Error).message}`])
    }
  }
  reporter.line(`Callback profiles: ${verdict(outcome)}`)
}

const located = (failure: Failure): Located => ({ text: failureText(failure), place: failure.place })
