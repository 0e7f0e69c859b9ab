import type { AnnotationPlace, Runner } from '../../src/edges.ts'
import type { Entry } from '../../src/manifest/entry.ts'
import type { Result } from '../../src/reconcile/apply.ts'
import type { Planned, Step } from '../../src/reconcile/decide.ts'
import { type Change, type Plan, planOf } from '../../src/reconcile/plan.ts'
import type { Failure, Outcome } from '../../src/report/outcome.ts'
import { declared } from '../declared.ts'

/** A change of the key `orders`: nothing to do unless these facts say otherwise. */
export const change = (facts: Partial<Change> = {}): Change => ({
  key: 'orders',
  title: 'GH Orders',
  id: 'SG_1',
  verb: 'unchanged',
  mayReplace: false,
  changes: [],
  notes: [],
  ...facts,
})

export const plan = (...changes: Change[]): Plan => planOf('https://api.kaleyra.io', 'HX1', changes)

/** What became of a change: done as planned unless these facts say otherwise. */
export const result = (of: Change, facts: Partial<Result> = {}): Result => ({
  change: of,
  verb: of.verb,
  id: of.id,
  wrote: of.verb !== 'unchanged' && of.verb !== 'report',
  error: null,
  ...facts,
})

export const failure = (facts: Partial<Failure> = {}): Failure => ({
  change: null,
  message: 'it failed',
  said: '',
  hint: '',
  place: null,
  ...facts,
})

/** An outcome of an apply that found nothing, unless these facts say otherwise. */
export const outcome = (facts: Partial<Outcome> = {}): Outcome => ({
  mode: 'apply',
  inputProblems: [],
  problems: [],
  entries: [],
  plan: null,
  unread: null,
  results: null,
  warnings: [],
  failures: [],
  exported: null,
  ...facts,
})

/** A plan with its steps, each of them declared by one entry. */
export async function planned(changes: readonly Change[], entry?: Entry): Promise<Planned> {
  const each = entry ?? (await declared())
  const steps = changes.map(
    (of): Step => ({
      change: of,
      entry: each,
      remote: null,
      fields: [],
      seen: new Set(),
      leftovers: [],
      wave: 'declared',
    }),
  )
  return { plan: plan(...changes), steps, errors: [] }
}

/** A runner that remembers what it was told. */
export function recorder() {
  const lines: string[] = []
  const annotations: { level: string; message: string; place: AnnotationPlace }[] = []
  const runner: Runner = {
    getInput: () => '',
    info: (line) => lines.push(line),
    startGroup: (title) => lines.push(`[${title}]`),
    endGroup: () => lines.push('[end]'),
    error: (message, place) => annotations.push({ level: 'error', message, place }),
    warning: (message, place) => annotations.push({ level: 'warning', message, place }),
    setSecret: () => {},
    setOutput: () => {},
    writeSummary: async () => {},
  }
  return { runner, lines, annotations }
}
