import { isRecord } from '../values.ts'
import type { Evaluate } from './expressions.ts'
import { type Finding, type Path, showPath, wrongKey, wrongValue } from './problem.ts'
import { hasExpression, hasTemplate } from './template.ts'

/** What expressions made of a text: the value, and the values of the environment variables behind it. */
export interface Made {
  readonly value: unknown
  readonly variables: readonly string[]
}

/** A value after the expressions in its texts were evaluated. */
export interface Evaluation {
  readonly value: unknown
  readonly findings: readonly Finding[]
  /** What expressions made, by its path as `showPath` writes it. */
  readonly made: ReadonlyMap<string, Made>
  /** Drops findings about values that are not known, and takes from the others what repeats a value of an expression. */
  screen(findings: readonly Finding[]): Finding[]
}

/** Evaluates every text of a value that holds `${{`. Leaves all as it is where `evaluate` is null. */
export function evaluateAll(value: unknown, evaluate: Evaluate | null): Evaluation {
  const findings: Finding[] = []
  const made = new Map<string, Made>()
  const [unshown, open] = [new Places(), new Places()]

  const text = (source: string, path: Path, run: Evaluate): unknown => {
    const result = run(source)
    if (result.kind === 'value') {
      if (result.made) {
        unshown.add(path)
        made.set(showPath(path), result)
      }
      return result.value
    }
    unshown.add(path)
    open.add(path)
    if (result.kind === 'wrong') findings.push(...result.messages.map((message) => wrongValue(path, message)))
    return source
  }
  const visit = (part: unknown, path: Path, run: Evaluate): unknown => {
    if (typeof part === 'string') return hasTemplate(part) ? text(part, path, run) : part
    if (Array.isArray(part)) return part.map((item, index) => visit(item, [...path, index], run))
    if (!isRecord(part)) return part
    return Object.fromEntries(
      Object.entries(part).map(([name, item]) => {
        const at = [...path, name]
        // Elsewhere a name with an expression is no known one anyway.
        if (path[0] === 'body' && hasExpression(name))
          findings.push(wrongKey(at, 'expected a name without an expression: only values are evaluated'))
        return [name, visit(item, at, run)]
      }),
    )
  }
  return {
    value: evaluate === null ? value : visit(value, [], evaluate),
    findings,
    made,
    screen: (found) =>
      found
        .filter(({ part, path }) => part === 'key' || !open.touches(path))
        .map((finding) => (unshown.touches(finding.path) ? { ...finding, found: '' } : finding)),
  }
}

/** A set of paths that answers whether another path is one of them, inside of one, or around one. */
class Places {
  readonly #paths = new Set<string>()
  readonly #around = new Set<string>()

  add(path: Path): void {
    this.#paths.add(path.join('\0'))
    for (const depth of path.keys()) this.#around.add(path.slice(0, depth).join('\0'))
  }

  touches(path: Path): boolean {
    const inside = path.some((_, depth) => this.#paths.has(path.slice(0, depth + 1).join('\0')))
    return inside || this.#around.has(path.join('\0')) || this.#paths.has('')
  }
}
