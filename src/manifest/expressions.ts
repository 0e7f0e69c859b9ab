/**
 * `${{ … }}` in manifest values: GitHub's own expression language, evaluated by GitHub's own library.
 * Loaded only for a manifest that holds an expression.
 */
import { data, Evaluator, type Expr, Lexer, Parser } from '@actions/expressions'
import { splitExpressions } from './template.ts'

/** What expressions may read: environment variables and the `github` context, as plain values. */
export interface Contexts {
  readonly env: Readonly<Record<string, string>>
  readonly github: Readonly<Record<string, unknown>>
}

/** The value of a text with expressions, or what is wrong with it. */
export type Evaluated =
  | {
      readonly ok: true
      readonly value: unknown /** Values of the variables that made it. */
      readonly variables: string[]
    }
  | { readonly ok: false; readonly messages: string[] /** Offset in the text. */; readonly offset: number }

export type Evaluate = (text: string) => Evaluated

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
  return (text) => evaluateParts(text, (tree) => new Strict(tree, values))
}

/** Returns a function that checks syntax and context names only: a good text stays as it is. */
export function checker(): Evaluate {
  return (text) => {
    const checked = evaluateParts(text, (tree) => new NamesOnly(tree, new data.Dictionary()))
    return checked.ok ? { ok: true, value: text, variables: [] } : checked
  }
}

function evaluateParts(text: string, prepare: (tree: Expr) => Strict): Evaluated {
  const parts = splitExpressions(text)
  const values: unknown[] = []
  const variables: string[] = []
  for (const part of parts) {
    if (part.kind === 'text') {
      values.push(part.text)
      continue
    }
    if (part.kind === 'open')
      return { ok: false, messages: ['the expression has no closing `}}`'], offset: part.offset }
    try {
      const tree = new Parser(new Lexer(part.text).lex().tokens, ['env', 'github', ...ELSEWHERE], []).parse()
      const strict = prepare(tree)
      const value = strict.evaluate()
      if (strict.missing.length > 0) return { ok: false, messages: strict.missing, offset: part.offset }
      variables.push(...strict.variables)
      values.push(
        parts.length === 1 ? JSON.parse(JSON.stringify(value, data.replacer)) : value.coerceString(),
      )
    } catch (error) {
      return {
        ok: false,
        messages: [`the expression cannot be read: ${(error as Error).message}`],
        offset: part.offset,
      }
    }
  }
  return { ok: true, value: parts.length === 1 ? values[0] : values.join(''), variables }
}

const toData = (value: unknown): data.ExpressionData => JSON.parse(JSON.stringify(value), data.reviver)

type Visited<Method extends `visit${string}` & keyof Evaluator> = Parameters<Evaluator[Method]>[0]

/**
 * Evaluates, and records every variable that is unset or empty: GitHub hands a mistyped secret over as an empty text,
 * and the library itself would go on with null. A direct operand of `||`, `==` and `!=` may be empty.
 */
class Strict extends Evaluator {
  readonly missing: string[] = []
  readonly variables: string[] = []
  readonly #mayBeEmpty = new Set<Expr>()

  override visitLogical(node: Visited<'visitLogical'>): data.ExpressionData {
    if (node.operator.lexeme === '||' || this.#mayBeEmpty.has(node))
      for (const arg of node.args) this.#mayBeEmpty.add(arg)
    return super.visitLogical(node)
  }

  override visitBinary(node: Visited<'visitBinary'>): data.ExpressionData {
    if (node.operator.lexeme === '==' || node.operator.lexeme === '!=') {
      this.#mayBeEmpty.add(node.left).add(node.right)
    }
    return super.visitBinary(node)
  }

  override visitGrouping(node: Visited<'visitGrouping'>): data.ExpressionData {
    if (this.#mayBeEmpty.has(node)) this.#mayBeEmpty.add(node.group)
    return super.visitGrouping(node)
  }

  override visitContextAccess(node: Visited<'visitContextAccess'>): data.ExpressionData {
    const name = node.name.lexeme.toLowerCase()
    if (ELSEWHERE.includes(name)) this.missing.push(elsewhere(name, 'NAME'))
    return super.visitContextAccess(node)
  }

  override visitIndexAccess(node: Visited<'visitIndexAccess'>): data.ExpressionData {
    const variable = variableOf(node)
    if (variable !== null && ELSEWHERE.includes(variable.context)) {
      this.missing.push(elsewhere(variable.context, variable.name))
      return new data.Null()
    }
    const value = super.visitIndexAccess(node)
    if (variable === null) return value
    const text = value.coerceString()
    if (text === '' && !this.#mayBeEmpty.has(node)) this.missing.push(unset(variable))
    if (text !== '' && variable.context === 'env') this.variables.push(text)
    return value
  }
}

/** Walks every branch for names that do not exist here, and reads no value. */
class NamesOnly extends Strict {
  override visitLogical(node: Visited<'visitLogical'>): data.ExpressionData {
    for (const arg of node.args) this.eval(arg)
    return new data.Null()
  }
  override visitContextAccess(node: Visited<'visitContextAccess'>): data.ExpressionData {
    const name = node.name.lexeme.toLowerCase()
    if (ELSEWHERE.includes(name)) this.missing.push(elsewhere(name, 'NAME'))
    return new data.Null()
  }
  override visitIndexAccess(node: Visited<'visitIndexAccess'>): data.ExpressionData {
    const variable = variableOf(node)
    if (variable === null) this.eval(node.expr)
    else if (ELSEWHERE.includes(variable.context))
      this.missing.push(elsewhere(variable.context, variable.name))
    return new data.Null()
  }
  override visitFunctionCall(node: Visited<'visitFunctionCall'>): data.ExpressionData {
    for (const arg of node.args) this.eval(arg)
    return new data.Null()
  }
}

interface Variable {
  context: string
  name: string
}

function variableOf(node: Visited<'visitIndexAccess'>): Variable | null {
  const context = node.expr as Partial<Visited<'visitContextAccess'>>
  const index = node.index as Partial<Visited<'visitLiteral'>>
  if (context.name === undefined || index.literal === undefined) return null
  return { context: context.name.lexeme.toLowerCase(), name: index.literal.coerceString() }
}

const unset = ({ context, name }: Variable): string =>
  context === 'env'
    ? `\`env.${name}\` is unset or empty: add it to the step's \`env:\` (a mistyped secret, and a secret in a run from a fork, arrive empty)`
    : `\`${context}.${name}\` is unset or empty in this run`

const elsewhere = (context: string, name: string): string =>
  `\`${context}.${name}\` is out of reach here: write \`${name.toUpperCase()}: \${{ ${context}.${name} }}\` under the step's \`env:\` and use \`env.${name.toUpperCase()}\``
