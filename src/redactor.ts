/** Hides known secrets in texts, by their exact value and however they are spelt there. What is secret is decided in `secrets.ts`. */
import type { Secret } from './secrets.ts'

/** Shorter texts are never hidden: that would hide common words. */
const SHORTEST = 4
/** Shorter secrets, in bytes, are not looked for in base64: so little may stand in any text by chance. */
const SHORTEST_ENCODED = 8
/** What may be base64, in either of its alphabets, of at least that much. */
const BASE64 = /[\w+/-]{11,}/g
/** So few texts are searched for one by one, which is faster than to read another text character by character. */
const FEW = 16
/** What stands in the place of a secret. */
export const HIDDEN = '***'

/** A piece of a text. */
export interface Piece {
  readonly text: string
  readonly secret: boolean
}

export interface Redactor {
  /** Adds secrets; returns the texts that the runner should mask and was not told of before. */
  add(secrets: readonly Secret[]): string[]
  /** Hides credentials: for any text that is printed. */
  redact(text: string): string
  /** Hides every secret but plain words such as `kaleyra`: for what the account holds, which a plan has to show. */
  redactHeld(text: string): string
  /** Hides every secret, also those that may be common words: for texts that the server wrote. */
  redactAll(text: string): string
  /** The masks that stand in a text. */
  masksIn(text: string): string[]
  /** Splits a text at the credentials in it. */
  split(text: string): Piece[]
}

/** A text that says nothing by which it could be told from a common word. */
const WORD = /^[a-z]{1,12}$/i

/** Makes a redactor that knows of no secret. */
export function createRedactor(): Redactor {
  const known = new Map<string, boolean>()
  const [credentials, held, all, masks] = [new Texts(), new Texts(), new Texts(), new Texts()]
  const masked = (value: string): string[] => spellings(value).filter((text) => masks.add(text))
  return {
    add: (secrets) =>
      secrets.flatMap(({ value, mask }) => {
        if (known.get(value) === true || known.get(value) === mask) return []
        known.set(value, mask)
        all.addValue(value)
        if (mask) credentials.addValue(value)
        if (mask || !WORD.test(value)) held.addValue(value)
        return mask ? masked(value) : []
      }),
    redact: (text) => credentials.hiddenIn(text),
    redactHeld: (text) => held.hiddenIn(text),
    redactAll: (text) => all.hiddenIn(text),
    split: (text) => credentials.split(text),
    masksIn: (text) => [...new Set([...masks.foundIn(text)].map(({ found }) => found))],
  }
}

interface Range {
  readonly start: number
  end: number
}

/** A set of texts that is looked for all at once: another text is read a single time, however many there are. */
class Texts {
  /** The texts by their first characters. */
  readonly #byStart = new Map<string, Set<string>>()
  /** Code units with which any of them begins: most of another text is passed over by these. */
  readonly #units = new Set<number>()
  /** The first of the texts, and one more than there are few. */
  readonly #few: string[] = []
  /** Length of the shortest text that is looked for in base64. */
  #shortestEncoded = Number.POSITIVE_INFINITY
  /** Values whose spellings are not added yet: most runs never look for most of them. */
  #pending: string[] = []

  /** Adds all that may be written for a value. */
  addValue(value: string): void {
    this.#pending.push(value)
  }

  #settle(): void {
    const values = this.#pending
    this.#pending = []
    for (const value of values)
      for (const text of [...spellings(value), ...rareSpellings(value)]) this.add(text)
  }

  /** Adds a text, and tells whether it is new. */
  add(text: string): boolean {
    this.#units.add(text.charCodeAt(0))
    const start = text.slice(0, SHORTEST)
    const alike = this.#byStart.get(start)
    if (alike?.has(text)) return false
    if (this.#few.length <= FEW) this.#few.push(text)
    if (text.length >= SHORTEST_ENCODED) this.#shortestEncoded = Math.min(this.#shortestEncoded, text.length)
    if (alike === undefined) this.#byStart.set(start, new Set([text]))
    else alike.add(text)
    return true
  }

  *foundIn(text: string): Generator<{ readonly at: number; readonly found: string }> {
    this.#settle()
    if (this.#few.length <= FEW && !this.#few.some((few) => text.includes(few))) return
    for (let at = 0; at <= text.length - SHORTEST; at += 1) {
      if (!this.#units.has(text.charCodeAt(at))) continue
      for (const found of this.#byStart.get(text.slice(at, at + SHORTEST)) ?? [])
        if (text.startsWith(found, at)) yield { at, found }
    }
  }

  /** Where these texts stand in the base64 that another text holds, whatever is encoded before them. */
  *#encodedIn(text: string): Generator<Range> {
    this.#settle()
    // Three bytes are four characters, and the last of them may be cut off.
    const least = Math.floor((this.#shortestEncoded * 4) / 3)
    if (text.length < least) return
    for (const { 0: run, index } of text.matchAll(BASE64)) {
      if (run.length < least) continue
      for (let shift = 0; shift < 4; shift += 1) {
        const decoded = Buffer.from(run.slice(shift), 'base64').toString('latin1')
        for (const { at, found } of this.foundIn(decoded)) {
          if (found.length < SHORTEST_ENCODED) continue
          const [start, end] = [Math.floor((at * 4) / 3), Math.ceil(((at + found.length) * 4) / 3)]
          yield { start: index + shift + start, end: index + Math.min(shift + end, run.length) }
        }
      }
    }
  }

  /** Splits a text at these texts, those that overlap being one. */
  split(text: string): Piece[] {
    const found = [...this.foundIn(text)].map(({ at, found }) => ({ start: at, end: at + found.length }))
    const ranges: Range[] = []
    for (const { start, end } of [...found, ...this.#encodedIn(text)].sort((a, b) => a.start - b.start)) {
      const last = ranges.at(-1)
      if (last === undefined || start > last.end) ranges.push({ start, end })
      else last.end = Math.max(last.end, end)
    }
    let shown = 0
    const pieces = ranges.flatMap(({ start, end }) => {
      const before = text.slice(shown, start)
      shown = end
      return [
        { text: before, secret: false },
        { text: text.slice(start, end), secret: true },
      ]
    })
    return [...pieces, { text: text.slice(shown), secret: false }]
  }

  /** The text with each of these texts hidden whole. */
  hiddenIn(text: string): string {
    return this.split(text)
      .map((piece) => (piece.secret ? HIDDEN : piece.text))
      .join('')
  }
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1)
const wellFormed = (text: string): string => text.toWellFormed()
const inUrl = (text: string): string => encodeURIComponent(wellFormed(text))

/** A value as the runner is told of it: as it is, and line by line, each also escaped for JSON and encoded for URLs. */
function spellings(value: string): string[] {
  const forms = linesOf(value).flatMap((line) => [line, escaped(line), inUrl(line)])
  return distinct(forms)
}

/** Nothing of these texts is written otherwise in JSON, URLs and HTML. */
const UNCHANGED = /^[\w.~-]*$/

/** How else a value may be written by whoever repeats it. */
function rareSpellings(value: string): string[] {
  const forms = linesOf(value).flatMap((line) => {
    if (UNCHANGED.test(line)) return []
    const once = escaped(line)
    return [
      escaped(once),
      once.replaceAll('/', '\\/'),
      once.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
      inUrl(line).replace(/%../g, (byte) => byte.toLowerCase()),
      encodeURI(wellFormed(line)),
      new URLSearchParams([['', line]]).toString().slice(1),
      ...entities(line),
    ]
  })
  // Base64 is decoded byte by byte.
  const bytes = /[^\0-\x7f]/.test(value) ? [Buffer.from(value.trim()).toString('latin1')] : []
  return distinct([...forms, ...bytes])
}

function linesOf(value: string): string[] {
  const lines = value.includes('\n') ? [value, ...value.split(/\r?\n/)] : [value]
  return lines.map((line) => line.trim())
}

const distinct = (forms: readonly string[]): string[] =>
  [...new Set(forms)].filter((form) => form.length >= SHORTEST)

/** A text in HTML, with its quotes escaped in any of the usual ways, or left as they are. */
function entities(text: string): string[] {
  const inside = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const quoted = inside.replaceAll('"', '&quot;')
  return [inside, quoted, quoted.replaceAll("'", '&#39;'), quoted.replaceAll("'", '&#x27;')]
}
