import { conflicts } from './conflicts.ts'
import type { Document } from './document.ts'
import { type Draft, type Entry, isRecord, problemAt, resolve, step } from './entry.ts'
import type { Evaluate } from './expressions.ts'
import { type Path, type Place, type Problem, showPath, showPlace } from './problem.ts'
import { KNOWN_NAMES, manifestSchema } from './schema.ts'
import { hasExpression } from './template.ts'
import { check, type Finding } from './validate.ts'

export interface Manifest {
  readonly entries: readonly Entry[]
  readonly prune: { readonly title_prefix: string } | null
}

/** A manifest that is null holds errors; warnings may stand beside a good one. Problems are in the order of the files. */
export interface Loaded {
  readonly manifest: Manifest | null
  readonly problems: readonly Problem[]
}

/** Most profiles that one manifest may declare. */
export const MAX_PROFILES = 5000

/**
 * Makes one manifest of parsed documents: merges defaults, evaluates expressions, checks all rules, and reports every
 * problem at once. `evaluate` is null where no text holds an expression.
 */
export function loadManifest(documents: readonly Document[], evaluate: Evaluate | null): Loaded {
  const problems: Problem[] = []
  const drafts: Draft[] = []
  let prune: { title_prefix: string; place: Place } | null = null
  for (const document of documents) {
    const opened = open(document)
    problems.push(...opened.problems)
    drafts.push(...opened.drafts)
    if (opened.prune === null) continue
    const place = document.keyPlace(['prune'])
    if (prune !== null) {
      const message = `only one \`prune\` may stand in a manifest; the other is at ${showPlace(prune.place)}`
      problems.push({ severity: 'error', place, path: 'prune', message })
    }
    prune = { ...opened.prune, place }
  }
  const first = drafts[MAX_PROFILES]
  if (first !== undefined) {
    const message = `a manifest may declare ${MAX_PROFILES} profiles, this one has ${drafts.length}: split it over several accounts or steps`
    return {
      manifest: null,
      problems: [problemAt(first, { path: [], part: 'key', severity: 'error', message })],
    }
  }
  const entries = drafts.flatMap((draft, index) => {
    const resolved = resolve(draft, index, drafts.length, evaluate)
    problems.push(...resolved.problems)
    return resolved.entry === null ? [] : [resolved.entry]
  })
  problems.push(...conflicts(entries))
  const unique = [...new Map(problems.map((problem) => [identity(problem), problem])).values()]
  const failed = unique.some(({ severity }) => severity === 'error')
  return {
    manifest: failed ? null : { entries, prune: prune && { title_prefix: prune.title_prefix } },
    problems: unique.sort(byPlace(documents)),
  }
}

const identity = ({ place, message }: Problem): string => `${showPlace(place)} ${message}`
const byPlace =
  (documents: readonly Document[]) =>
  (a: Problem, b: Problem): number => {
    const order = (problem: Problem): number =>
      documents.findIndex(({ name }) => name === problem.place.source)
    return order(a) - order(b) || a.place.line - b.place.line || a.place.column - b.place.column
  }

interface Opened {
  drafts: Draft[]
  prune: { title_prefix: string } | null
  problems: Problem[]
}

/** Takes a document apart into drafts: a manifest in map or list form, or a single profile as it is. */
function open(document: Document): Opened {
  const root = document.value
  const fail = (message: string): Opened => ({
    drafts: [],
    prune: null,
    problems: [{ severity: 'error', place: document.place([]), path: '', message }],
  })
  if (root === null || root === undefined)
    return fail('it is empty: expected `profiles:` with callback profiles')
  if (!isRecord(root)) return fail('expected `profiles:` with callback profiles, or a single profile')
  if (isSingleProfile(root)) {
    return { drafts: [{ document, at: [], key: null, own: root, defaults: {} }], prune: null, problems: [] }
  }
  const { value, findings } = check(manifestSchema, root, [...KNOWN_NAMES.manifest])
  const problems = findings
    .filter(({ path, part }) => part === 'key' || !hasExpression(path.reduce<unknown>(step, root)))
    .map((finding) => problemIn(document, [], finding))
  const defaults = isRecord(root.defaults) ? root.defaults : {}
  const profiles = root.profiles
  const drafts = Array.isArray(profiles)
    ? profiles.map((own, index) => ({ key: null, own, at: ['profiles', index] as Path }))
    : Object.entries(isRecord(profiles) ? profiles : {}).map(([key, own]) => ({
        key,
        own,
        at: ['profiles', key] as Path,
      }))
  const good = drafts.filter(({ own, at }) => {
    if (isRecord(own)) return true
    problems.push(
      problemIn(document, at, {
        path: [],
        part: 'key',
        severity: 'error',
        message: 'expected an object with the fields of a profile',
      }),
    )
    return false
  })
  return {
    drafts: good.map((draft) => ({
      ...draft,
      own: draft.own as Record<string, unknown>,
      document,
      defaults,
    })),
    prune: value?.prune ?? null,
    problems,
  }
}

function isSingleProfile(root: Record<string, unknown>): boolean {
  const names = Object.keys(root)
  const manifestOnly: readonly string[] = ['version', 'defaults', 'prune', 'profiles', 'profile']
  return (
    !names.some((name) => manifestOnly.includes(name)) &&
    names.some((name) => KNOWN_NAMES.profile.includes(name as never))
  )
}

function problemIn(document: Document, base: Path, finding: Finding): Problem {
  const path = [...base, ...finding.path]
  const place = finding.part === 'key' ? document.keyPlace(path) : document.place(path)
  return { severity: finding.severity, place, path: showPath(path), message: finding.message }
}
