/** A piece of a text: plain, an expression (without its braces), or an expression that is never closed. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly text: string; readonly offset: number }
  | { readonly kind: 'open'; readonly offset: number }

const OPEN = '${{'
const ESCAPED = '$${{'

/** Writes a text so that every `${{` in it is meant literally. */
export const escapeTemplate = (text: string): string => text.replaceAll(OPEN, () => ESCAPED)

/** Tells whether a value is text with `${{` in it, escaped or not. */
export const hasTemplate = (value: unknown): boolean => typeof value === 'string' && value.includes(OPEN)

/** Tells whether a value is text that an expression makes, in whole or in part. */
export const hasExpression = (value: unknown): boolean =>
  typeof value === 'string' && splitExpressions(value).some((part) => part.kind !== 'text')

/**
 * Splits a text at its `${{ … }}`. `}}` inside a quoted string of an expression does not end it, and `$${{` stands for
 * a literal `${{`.
 */
export function splitExpressions(text: string): Part[] {
  const parts: Part[] = []
  let literal = ''
  const flush = (): void => {
    if (literal !== '') parts.push({ kind: 'text', text: literal })
    literal = ''
  }
  let at = 0
  while (at < text.length) {
    const next = text.indexOf('$', at)
    if (next < 0) break
    literal += text.slice(at, next)
    at = next
    if (text.startsWith(ESCAPED, at)) {
      literal += OPEN
      at += ESCAPED.length
    } else if (text.startsWith(OPEN, at)) {
      flush()
      const end = closing(text, at + OPEN.length)
      if (end < 0) return [...parts, { kind: 'open', offset: at }]
      parts.push({ kind: 'expression', text: text.slice(at + OPEN.length, end), offset: at })
      at = end + 2
    } else {
      literal += '$'
      at += 1
    }
  }
  literal += text.slice(at)
  flush()
  return parts
}

function closing(text: string, from: number): number {
  let quoted = false
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "'") quoted = !quoted
    else if (!quoted && text.startsWith('}}', at)) return at
  }
  return -1
}
