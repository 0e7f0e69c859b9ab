/**
 * `${{ … }}` in manifest values: GitHub's own expression language, evaluated by GitHub's own library.
 * Loaded only for a manifest that holds an expression.
 */
import { data, Lexer, Parser, wellKnownFunctions } from '@actions/expressions'
import type { Expr } from '@actions/expressions/ast'
import { ELSEWHERE, lengthOf, MAX_TEXT, NamesOnly, READABLE, Strict, sum } from './evaluators.ts'
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

/** Most characters that all expressions of a manifest may give together. */
const MAX_MADE = 8 * MAX_TEXT

/** Returns a function that evaluates a text. A variable that is unset or empty is an error, see {@link Strict}. */
export function evaluator(contexts: Contexts): Evaluate {
  let left = MAX_MADE
  const values = new data.Dictionary(
    { key: 'env', value: toData(contexts.env) },
    { key: 'github', value: toData(contexts.github) },
    ...ELSEWHERE.map((key) => ({ key, value: new data.Null() })),
  )
  return (text) => {
    const evaluated = evaluateText(text, (tree) => new Strict(tree, values))
    if (evaluated.kind !== 'value' || !evaluated.made) return evaluated
    left -= JSON.stringify(evaluated.value).length
    return left >= 0 ? evaluated : wrong(`the expressions down to here give more than ${MAX_MADE} characters`)
  }
}

const wrong = (...messages: string[]): Evaluated => ({ kind: 'wrong', messages })

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
  if (messages.length > 0) return wrong(...messages)
  const made = parts.some(({ kind }) => kind === 'expression')
  if (made && sum(values.map(lengthOf)) > MAX_TEXT)
    return wrong(`the expressions give more than ${MAX_TEXT} characters`)
  const [whole] = values
  try {
    const value =
      values.length === 1 && whole !== undefined
        ? JSON.parse(JSON.stringify(whole, data.replacer))
        : values.map((each) => each.coerceString()).join('')
    return { kind: 'value', value, made, variables }
  } catch {
    return wrong('the expression gives a value that is nested too deeply')
  }
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
