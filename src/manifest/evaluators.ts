/** Walks through expressions: evaluates them more strictly than GitHub does, or only checks their names. */
import { data, Evaluator, wellKnownFunctions } from '@actions/expressions'
import {
  type Binary,
  ContextAccess,
  type Expr,
  type FunctionCall,
  type Grouping,
  IndexAccess,
  Literal,
  type Logical,
  Star,
} from '@actions/expressions/ast'

/** Contexts that a manifest may read. */
export const READABLE = ['env', 'github']
/** Contexts of a workflow that a manifest cannot see; named so that the error can say where to put the value. */
export const ELSEWHERE = [
  'secrets',
  'vars',
  'inputs',
  'matrix',
  'needs',
  'steps',
  'job',
  'jobs',
  'runner',
  'strategy',
]

/** Most characters that one expression may give, and any function in it. */
export const MAX_TEXT = 1024 * 1024

export const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0)
/** Characters of a value as text. */
export const lengthOf = (value: data.ExpressionData): number => value.coerceString().length

/**
 * Evaluates, and records every variable that is unset or empty: GitHub hands a mistyped secret over as an empty text,
 * and the library itself would go on with null. A direct operand of `||`, `==` and `!=` may be empty.
 */
export class Strict extends Evaluator {
  /** What to say of variables that have no value here. */
  readonly missing = new Set<string>()
  /** Values of environment variables that were read. */
  readonly variables = new Set<string>()
  readonly #mayBeEmpty = new Set<Expr>()
  /** Contexts of which a single variable is read. */
  readonly #inPart = new Set<Expr>()

  override visitLogical(node: Logical): data.ExpressionData {
    if (node.operator.lexeme === '||' || this.#mayBeEmpty.has(node))
      for (const arg of node.args) this.#mayBeEmpty.add(arg)
    return super.visitLogical(node)
  }

  override visitBinary(node: Binary): data.ExpressionData {
    if (node.operator.lexeme === '==' || node.operator.lexeme === '!=') {
      this.#mayBeEmpty.add(node.left).add(node.right)
    }
    return super.visitBinary(node)
  }

  override visitGrouping(node: Grouping): data.ExpressionData {
    if (this.#mayBeEmpty.has(node)) this.#mayBeEmpty.add(node.group)
    return super.visitGrouping(node)
  }

  override visitContextAccess(node: ContextAccess): data.ExpressionData {
    const context = node.name.lexeme.toLowerCase()
    if (ELSEWHERE.includes(context)) this.missing.add(elsewhere({ context, names: ['.NAME'] }))
    const value = super.visitContextAccess(node)
    if (context === 'env' && !this.#inPart.has(node) && value instanceof data.Dictionary)
      for (const variable of value.values()) this.variables.add(variable.coerceString())
    return value
  }

  override visitIndexAccess(node: IndexAccess): data.ExpressionData {
    const variable = variableOf(node)
    if (variable !== null && isElsewhere(variable)) {
      this.missing.add(elsewhere(variable))
      return new data.Null()
    }
    // Of `a.b.c` the whole is what has to have a value.
    this.#mayBeEmpty.add(node.expr)
    if (variable !== null) this.#inPart.add(node.expr)
    const value = super.visitIndexAccess(node)
    if (variable === null) return value
    const empty = value.kind === data.Kind.Null || (value.primitive && value.coerceString() === '')
    if (empty && !this.#mayBeEmpty.has(node)) this.missing.add(unset(variable))
    if (!empty && variable.context === 'env') this.variables.add(value.coerceString())
    return value
  }

  override visitFunctionCall(node: FunctionCall): data.ExpressionData {
    const args = node.args.map((arg) => this.eval(arg))
    const name = node.functionName.lexeme.toLowerCase()
    if (lengthOfCall(name, args) > MAX_TEXT) throw new Error(`it gives more than ${MAX_TEXT} characters`)
    return (wellKnownFunctions[name] as (typeof wellKnownFunctions)[string]).call(...args)
  }
}

/** Most characters that a call may give: functions that repeat their arguments could make gigabytes of a few words. */
function lengthOfCall(name: string, args: readonly data.ExpressionData[]): number {
  const [first, second] = args
  if (name === 'format' && first !== undefined) {
    const places = first.coerceString().split('{').length - 1
    return lengthOf(first) + places * Math.max(0, ...args.slice(1).map(lengthOf))
  }
  if (name === 'join' && first?.kind === data.Kind.Array) {
    const items = first.values()
    return sum(items.map(lengthOf)) + items.length * (second === undefined ? 1 : lengthOf(second))
  }
  return sum(args.map(lengthOf))
}

/** Walks every branch for names that do not exist here, and reads no value. */
export class NamesOnly extends Strict {
  override visitLogical(node: Logical): data.ExpressionData {
    return this.#all(node.args)
  }
  override visitContextAccess(node: ContextAccess): data.ExpressionData {
    super.visitContextAccess(node)
    return new data.Null()
  }
  override visitIndexAccess(node: IndexAccess): data.ExpressionData {
    const variable = variableOf(node)
    if (variable !== null && isElsewhere(variable)) this.missing.add(elsewhere(variable))
    else this.#all(node.index instanceof Star ? [node.expr] : [node.expr, node.index])
    return new data.Null()
  }
  override visitFunctionCall(node: FunctionCall): data.ExpressionData {
    return this.#all(node.args)
  }

  #all(nodes: readonly Expr[]): data.ExpressionData {
    for (const node of nodes) this.eval(node)
    return new data.Null()
  }
}

/** A variable of a context: `env` and `.STAGE`, `github` and `.event`, `.action`. A name that is computed is `[…]`. */
interface Variable {
  readonly context: string
  readonly names: readonly string[]
}

/** The variable that an access means; null where it starts from no context, or means many values by `*`. */
function variableOf({ expr, index }: IndexAccess): Variable | null {
  if (index instanceof Star) return null
  const name = index instanceof Literal ? `.${index.literal.coerceString()}` : '[…]'
  if (expr instanceof ContextAccess) return { context: expr.name.lexeme.toLowerCase(), names: [name] }
  const parent = expr instanceof IndexAccess ? variableOf(expr) : null
  return parent && { ...parent, names: [...parent.names, name] }
}

/** Tells whether a variable cannot be read here: another context, or the run's token, which a manifest never sees. */
const isElsewhere = ({ context, names }: Variable): boolean =>
  ELSEWHERE.includes(context) || (context === 'github' && names[0] === '.token')

const written = ({ context, names }: Variable): string => [context, ...names].join('')

const unset = (variable: Variable): string =>
  variable.context === 'env'
    ? `\`${written(variable)}\` is unset or empty: add it to the step's \`env:\` (a mistyped secret, and a secret in a run from a fork, arrive empty)`
    : `\`${written(variable)}\` is unset or empty in this run`

function elsewhere(variable: Variable): string {
  const name = (variable.names.at(-1) ?? '')
    .slice(1)
    .toUpperCase()
    .replace(/[^A-Z0-9_]/g, '_')
  return `\`${written(variable)}\` is out of reach here: write \`${name}: \${{ ${written(variable)} }}\` under the step's \`env:\` and use \`env.${name}\``
}
