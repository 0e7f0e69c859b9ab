import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRedactor } from '../src/redactor.ts'

describe('a redactor', () => {
  const redactorOf = (...values: string[]) => {
    const redactor = createRedactor()
    redactor.add(values.map((value) => ({ value, mask: true })))
    return redactor
  }

  test.each<[string, string[], string, string]>([
    ['a secret', ['s3cret'], 'the s3cret is s3cret', 'the *** is ***'],
    ['one that holds another', ['s3cret', 's3cret-long'], 'a s3cret-long one', 'a *** one'],
    ['one that another is in the middle of', ['abcdefgh', 'cdef'], '<abcdefgh>', '<***>'],
    ['two that overlap', ['abcdef', 'defghi'], '<abcdefghi>', '<***>'],
    ['two that touch', ['abcd', 'efgh'], '<abcdefgh>', '<***>'],
    ['one at the start and the end', ['abcd'], 'abcd-abcd', '***-***'],
    ['one that repeats itself', ['aaaa'], 'aaaaaa', '***'],
    ['one in JSON', ['a"b\\c'], JSON.stringify({ x: 'a"b\\c' }), '{"x":"***"}'],
    [
      'one in JSON in JSON',
      ['a"b\\c'],
      JSON.stringify(JSON.stringify({ x: 'a"b\\c' })),
      '"{\\"x\\":\\"***\\"}"',
    ],
    ['one in JSON with escaped slashes', ['a/b/c'], '{"x":"a\\/b\\/c"}', '{"x":"***"}'],
    ['one in JSON without letters that are not ASCII', ['clé-é'], '"cl\\u00e9-\\u00e9"', '"***"'],
    ['one in HTML', ['a<b>&"c"'], '<b>a&lt;b&gt;&amp;&quot;c&quot;</b>', '<b>***</b>'],
    ['one in a form', ['a b/c&d'], '?x=a+b%2Fc%26d', '?x=***'],
    ['one in a URL in small letters', ['a/b+c'], '?x=a%2fb%2bc', '?x=***'],
    ['one in a path', ['a/b c'], '/a/b%20c', '/***'],
    ['one in base64', ['s3cret-text'], btoa('s3cret-text'), '***='],
    ['one in a URL', ['a b/c&d'], `?x=${encodeURIComponent('a b/c&d')}`, '?x=***'],
    ['each line of one', ['first line\nsecond line'], 'here: second line', 'here: ***'],
    ['one with space around it', [' s3cret \n'], 'is s3cret.', 'is ***.'],
    ['a lone surrogate', ['abc\uD800def'], 'x abc\uD800def', 'x ***'],
    ['what a pattern means to replace', ['$&$1'], 'a $&$1', 'a ***'],
  ])('hides %s', (_, secrets, text, shown) => {
    expect(redactorOf(...secrets).redact(text)).toBe(shown)
    expect(redactorOf(...secrets).redactAll(text)).toBe(shown)
  })

  test.each([[['abc']], [['']], [['   ']], [[]]])(
    'leaves texts alone for secrets as short as %j',
    (secrets) => {
      expect(redactorOf(...secrets).redact('abc   ')).toBe('abc   ')
    },
  )

  test('hides credentials from printed texts, all but words from what is held, and everything from the server', () => {
    const redactor = createRedactor()
    redactor.add([
      { value: 'kaleyra', mask: false },
      { value: 'team-7', mask: false },
      { value: 'sesame', mask: true },
    ])
    const text = 'kaleyra team-7 sesame'
    expect(redactor.redact(text)).toBe('kaleyra team-7 ***')
    expect(redactor.redactHeld(text)).toBe('kaleyra *** ***')
    expect(redactor.redactAll(text)).toBe('*** *** ***')
  })

  test('returns each form of a credential once, for the runner to mask', () => {
    const redactor = createRedactor()
    expect(redactor.add([{ value: 'kaleyra', mask: false }])).toEqual([])
    expect(redactor.add([{ value: 'a "b" c', mask: true }])).toEqual([
      'a "b" c',
      'a \\"b\\" c',
      'a%20%22b%22%20c',
    ])
    expect(redactor.add([{ value: 'a "b" c', mask: true }])).toEqual([])
    expect(redactor.add([{ value: 'kaleyra', mask: true }])).toEqual(['kaleyra'])
    expect(redactor.add([{ value: 'line one\r\nln2\r\nx', mask: true }])).toEqual([
      'line one\r\nln2\r\nx',
      'line one\\r\\nln2\\r\\nx',
      'line%20one%0D%0Aln2%0D%0Ax',
      'line one',
      'line%20one',
    ])
    expect(redactor.add([])).toEqual([])
  })

  test('leaves no part of any secret, whatever they and the text are', () => {
    const unit = fc.constantFrom('a', 'b', 'c', ' ', '"')
    const secret = fc.string({ unit, minLength: 4, maxLength: 9 }).filter((text) => text.trim().length >= 4)
    const property = fc.property(
      fc.array(secret, { minLength: 1, maxLength: 6 }),
      fc.array(fc.string({ unit, maxLength: 9 })),
      (secrets, between) => {
        const redactor = redactorOf(...secrets)
        const text = between.map((part, index) => part + (secrets[index] ?? '')).join('')
        const shown = redactor.redact(text)
        for (const hidden of secrets) expect(shown).not.toContain(hidden.trim())
        expect(redactor.redact(shown)).toBe(shown)
        if (!secrets.some((hidden) => text.includes(hidden.trim()))) {
          const escaped = secrets.some((hidden) => text.includes(JSON.stringify(hidden.trim()).slice(1, -1)))
          if (!escaped) expect(shown).toBe(text)
        }
      },
    )
    fc.assert(property, { numRuns: 500 })
  })

  test('hides a secret in the base64 of any text that holds it', () => {
    const text = fc.string({ unit: 'binary', maxLength: 7 })
    const secret = fc
      .string({ unit: 'grapheme', minLength: 8, maxLength: 40 })
      .filter((value) => value.trim() === value)
    const property = fc.property(secret, text, text, (hidden, before, after) => {
      const bytes = Buffer.from(before + hidden + after)
      const redactor = redactorOf(hidden)
      for (const encoded of [bytes.toString('base64'), bytes.toString('base64url')]) {
        const left = redactor.redactAll(encoded)
        expect(left).toContain('***')
        expect(left.length).toBeLessThanOrEqual(encoded.length - Buffer.byteLength(hidden) + 3)
      }
    })
    fc.assert(property, { numRuns: 300 })
  })

  test('finds the masks that stand in a text', () => {
    const redactor = createRedactor()
    redactor.add([
      { value: 'kaleyra', mask: false },
      { value: 'a"b"c', mask: true },
      { value: 'Orders', mask: true },
    ])
    expect(redactor.masksIn('kaleyra Orders and Orders')).toEqual(['Orders'])
    expect(redactor.masksIn(JSON.stringify('a"b"c'))).toEqual(['a\\"b\\"c'])
    expect(redactor.masksIn('nothing')).toEqual([])
  })

  test('reads a long text once, however many secrets there are', () => {
    const redactor = redactorOf(...Array.from({ length: 10_000 }, (_, index) => `${index}-s3cret-${index}`))
    const before = performance.now()
    const text = 'nothing secret in here, says the plan. '.repeat(27_000)
    expect(redactor.redact(text)).toBe(text)
    expect(performance.now() - before).toBeLessThan(4000)
  })
})
