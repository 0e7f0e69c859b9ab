import { LineCounter, parseDocument } from 'yaml'
import { excessOf } from './excess.ts'
import { type Fault, spotsOf, toPlain } from './nodes.ts'
import { type Path, type Place, type Problem, showPath } from './problem.ts'

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

/** How the parser is set. Its own checks for duplicates and bombs take quadratic time: `toPlain` does them. */
const SETTINGS = {
  prettyErrors: false,
  logLevel: 'error',
  schema: 'core',
  resolveKnownTags: false,
  stringKeys: true,
  uniqueKeys: false,
} as const

/** Most problems that one text reports. Where there are more, the first ones are the cause. */
const MAX_PROBLEMS = 200

/**
 * Parses YAML 1.2 (and so JSON) with anchors and merge keys; every name is text. Reports every problem: the document is
 * null where the syntax is wrong, and there beside what else is wrong with it (such as a key that stands there twice).
 */
export function parseSource(source: Source): { document: Document | null; problems: Problem[] } {
  const lines = new LineCounter()
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { source: source.name, file: source.file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const located = (faults: readonly Fault[]): Problem[] =>
    faults.slice(0, MAX_PROBLEMS + 1).map(({ offset, path, message }, index) => ({
      severity: 'error',
      place: place(offset),
      path: index < MAX_PROBLEMS ? showPath(path) : '',
      message: index < MAX_PROBLEMS ? message : `${faults.length - MAX_PROBLEMS} more problems from here on`,
    }))

  const excess = excessOf(source.text)
  if (excess !== null) {
    const before = source.text.slice(0, excess.offset)
    lines.lineStarts.push(0, ...[...before.matchAll(/\n/g)].map(({ index }) => index + 1))
    return { document: null, problems: located([{ ...excess, path: [] }]) }
  }
  const text = withoutJsonComments(source.text)
  const yaml = parsed(text, lines)
  if (yaml === null) {
    const message = syntaxMessage('RESOURCE_EXHAUSTION', '')
    return { document: null, problems: located([{ offset: 0, path: [], message }]) }
  }
  const syntax = [...yaml.errors, ...yaml.warnings]
  const deep = syntax.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
  const faults = (deep === undefined ? syntax : [deep]).map(({ code, message, pos }) => ({
    offset: pos[0],
    path: [],
    message: syntaxMessage(code, message),
  }))
  if (faults.length > 0) return { document: null, problems: located(faults) }

  const plain = toPlain(yaml.contents, lines)
  // Few texts have a problem: what is needed to place one takes half of the memory, and is made when there is one.
  let spotOf: ReturnType<typeof spotsOf> | null = null
  const spot = (path: Path) => {
    spotOf ??= spotsOf(parsed(text, new LineCounter())?.contents ?? null, lines)
    return spotOf(path)
  }
  const document: Document = {
    name: source.name,
    evaluates: true,
    templated: plain.templated,
    value: plain.value,
    place: (path) => place(spot(path).value),
    keyPlace: (path) => {
      const { key, value } = spot(path)
      return place(key ?? value)
    },
  }
  return { document, problems: located(plain.faults) }
}

/** Parses a text, or returns null where the parser runs out of stack before it counts how deeply the text is nested. */
function parsed(text: string, lineCounter: LineCounter): ReturnType<typeof parseDocument> | null {
  try {
    return parseDocument(text, { ...SETTINGS, lineCounter })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** What to do about a syntax error. The parser's own messages may quote a secret, so what they quote is cut off. */
function syntaxMessage(code: string, message: string): string {
  if (message.endsWith('at node end'))
    return 'expected nothing after this value: it may need quotes as a whole'
  return MENDS[code] ?? message.replace(/(?<=\w): .*$/s, '')
}

const MENDS: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'expected a name after `*` or `&`: a text that starts with one of them needs quotes',
  BAD_DQ_ESCAPE: 'expected an escape sequence of YAML: in double quotes a backslash is written twice',
  BAD_SCALAR_START: 'expected a text in quotes: this character has a meaning in YAML',
  BLOCK_AS_IMPLICIT_KEY: 'expected one `name: value` on a line: a value that holds `: ` needs quotes',
  MULTILINE_IMPLICIT_KEY: 'expected `name: value` on one line: a colon may be missing above',
  MULTIPLE_DOCS: 'expected one YAML document: remove the `---` that starts a second one',
  NON_STRING_KEY: 'expected a text as name',
  RESOURCE_EXHAUSTION: 'expected objects and lists that are less deeply nested',
  TAG_RESOLVE_FAILED: 'expected YAML without tags: a text that starts with `!` needs quotes',
}

/**
 * Blanks the `//` comments of JSON, which the documentation's samples carry and YAML does not know. Any other text, and the
 * place of everything that is left, stays as it is.
 */
function withoutJsonComments(text: string): string {
  if (!/^\s*[{[]/.test(text) || !text.includes('//')) return text
  const blanked = text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/.*/g, (part) =>
    part.startsWith('"') ? part : ' '.repeat(part.length),
  )
  try {
    JSON.parse(blanked.replace(/,(?=\s*[}\]])/g, ''))
    return blanked
  } catch {
    return text
  }
}
