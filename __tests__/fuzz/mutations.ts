/** Damaged texts and values: a valid document, and a few things that happened to it. */
import fc from 'fast-check'

/** Something that happens to a text. Places are shares of its length, so that they fit any. */
type Damage =
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly piece: string }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number; readonly times: number }
  | { readonly kind: 'move'; readonly at: number; readonly length: number; readonly to: number }

const place = fc.double({ min: 0, max: 1, noNaN: true })

function damage(pieces: readonly string[]): fc.Arbitrary<Damage> {
  const length = fc.oneof(fc.nat(4), fc.nat(60))
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...pieces) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
  )
  return fc.oneof(
    fc.record({ kind: fc.constant('cut'), at: place, length }),
    fc.record({ kind: fc.constant('insert'), at: place, piece }),
    fc.record({ kind: fc.constant('repeat'), at: place, length, times: fc.integer({ min: 2, max: 300 }) }),
    fc.record({ kind: fc.constant('move'), at: place, length, to: place }),
  ) as fc.Arbitrary<Damage>
}

function damaged(text: string, what: Damage): string {
  const at = Math.floor(what.at * text.length)
  const before = text.slice(0, at)
  if (what.kind === 'insert') return before + what.piece + text.slice(at)
  const part = text.slice(at, at + what.length)
  const after = text.slice(at + what.length)
  if (what.kind === 'cut') return before + after
  if (what.kind === 'repeat') return before + part.repeat(what.times) + after
  const rest = before + after
  const to = Math.floor(what.to * rest.length)
  return rest.slice(0, to) + part + rest.slice(to)
}

/** Any of these documents after up to five damages, which these pieces of text take part in. */
export const mutated = (documents: readonly string[], pieces: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...documents), fc.array(damage(pieces), { maxLength: 5 }))
    .map(([document, damages]) => damages.reduce(damaged, document))

/** JSON of any shape, much of it made of these texts, some of it very long or nested very deeply. */
export function anyJson(texts: readonly string[]): fc.Arbitrary<string> {
  const nested = fc
    .tuple(fc.constantFrom(['[', ']'], ['{"a":', '}']), fc.constantFrom(50, 150, 250, 20_000))
    .map(([[open = '', close = ''], levels]) => `${open.repeat(levels)}1${close.repeat(levels)}`)
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...texts.map((text) => JSON.stringify(text))) },
    { weight: 4, arbitrary: fc.constantFrom('null', 'true', '0', '-1', '1e999', '""', '[]', '{}', '[null]') },
    { weight: 4, arbitrary: fc.json({ maxDepth: 3 }) },
    { weight: 1, arbitrary: nested },
    { weight: 1, arbitrary: nested.map((text) => JSON.stringify(text)) },
    { weight: 1, arbitrary: fc.constant(JSON.stringify('x'.repeat(100_000))) },
  )
}
