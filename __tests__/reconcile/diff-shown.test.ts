import { describe, expect, test } from 'vitest'
import { differing, ENC, NOTHING } from './comparison.ts'

describe('secrets', () => {
  test('of any kind are words, never values', async () => {
    const fields = { headers: { 'x-note': 'plain-header-value' }, enc: { ...ENC, params: 'params-value' } }
    const account = { headers: '{"x-note":"old-header-value"}', enc: { ...ENC, key: 'old-key-16-chars' } }
    const text = JSON.stringify(await differing(fields, account))
    for (const value of [
      'plain-header-value',
      'old-header-value',
      'params-value',
      'old-key-16-chars',
      ENC.key,
    ])
      expect(text).not.toContain(value)
  })

  test.each(['****', '••••••••', 'xxxxxxxx', '<redacted>', '0123****'])(
    'that the API shows as %s cannot be compared, and count as equal',
    async (masked) => {
      const fields = { enc: ENC, headers: { authorization: 'Bearer token' } }
      const account = { enc: { ...ENC, key: masked, IV: masked }, headers: { Authorization: masked } }
      expect(await differing(fields, account)).toEqual({
        ...NOTHING,
        uncomparable: expect.arrayContaining(['enc.key', 'enc.IV', 'headers.authorization']),
      })
    },
  )

  test('that are masked beside a difference do not hide it', async () => {
    const account = { enc: { algo: 'AES-128-GCM', key: '****', IV: '****' } }
    const found = await differing({ enc: ENC }, account)
    expect(found.names).toEqual(['enc'])
    expect(found.shown).toEqual([['enc.algo', '"AES-128-GCM"', '"AES-128-CFB"']])
    expect(found.uncomparable).toEqual(['enc.key', 'enc.IV'])
  })

  test('that are masked and to be removed are a difference', async () => {
    const found = await differing(
      { headers: { 'x-a': 'one' } },
      { headers: { 'x-a': 'one', cookie: '****' } },
    )
    expect(found).toMatchObject({ names: ['headers'], shown: [['headers.cookie', '(secret)', null]] })
  })

  test('a value that looks masked where no secret stands is a value', async () => {
    expect(await differing({ body: { a: 'one' } }, { body: { a: '****' } })).toMatchObject({
      names: ['body'],
      uncomparable: [],
    })
  })

  test('inside a URL are hidden, placeholders are not', async () => {
    const account = { url: 'https://me:pass-word@hooks.example.com/?token=s3cr3t&key=<id>&to=<mobile>' }
    const { shown } = await differing({}, account)
    expect(shown[0]?.[1]).toBe('"https://***@hooks.example.com/?token=***&key=<id>&to=<mobile>"')
  })
})

describe('expressions', () => {
  const env = { STAGE: 'internal-stage', TOKEN: 'hook-token', BODY: '{"id":"from-json"}' }
  test.each<[string, object, object, readonly unknown[]]>([
    [
      'in a text',
      { url: 'https://${{ env.STAGE }}.example.com' },
      {},
      ['url', '(not shown)', 'https://${{ env.STAGE }}.example.com'],
    ],
    [
      'in a part of a body',
      { body: { at: { stage: '${{ env.STAGE }}' } } },
      { body: '{"at":{"stage":"old-stage"}}' },
      ['body.at.stage', '(not shown)', '${{ env.STAGE }}'],
    ],
    [
      'as a whole body',
      { body: '${{ fromJSON(env.BODY) }}' },
      { body: '{"id":"old-stage"}' },
      ['body', '(not shown)', '${{ fromJSON(env.BODY) }}'],
    ],
    [
      'in a list',
      { body: { parts: ['${{ env.STAGE }}'] } },
      { body: '{"parts":["old-stage"]}' },
      ['body.parts', '(not shown)', '["${{ env.STAGE }}"]'],
    ],
    [
      'in a header',
      { headers: { authorization: 'Bearer ${{ env.TOKEN }}' } },
      {},
      ['headers.authorization', null, '(secret)'],
    ],
    [
      'in a field that the account lacks',
      { response_message: '${{ env.STAGE }}' },
      {},
      ['response_message', null, '${{ env.STAGE }}'],
    ],
  ])('%s are shown as they are written, with neither side evaluated', async (_, fields, account, shown) => {
    const found = await differing(fields, account, env)
    expect(found.shown).toEqual([shown])
    expect(JSON.stringify(found)).not.toMatch(/internal-stage|hook-token|from-json|old-stage/)
  })

  test('are compared by what came of them', async () => {
    const fields = { url: 'https://${{ env.STAGE }}.example.com', body: '${{ fromJSON(env.BODY) }}' }
    const account = { url: 'https://internal-stage.example.com', body: '{"id":"from-json"}' }
    expect(await differing(fields, account, env)).toEqual(NOTHING)
  })

  test('of a whole body show one change, however many parts of it differ', async () => {
    const account = { body: '{"id":"old","more":"old","most":"old"}' }
    const { shown } = await differing({ body: '${{ fromJSON(env.BODY) }}' }, account, env)
    expect(shown).toEqual([['body', '(not shown)', '${{ fromJSON(env.BODY) }}']])
  })
})
