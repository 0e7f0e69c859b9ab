/**
 * `${{ … }}` in manifest values: GitHub's own expression language, evaluated by GitHub's own library.
 * Loaded only for a manifest that holds an expression.
 */
import { data, Evaluator, Lexer, Parser, wellKnownFunctions } from '@actions/expressions'
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
import { didYouMean } from './problem.ts'
import { splitExpressions } from './template.ts'

/** What expressions may read: environment variables and the `github` context, as plain values. */
export interface Contexts {
  readonly env: Readonly<Record<string, string>>
  readonly github: Readonly<Record<string, unknown>>
}

/** What became of a text that holds `${{`. */
export type Evaluated =
  | {
      readonly kind: 'value'
      readonly value: unknown
      /** Whether an expression made it, rather than an escaped `$${{` alone. */
      readonly made: boolean
      /** Values of the environment variables that it was made of. */
      readonly variables: readonly string[]
    }
  /** Nothing is wrong with it, and nothing was evaluated. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'wrong'; readonly messages: readonly string[] }

export type Evaluate = (text: string) => Evaluated

const READABLE = ['env', 'github']
/** Contexts of a workflow that a manifest cannot see; named so that the error can say where to put the value. */
const ELSEWHERE = [
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

/** Returns a function that evaluates a text. A variable that is unset or empty is an error, see {@link Strict}. */
export function evaluator(contexts: Contexts): Evaluate {
  const values = new data.Dictionary(
    { key: 'env', value: toData(contexts.env) },
    { key: 'github', value: toData(contexts.github) },
    ...ELSEWHERE.map((key) => ({ key, value: new data.Null() })),
  )
  return (text) => evaluateText(text, (tree) => new Strict(tree, values))
}

/** Returns a function that checks syntax and names, and evaluates nothing. */
export function checker(): Evaluate {
  const nothing = new data.Dictionary()
  return (text) => {
    const checked = evaluateText(text, (tree) => new NamesOnly(tree, nothing))
    return checked.kind === 'value' && checked.made ? { kind: 'unknown' } : checked
  }
}

function evaluateText(text: string, prepare: (tree: Expr) => Strict): Evaluated {
  const parts = splitExpressions(text)
  const values: data.ExpressionData[] = []
  const variables: string[] = []
  const messages: string[] = []
  for (const part of parts) {
    if (part.kind === 'text') values.push(new data.StringData(part.text))
    else if (part.kind === 'open') messages.push('the expression has no closing `}}`')
    else {
      const result = evaluateOne(part.text, prepare)
      messages.push(...result.messages)
      variables.push(...result.variables)
      if (result.value !== null) values.push(result.value)
    }
  }
  if (messages.length > 0) return { kind: 'wrong', messages }
  const [whole] = values
  const made = parts.some(({ kind }) => kind === 'expression')
  const value =
    values.length === 1 && whole !== undefined
      ? JSON.parse(JSON.stringify(whole, data.replacer))
      : values.map((each) => each.coerceString()).join('')
  return { kind: 'value', value, made, variables }
}

interface One {
  /** Null where there are messages. */
  readonly value: data.ExpressionData | null
  readonly variables: readonly string[]
  readonly messages: readonly string[]
}

function evaluateOne(source: string, prepare: (tree: Expr) => Strict): One {
  const failed = (...messages: string[]): One => ({ value: null, variables: [], messages })
  if (source.trim() === '') return failed('the expression is empty')
  let visitor: Strict
  try {
    const { tokens } = new Lexer(source).lex()
    visitor = prepare(new Parser(tokens, [...READABLE, ...ELSEWHERE], []).parse())
  } catch (error) {
    return failed(`the expression cannot be read: ${syntaxMessage((error as Error).message)}`)
  }
  try {
    const value = visitor.evaluate()
    if (visitor.missing.size > 0) return failed(...visitor.missing)
    if (value.kind === data.Kind.Number && !Number.isFinite(value.number()))
      return failed('the expression gives no number')
    return { value, variables: [...visitor.variables], messages: [] }
  } catch (error) {
    // What follows the colon in the library's messages may be a secret.
    return failed(...visitor.missing, `the expression cannot be evaluated: ${before(':', error as Error)}`)
  }
}

const before = (mark: string, { message }: Error): string => message.split(mark)[0] ?? message

/** The library's message without the whole expression, and with the name that was meant. */
function syntaxMessage(message: string): string {
  if (message === 'ErrorExceededMaxLength') return 'it is too long'
  const [, kind, name] = /^Unrecognized (named-value|function): '(.*)'$/s.exec(message) ?? []
  const known = kind === 'function' ? Object.keys(wellKnownFunctions) : READABLE
  const plain = message.replace(/ within expression: .*$/s, '').replace("symbol: 'EOF'", 'end of expression')
  return plain + (name === undefined ? '' : didYouMean(name, known))
}

const toData = (value: unknown): data.ExpressionData => JSON.parse(JSON.stringify(value), data.reviver)

/**
 * Evaluates, and records every variable that is unset or empty: GitHub hands a mistyped secret over as an empty text,
 * and the library itself would go on with null. A direct operand of `||`, `==` and `!=` may be empty.
 */
class Strict extends Evaluator {
  /** What to say of variables that have no value here. */
  readonly missing = new Set<string>()
  /** Values of environment variables that were read. */
  readonly variables = new Set<string>()
  readonly #mayBeEmpty = new Set<Expr>()

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
    return super.visitContextAccess(node)
  }

  override visitIndexAccess(node: IndexAccess): data.ExpressionData {
    const variable = variableOf(node)
    if (variable !== null && isElsewhere(variable)) {
      this.missing.add(elsewhere(variable))
      return new data.Null()
    }
    // Of `a.b.c` the whole is what has to have a value.
    this.#mayBeEmpty.add(node.expr)
    const value = super.visitIndexAccess(node)
    if (variable === null) return value
    const empty = value.kind === data.Kind.Null || (value.primitive && value.coerceString() === '')
    if (empty && !this.#mayBeEmpty.has(node)) this.missing.add(unset(variable))
    if (!empty && variable.context === 'env') this.variables.add(value.coerceString())
    return value
  }
}

/** Walks every branch for names that do not exist here, and reads no value. */
class NamesOnly extends Strict {
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
