import { describe, expect, test } from 'vitest'
import {
  isMasked,
  isSecretPath,
  proxySecrets,
  secretsIn,
  secretsOf,
  withoutCredentials,
  writtenWithoutCredentials,
} from '../src/secrets.ts'
import { read, readProfile } from './manifest/reading.ts'

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

describe('a URL that expressions make in part is shown with them, and without credentials', () => {
  test.each([
    ['https://${{ env.HOST }}/a?b=c', 'https://${{ env.HOST }}/a?b=c'],
    ['https://user:pass@${{ env.HOST }}/a', 'https://***@${{ env.HOST }}/a'],
    ['https://user:${{ env.PASS }}@example.com', 'https://***${{ env.PASS }}@example.com'],
    ['https://${{ env.USER }}:${{ env.PASS }}@a', 'https://${{ env.USER }}***${{ env.PASS }}@a'],
    ['https://a/?token=${{ env.T }}&key=abc', 'https://a/?token=${{ env.T }}&key=***'],
    ["https://a/?token=x${{ env.T || '/?&@#' }}y", "https://a/?token=***${{ env.T || '/?&@#' }}***"],
    ['https://a/?x=$${{ literal }}&sig=abc${{ env.S }}', 'https://a/?x=$${{ literal }}&sig=***${{ env.S }}'],
    ['https://a/\ud800?token=${{ env.T }}', 'https://a/\ufffd?token=${{ env.T }}'],
    ['${{ env.URL }}', '${{ env.URL }}'],
  ])('%s', (written, shown) => {
    expect(writtenWithoutCredentials(written)).toBe(shown)
  })
})

describe('the secrets of a manifest', () => {
  const ENV = { TOKEN: 'hook-token', STAGE: 'internal', JSON: '{"pin":123456,"deep":["inner-text"]}' }
  const secretsWith = async (fields: object, offline = false) => {
    const { resolved } = await readProfile(fields, { env: ENV, offline })
    return secretsOf(resolved, null)
  }
  const hidden = (...values: string[]) => values.map((value) => ({ value, mask: true }))
  const redacted = (...values: string[]) => values.map((value) => ({ value, mask: false }))

  test.each<[string, object, object[]]>([
    [
      'header values',
      { headers: { 'x-token': 'abcdef', 'x-a': 'kaleyra' } },
      [...hidden('abcdef'), ...redacted('kaleyra')],
    ],
    [
      'the variable of a header, as the header is',
      { headers: { authorization: 'Bearer ${{ env.TOKEN }}', 'x-a': '${{ env.STAGE }}' } },
      [...hidden('Bearer hook-token', 'hook-token'), ...redacted('internal')],
    ],
    [
      'all of the encryption but the algorithm',
      {
        enc: { algo: 'AES-128-GCM', key: 'k'.repeat(16), IV: 'i'.repeat(16), params: { a: ['deep', 12345] } },
      },
      hidden('k'.repeat(16), 'i'.repeat(16), 'deep', '12345'),
    ],
    [
      'credentials in the URL, as they stand there and as they are meant',
      { url: 'https://us:p%40ss@example.com/?token=a%20b&to=<mobile>&key=<key>' },
      hidden('us:p%40ss', 'us:p@ss', 'p%40ss', 'p@ss', 'a%20b', 'a b'),
    ],
    [
      'the variable of a credential in the URL',
      { url: 'https://example.com/?token=${{ env.TOKEN }}' },
      hidden('hook-token'),
    ],
    [
      'the variable of another part of the URL, for the action alone',
      { url: 'https://example.com/${{ env.STAGE }}' },
      redacted('internal', 'https://example.com/internal'),
    ],
    [
      'what expressions made of a body, whatever its shape',
      { body: { a: '${{ fromJSON(env.JSON) }}', b: 'x${{ env.STAGE }}' } },
      redacted(ENV.JSON, '123456', 'inner-text', 'internal', 'xinternal'),
    ],
    [
      'what they made of titles',
      { title: 'GH ${{ env.STAGE }}', previous_titles: ['GH old ${{ env.STAGE }}'] },
      redacted('internal', 'GH internal', 'GH old internal'),
    ],
    ['what they made of a response', { response_message: 'To ${{ env.STAGE }}' }, redacted('To internal')],
  ])('are %s', async (_, fields, secrets) => {
    expect(await secretsWith(fields)).toEqual(expect.arrayContaining(secrets))
  })

  test('are what an expression made of the prefix of `prune`', async () => {
    const text = 'prune: { title_prefix: "GH ${{ env.STAGE }} " }\nprofiles: {}\n'
    const { manifest } = await read(text, { env: ENV })
    expect(secretsOf([], manifest?.prune ?? null)).toEqual(redacted('internal', 'GH internal '))
  })

  test('are found also where the manifest is wrong, and in values of a wrong type', async () => {
    const { errors, resolved } = await readProfile({
      url: 'nowhere',
      headers: 'authorization: abcdef',
      enc: ['key-in-a-list'],
      body: 1,
    })
    expect(errors).not.toEqual([])
    const secrets = secretsOf(resolved, null)
    expect(secrets).toEqual(hidden('authorization: abcdef', 'key-in-a-list'))
  })

  test('are neither the literals around them, nor ids and words that everybody knows', async () => {
    const secrets = await secretsWith({
      title: 'GH Orders',
      id: '${{ env.TOKEN }}',
      http_method: "${{ env.STAGE && 'POST' }}",
      body: { text: 'shown' },
      enc: { algo: "${{ env.STAGE && 'AES-128-GCM' }}", key: '****', IV: 'i'.repeat(16) },
    })
    expect(secrets).toEqual(hidden('i'.repeat(16)))
  })

  test('are no expressions that were not evaluated', async () => {
    const fields = { headers: { authorization: 'Bearer ${{ env.TOKEN }}', cookie: 'literal' } }
    expect(await secretsWith(fields, true)).toEqual(hidden('literal'))
  })
})

test('what the account shows masked is no secret', () => {
  expect(
    secretsIn({ headers: { authorization: '****' }, enc: { algo: 'x', key: '••••••', IV: null } }),
  ).toEqual([])
})

describe('the credentials of a proxy', () => {
  const values = (env: Record<string, string>): string[] => proxySecrets(env).map(({ value }) => value)
  test.each([
    ['https_proxy', 'http://us:pw@proxy:8080'],
    ['HTTPS_PROXY', 'us:pw@proxy:8080'],
    ['http_proxy', 'https://us:pw@proxy'],
    ['All_Proxy', 'socks5://us:pw@proxy'],
  ])('are found in %s=%s', (name, address) => {
    expect(values({ [name]: address })).toEqual(expect.arrayContaining(['us:pw', 'pw']))
  })

  test('are masked as they are meant, too', () => {
    expect(values({ HTTPS_PROXY: 'http://us:p%2Fw@proxy' })).toContain('us:p/w')
    expect(proxySecrets({ HTTPS_PROXY: 'http://us:pw@proxy' }).every(({ mask }) => mask)).toBe(true)
  })

  test.each([
    ['HTTPS_PROXY', 'http://proxy:8080'],
    ['NO_PROXY', 'us:pw@proxy'],
    ['HTTPS_PROXY', ''],
  ])('are not looked for in %s=%s', (name, address) => {
    expect(values({ [name]: address })).toEqual([])
  })
})
