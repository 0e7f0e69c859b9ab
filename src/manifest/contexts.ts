import type { Document } from './document.ts'
import type { Contexts, Evaluate } from './expressions.ts'

/** Where the contexts of expressions come from. */
export interface ContextSource {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The workflow event's JSON. */
  readonly event: unknown
}

/**
 * The evaluator that these documents need: none where no text holds an expression, one that only checks where `source` is
 * null. The expression library is loaded only when it is needed.
 */
export async function expressionsOf(
  documents: readonly Document[],
  source: ContextSource | null,
): Promise<Evaluate | null> {
  if (!documents.some(({ templated }) => templated)) return null
  const { checker, evaluator } = await import('./expressions.ts')
  return source === null ? checker() : evaluator(contextsOf(source))
}

/** Never readable from a manifest: inputs and the runner's own credentials. */
const HIDDEN_VARIABLE = /^(INPUT_|ACTIONS_)|^GITHUB_TOKEN$/i
/** `GITHUB_*` variables that are files of the runner rather than facts of the run. */
const RUNNER_FILE = /^GITHUB_(ENV|OUTPUT|PATH|STATE|STEP_SUMMARY|TOKEN)$/

/** The contexts `env` and `github`: the step's environment, and the run's facts with its event, without any token. */
export function contextsOf({ env, event }: ContextSource): Contexts {
  const variables = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const github = variables
    .filter(([name]) => name.startsWith('GITHUB_') && !RUNNER_FILE.test(name))
    .map(([name, value]): [string, unknown] => [name.slice('GITHUB_'.length).toLowerCase(), value])
  return {
    env: Object.fromEntries(variables.filter(([name]) => !HIDDEN_VARIABLE.test(name))),
    github: { ...Object.fromEntries(github), event: event ?? {} },
  }
}
