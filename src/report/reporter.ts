/** Prints: every line redacted and harmless, phases in groups, problems as annotations. */
import type { AnnotationPlace, Runner } from '../edges.ts'
import { type Place, type Problem, showProblem } from '../manifest/problem.ts'
import type { Redactor } from '../secrets.ts'
import { plain } from './text.ts'

/** GitHub shows this many annotations of a level per step. */
const MAX_ANNOTATIONS = 10

export interface Reporter {
  line(text: string): void
  /** Prints what `work` prints inside a group of the log. */
  group<Value>(title: string, work: () => Promise<Value>): Promise<Value>
  /** Every problem in the log, the first ten of each level as annotations. */
  problems(problems: readonly Problem[]): void
  /** Every failure in the log, the first ten as annotations. */
  failures(failures: readonly { readonly text: string; readonly place: Place | null }[]): void
}

/** Makes a reporter that prints through `runner` what `redactor` lets through. */
export function createReporter(runner: Runner, redactor: Redactor): Reporter {
  const clean = (text: string): string => plain(redactor.redact(text))
  const line = (text: string): void => runner.info(clean(text))
  const annotate = (
    level: 'error' | 'warning',
    items: readonly { text: string; place: Place | null }[],
  ): void => {
    for (const { text, place } of items.slice(0, MAX_ANNOTATIONS))
      runner[level](clean(text), annotationPlace(place))
  }
  return {
    line,
    group: async (title, work) => {
      runner.startGroup(clean(title))
      try {
        return await work()
      } finally {
        runner.endGroup()
      }
    },
    problems: (problems) => {
      for (const problem of problems) line(`${problem.severity}: ${showProblem(problem)}`)
      for (const level of ['error', 'warning'] as const) {
        const ofLevel = problems.filter(({ severity }) => severity === level)
        annotate(
          level,
          ofLevel.map((problem) => ({ text: annotationText(problem), place: problem.place })),
        )
      }
    },
    failures: (failures) => {
      for (const { text } of failures) line(`failed: ${text}`)
      annotate('error', failures)
    },
  }
}

function annotationText(problem: Problem): string {
  if (problem.place.file === null) return showProblem(problem)
  return problem.path === '' ? problem.message : `${problem.path}: ${problem.message}`
}

function annotationPlace(place: Place | null): AnnotationPlace {
  if (place === null || place.file === null) return {}
  return { file: place.file, startLine: place.line, startColumn: place.column }
}
