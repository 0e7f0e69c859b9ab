/** Tells in one pass whether a text is worth parsing: a parser may take a kilobyte of memory for each byte of it. Pure. */

/** What speaks against a text, and from where on. */
export interface Excess {
  readonly offset: number
  readonly message: string
}

/** Most names and list items of one text count twice, all else that shapes it once. Five thousand profiles have fewer. */
export const MAX_WEIGHT = 200_000

const SPACE = /\s/

/** Finds what keeps a text from being parsed, or null. */
export function excessOf(text: string): Excess | null {
  let weight = 0
  for (let offset = 0; offset < text.length; offset += 1) {
    const character = text[offset] as string
    switch (character) {
      case '\0':
        return { offset, message: 'expected text, found a NUL character: save the file as UTF-8' }
      case ',':
        weight += 2
        break
      case '[':
      case '{':
      case '&':
      case '*':
      case '!':
        weight += 1
        break
      case ':':
      case '-':
      case '?':
        if (text[offset - 1] === '"' || SPACE.test(text[offset + 1] ?? ' ')) weight += 2
    }
    if (weight > MAX_WEIGHT) {
      const message = `the text has too many names and values: one file takes about ${MAX_WEIGHT / 2}, so split it into several`
      return { offset, message }
    }
  }
  return null
}
