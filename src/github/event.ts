/** What the workflow event says: which mode `auto` means, and which pull request it is about. Pure. */
import type { InputProblem, Mode } from '../inputs.ts'

/** The parts of the event that matter here. `payload` is the event's JSON, or null where it could not be read. */
export interface WorkflowEvent {
  readonly name: string
  readonly payload: unknown
}

const PLANNED_EVENTS: readonly string[] = ['pull_request', 'pull_request_target', 'merge_group']

/** The mode that `auto` stands for on this event: plan before a merge, apply after. */
export function decideMode(mode: Mode, event: WorkflowEvent): Exclude<Mode, 'auto'> {
  if (mode !== 'auto') return mode
  return PLANNED_EVENTS.includes(event.name) ? 'plan' : 'apply'
}

/**
 * Tells whether the event is a pull request whose head is in another repository than its base. In doubt it is: where
 * `pull_request_target` comes without a pull request, and where the head's repository was deleted.
 */
export function isFork({ name, payload }: WorkflowEvent): boolean {
  const pull = get(payload, 'pull_request')
  if (pull === undefined) return name === 'pull_request_target'
  const repository = (side: string): unknown => get(get(get(pull, side), 'repo'), 'full_name')
  return repository('head') === undefined || repository('head') !== repository('base')
}

/** A pull request, as far as it matters here. */
export interface PullRequest {
  readonly number: number
  /** Commit of the base branch that the pull request was last compared with. */
  readonly baseSha: string
}

/** The pull request that the event is about, or null. */
export function pullRequestOf({ payload }: WorkflowEvent): PullRequest | null {
  const pull = get(payload, 'pull_request')
  const [number, baseSha] = [get(pull, 'number'), get(get(pull, 'base'), 'sha')]
  return Number.isInteger(number) && typeof baseSha === 'string'
    ? { number: number as number, baseSha }
    : null
}

const DEPENDABOT = 'dependabot[bot]'

/**
 * Why GitHub gives this event no secrets of the repository, or null where it gives them. Where it gives none, they arrive
 * as empty texts (documentation of GitHub).
 */
export function secretlessReason(event: WorkflowEvent): string | null {
  if (event.name !== 'pull_request') return null
  if (isFork(event)) return 'GitHub gives no secrets to a pull request from a fork'
  const author = get(get(get(event.payload, 'pull_request'), 'user'), 'login')
  return author === DEPENDABOT || get(get(event.payload, 'sender'), 'login') === DEPENDABOT
    ? "GitHub gives Dependabot's pull requests none of the secrets of Actions"
    : null
}

/** Refuses secrets to the code of a fork: `pull_request_target` has them, whoever wrote the head. */
export function forkProblems(event: WorkflowEvent): InputProblem[] {
  if (event.name !== 'pull_request_target' || !isFork(event)) return []
  const message =
    'is refused on `pull_request_target` for the head of a fork, whose manifest could send secrets anywhere: run the action on `pull_request`'
  return [{ input: 'mode', message }]
}

function get(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
