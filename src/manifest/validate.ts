import type * as z from 'zod/mini'
import { valueAt } from '../values.ts'
import { didYouMean, type Finding, nearest, type Path, showPath, wrongKey, wrongValue } from './problem.ts'
import { KNOWN_NAMES, manifestSchema, profileSchema } from './schema.ts'

const SCHEMAS = { profile: profileSchema, manifest: manifestSchema }

/** Fields whose value may be repeated in a message. All others may hold a secret. */
const SHOWN = ['title', 'http_method', 'channel', 'enc.algo', 'state', 'version', 'prune.title_prefix']
const MAX_SHOWN = 200

/** Checks a value against the schema of a profile or of a manifest. Returns every finding, in the words that the user reads. */
export function check(kind: keyof typeof SCHEMAS, value: unknown): Finding[] {
  const { error } = SCHEMAS[kind].safeParse(value)
  const findings = error?.issues.flatMap((issue) => explain(issue, value, kind)) ?? []
  // Of one value the first rule that it breaks says enough.
  const ofOneValue = Map.groupBy(findings, ({ path }) => JSON.stringify(path))
  return [...ofOneValue.values()].flatMap(([first]) => first ?? [])
}

function explain(issue: z.core.$ZodIssue, value: unknown, kind: keyof typeof SCHEMAS): Finding[] {
  const path = issue.path as Path
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownField([...path, key], key, String(path.at(-1) ?? kind)))
  }
  if (issue.code === 'invalid_key') return [wrongKey(path, issue.issues[0]?.message ?? issue.message)]
  const found = valueAt(value, path)
  if (found === undefined) return [wrongKey(path, `it is missing: ${issue.message}`)]
  if (issue.code === 'invalid_union' && Array.isArray(found)) {
    const asList = issue.errors.at(-1) ?? []
    return asList.flatMap((inner) => explain({ ...inner, path: [...path, ...inner.path] }, value, kind))
  }
  const wrongType =
    issue.code === 'invalid_type' || issue.code === 'invalid_union' || typeof found === 'object'
  const choices = issue.code === 'invalid_value' ? issue.values.map(String) : []
  const suggestion = typeof found === 'string' ? didYouMean(found, choices) : ''
  if (typeof found !== 'object' && SHOWN.includes(showPath(path[0] === 'defaults' ? path.slice(1) : path))) {
    const text = JSON.stringify(found)
    return [wrongValue(path, issue.message, text.length > MAX_SHOWN ? '' : `, found ${text}${suggestion}`)]
  }
  return [wrongValue(path, wrongType ? `${issue.message}, found ${typeText(found)}` : issue.message)]
}

const HOMES = { manifest: 'the top of the manifest', profile: 'a profile', enc: '`enc`', prune: '`prune`' }

/** Says where a name belongs, if not where it stands; else the known name that is near. */
function unknownField(path: Path, name: string, owner: string): Finding {
  for (const [kind, home] of Object.entries(HOMES)) {
    if (KNOWN_NAMES[kind as keyof typeof HOMES].includes(name))
      return wrongKey(path, `unknown field here: it belongs to ${home}`)
  }
  const known = KNOWN_NAMES[owner as keyof typeof KNOWN_NAMES]
  const meant = nearest(name, known)
  return { ...wrongKey(path, `unknown field${didYouMean(name, known)}`), ...(meant !== null && { meant }) }
}

function typeText(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  const names = { object: 'an object', string: 'a text', number: 'a number', boolean: 'a boolean' }
  return names[typeof value as keyof typeof names]
}
