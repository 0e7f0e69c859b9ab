/** Text for the log. Whatever comes from the API or a manifest is made harmless first. */

import type { FieldChange } from '../reconcile/diff.ts'
import type { Verb } from '../reconcile/plan.ts'

/** Longest text of foreign origin in one place of the log, in characters. */
const MAX_LENGTH = 2000

/**
 * Makes foreign text safe to print on a line of the log: no control characters or line breaks, and nothing that the
 * runner would take for a workflow command (`::error::`, `##[group]`). Cut at 2,000 characters.
 */
export function plain(text: string): string {
  const shortened = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}… (cut)` : text
  return shortened
    .toWellFormed()
    .replace(
      /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
      (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
    )
    .replace(/:(?=:)/g, ':\u200b')
    .replace(/##\[/g, '#\u200b#[')
}

/**
 * Writes a value as JSON in which no text means anything to a log, a terminal or a page: what would is escaped, so that
 * whoever parses it gets the same value.
 */
export function inertJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(
    /[\p{Cf}\u007f-\u009f\u2028\u2029<>&@`]|:(?=:)|#(?=#\[)/gu,
    (character) =>
      character
        .split('')
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join(''),
  )
}

/** Cuts a text at `length` characters, with an ellipsis in place of the rest. */
export const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length)}…` : text

/** Lays rows out in columns, two spaces apart; the last column is not padded. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, index) => Math.max(all[index] ?? 0, cell.length)),
    [],
  )
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

/** `1 profile`, `3 profiles`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** One changed value: `url: "a" → "b"`, for a new profile only the new value, for a secret only that it changed. */
export function changeText({ path, from, to }: FieldChange, verb: Verb): string {
  if (verb === 'create') return `${path}: ${to}`
  if (from !== to) return `${path}: ${from ?? '(empty)'} → ${to ?? '(empty)'}`
  return `${path}: ${to === '(secret)' ? '(secret, changed)' : `${to}, changed`}`
}

/** The `env:` block of a step that takes these variables from secrets of the same name, line by line. */
export const variableLines = (names: readonly string[]): string[] => [
  'env:',
  ...names.map((name) => `  ${name}: \${{ secrets.${name} }}`),
]
