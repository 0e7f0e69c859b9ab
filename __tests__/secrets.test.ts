import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRedactor, isMasked, isSecretPath, secretsOf, withoutCredentials } from '../src/secrets.ts'
import { readProfile } from './manifest/reading.ts'

describe('a value is never shown', () => {
  test.each<[(string | number)[], boolean]>([
    [['headers'], true],
    [['headers', 'authorization'], true],
    [['headers', 'x-source'], true],
    [['enc'], true],
    [['enc', 'key'], true],
    [['enc', 'IV'], true],
    [['enc', 'params'], true],
    [['enc', 'params', 'algo'], true],
    [['enc', 'algo'], false],
    [['title'], false],
    [['url'], false],
    [['body'], false],
    [['body', 'headers'], false],
    [['events', 0], false],
    [[], false],
  ])('at %j: %s', (path, secret) => {
    expect(isSecretPath(path)).toBe(secret)
  })
})

describe('a secret comes back masked', () => {
  test.each([
    '***',
    '****',
    '*'.repeat(64),
    '••••••',
    '●●●●',
    'ab****',
    '****yz',
    'sk-1****9876',
    'Bearer ****',
    'Basic ****cdef',
    'xxxx',
    'XXXXXXXXXXXX',
    'xxxxxxxxxxxx1234',
    'redacted',
    '[REDACTED]',
    '<masked>',
    '(hidden)',
    '{encrypted}',
    '[FILTERED]',
  ])('as %s', (value) => {
    expect(isMasked(value)).toBe(true)
  })

  test.each([
    '',
    '**',
    '*/*',
    'xxx',
    'text/*',
    'a secret with *** in the middle of it',
    '0123456789abcdef',
    'xxxxxxxx-but-a-real-key',
    'Bearer 0123456789abcdef',
    'the hidden one',
    null,
    undefined,
    0,
    {},
    ['****'],
  ])('but not as %j', (value) => {
    expect(isMasked(value)).toBe(false)
  })
})

describe('a URL is shown without credentials', () => {
  test.each([
    ['https://user:pass@example.com/a', 'https://***@example.com/a'],
    ['https://user:p@ss@example.com/a?b=c@d', 'https://***@example.com/a?b=c@d'],
    ['HTTP://token@example.com', 'HTTP://***@example.com'],
    ['https://example.com/?token=abc&a=b', 'https://example.com/?token=***&a=b'],
    ['https://example.com/?a=b&API_KEY=abc#c', 'https://example.com/?a=b&API_KEY=***#c'],
    ['https://example.com/?access_token=a=b=c', 'https://example.com/?access_token=***'],
    ['https://example.com/?sig=abc&code=def&auth=ghi', 'https://example.com/?sig=***&code=***&auth=***'],
    ['https://example.com/#access_token=abc', 'https://example.com/#access_token=***'],
    ['https://u:p@example.com/?secret=a&password=b', 'https://***@example.com/?secret=***&password=***'],
  ])('%s', (url, shown) => {
    expect(withoutCredentials(url)).toBe(shown)
  })

  test.each([
    'https://example.com/a?to=<mobile>&status=<status>',
    'https://example.com/?token=<token>',
    'https://example.com/?error_code=5&design=a',
    'https://example.com/@user?mail=a@b.c',
    'https://example.com/?token=',
    'https://example.com/?token',
    'not a url',
    '',
  ])('which this has none of: %s', (url) => {
    expect(withoutCredentials(url)).toBe(url)
  })
})

describe('the secrets of a profile', () => {
  test('are its header values and all of its encryption but the algorithm, with the variables that made them', async () => {
    const { entries, errors } = await readProfile(
      {
        url: 'https://example.com/?a=b',
        headers: { Authorization: 'Bearer ${{ env.HOOK_TOKEN }}', 'x-source': 'kaleyra' },
        enc: { algo: 'AES-128-GCM', key: '0123456789abcdef', IV: 'abcdef0123456789' },
      },
      { env: { HOOK_TOKEN: 'hook-token' } },
    )
    expect(errors).toEqual([])
    const [entry] = entries
    expect(entry && secretsOf(entry)).toEqual(
      expect.arrayContaining([
        { value: 'Bearer hook-token', mask: true },
        { value: 'hook-token', mask: true },
        { value: 'kaleyra', mask: false },
        { value: '0123456789abcdef', mask: true },
        { value: 'abcdef0123456789', mask: true },
      ]),
    )
    expect(entry && secretsOf(entry).some(({ value }) => value === 'AES-128-GCM')).toBe(false)
  })
})

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

  test('hides from printed texts what is a credential, and from those of the server all header values', () => {
    const redactor = createRedactor()
    redactor.add([
      { value: 'kaleyra', mask: false },
      { value: 's3cret', mask: true },
    ])
    expect(redactor.redact('kaleyra s3cret')).toBe('kaleyra ***')
    expect(redactor.redactAll('kaleyra s3cret')).toBe('*** ***')
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

  test('reads a long text once, however many secrets there are', () => {
    const redactor = redactorOf(...Array.from({ length: 10_000 }, (_, index) => `${index}-s3cret-${index}`))
    const before = performance.now()
    const text = 'nothing secret in here, says the plan. '.repeat(27_000)
    expect(redactor.redact(text)).toBe(text)
    expect(performance.now() - before).toBeLessThan(4000)
  })
})
