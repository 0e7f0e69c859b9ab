/** Prints: every line redacted and harmless, phases in groups, problems as annotations. */
import type { AnnotationPlace, Runner } from '../edges.ts'
import { type Place, type Problem, showPlace } from '../manifest/problem.ts'
import type { Redactor } from '../redactor.ts'
import { plain } from './text.ts'

/** GitHub shows this many annotations of a level per step. */
const MAX_ANNOTATIONS = 10

/** Something to print, and where in the manifest it belongs. */
export interface Located {
  readonly text: string
  readonly place: Place | null
}

export interface Reporter {
  line(text: string): void
  /** Prints what `work` prints inside a group of the log. */
  group<Value>(title: string, work: () => Promise<Value>): Promise<Value>
  /** Every problem in the log, the first ten of each level as annotations. */
  problems(problems: readonly Problem[]): void
  /** Every failure in the log, the first ten as annotations: errors, or warnings where the step does not fail for them. */
  failures(failures: readonly Located[], level?: 'error' | 'warning'): void
  warnings(texts: readonly string[]): void
}

/** Makes a reporter that prints through `runner` what `redactor` lets through. */
export function createReporter(runner: Runner, redactor: Pick<Redactor, 'redact'>): Reporter {
  const clean = (text: string): string => plain(redactor.redact(text))
  const line = (text: string): void => runner.info(clean(text))

  /** The log shows an annotation's text without its file: what stands in a file gets a line with its place, too. */
  const list = (level: 'error' | 'warning', items: readonly Located[]): void => {
    for (const [index, { text, place }] of items.entries()) {
      const inFile = place !== null && place.file !== null
      if (inFile) line(`${level}: ${showPlace(place)}  ${text}`)
      else if (index >= MAX_ANNOTATIONS) line(`${level}: ${located(text, place)}`)
    }
    for (const { text, place } of items.slice(0, MAX_ANNOTATIONS)) {
      const inFile = place !== null && place.file !== null
      runner[level](clean(inFile ? text : located(text, place)), annotationPlace(place))
    }
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
      for (const level of ['error', 'warning'] as const) {
        const ofLevel = problems.filter(({ severity }) => severity === level)
        list(
          level,
          ofLevel.map(({ path, message, place }) => ({
            text: path === '' ? message : `${path}: ${message}`,
            place,
          })),
        )
      }
    },
    failures: (failures, level = 'error') => list(level, failures),
    warnings: (texts) =>
      list(
        'warning',
        texts.map((text) => ({ text, place: null })),
      ),
  }
}

const located = (text: string, place: Place | null): string =>
  place === null ? text : `${showPlace(place)}  ${text}`

function annotationPlace(place: Place | null): AnnotationPlace {
  if (place === null || place.file === null) return {}
  return { file: place.file, startLine: place.line, startColumn: place.column }
}
