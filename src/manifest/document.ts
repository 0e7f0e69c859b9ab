import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Document as Yaml,
} from 'yaml'
import type { Path, Place, Problem } from './problem.ts'
import { hasTemplate } from './template.ts'

/** Text that somebody wrote, and what to call it in messages. */
export interface Source {
  readonly name: string
  /** Path from the workspace's root where the text is a file's, else null. */
  readonly file: string | null
  readonly text: string
}

/** A parsed text: its value, and the place of everything in it. */
export interface Document {
  readonly name: string
  /** Whether `${{ … }}` in its texts is evaluated: not in an input, which GitHub has evaluated already. */
  readonly evaluates: boolean
  /** Whether there is any such text. */
  readonly templated: boolean
  readonly value: unknown
  /** Place of the value at `path`, through aliases and merge keys; of its nearest ancestor where there is none. */
  place(path: Path): Place
  /** Place of the key at `path` rather than of its value. */
  keyPlace(path: Path): Place
}

/** Aliases that one document may expand to; more is a bomb. The parser's own default. */
const MAX_ALIASES = 100

/**
 * Parses YAML 1.2 (and so JSON) with anchors and merge keys. Custom tags are refused.
 * Returns the document, or every syntax problem.
 */
export function parseSource(
  source: Source,
): { document: Document; problems: [] } | { document: null; problems: Problem[] } {
  const lines = new LineCounter()
  const yaml = parseDocument(source.text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    version: '1.2',
  })
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { source: source.name, file: source.file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const problem = (offset: number, message: string): Problem => ({
    severity: 'error',
    place: place(offset),
    path: '',
    message,
  })

  const faults = [...yaml.errors, ...yaml.warnings]
  if (faults.length > 0) {
    return {
      document: null,
      problems: faults.map((fault) => problem(fault.pos[0], syntaxMessage(fault.code, fault.message))),
    }
  }
  let value: unknown
  try {
    value = yaml.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (error) {
    return { document: null, problems: [problem(0, `the YAML cannot be read: ${(error as Error).message}`)] }
  }
  const offsetOf = (path: Path, part: 'key' | 'value'): number => {
    const found = walk(yaml, path)
    const node = part === 'key' ? (found.key ?? found.value) : (found.value ?? found.key)
    return node?.range?.[0] ?? 0
  }
  return {
    document: {
      name: source.name,
      evaluates: true,
      templated: hasTemplate(source.text),
      value,
      place: (path) => place(offsetOf(path, 'value')),
      keyPlace: (path) => place(offsetOf(path, 'key')),
    },
    problems: [],
  }
}

function syntaxMessage(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'this key stands here a second time'
  if (code === 'MULTIPLE_DOCS') return 'expected one YAML document: remove the `---` that starts a second one'
  if (code === 'TAG_RESOLVE_FAILED') return `expected plain YAML: ${message}`
  return message
}

interface Found {
  key: Node | null
  value: Node | null
}

/** The key and value nodes at a path. Stops at the deepest ancestor that exists: a missing field is shown there. */
function walk(yaml: Yaml, path: Path): Found {
  let found: Found = { key: null, value: yaml.contents }
  for (const step of path) {
    const next = child(yaml, found.value, step)
    if (next === null) return { key: found.key, value: found.key ?? found.value }
    found = next
  }
  return found
}

function child(yaml: Yaml, parent: Node | null, step: string | number): Found | null {
  const node = isAlias(parent) ? (parent.resolve(yaml) ?? null) : parent
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined
    return item === undefined ? null : { key: null, value: item }
  }
  if (!isMap(node)) return null
  const pairs = node.items as Pair<Node, Node | null>[]
  const own = pairs.find(
    (pair) => isScalar(pair.key) && pair.key.value !== MERGE && String(pair.key.value) === String(step),
  )
  if (own !== undefined) return { key: own.key, value: own.value }
  for (const pair of pairs.filter(({ key }) => isMergeKey(key))) {
    const merged = isSeq(pair.value) ? (pair.value.items as Node[]) : [pair.value]
    for (const source of merged) {
      const inherited = child(yaml, source, step)
      if (inherited !== null) return inherited
    }
  }
  return null
}

const MERGE = '<<'
function isMergeKey(key: Node): boolean {
  if (!isScalar(key)) return false
  return key.value === MERGE || (typeof key.value === 'symbol' && key.value.description === MERGE)
}
