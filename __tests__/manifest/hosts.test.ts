/** Hosts that Kaleyra's servers cannot reach: a warning wherever a manifest is loaded. */
import { describe, expect, test } from 'vitest'
import { read, readProfile } from './reading.ts'

const EXPECTED = "expected a host that Kaleyra's servers can reach from the internet, found"
/** Something to make a part of a URL of. */
const env = { HOST: '127.0.0.1', STAGE: 'test' }

describe.each([false, true])('a URL (offline: %s)', (offline) => {
  const warningsOf = async (url: string): Promise<readonly string[]> => {
    const { errors, warnings } = await readProfile({ url }, { env, offline })
    expect(errors).toEqual([])
    return warnings.map((warning) => warning.replace(/^\S+ {2}/, ''))
  }

  test.each([
    ['http://localhost:3000/', 'localhost, a name of the machine itself'],
    ['http://Api.LocalHost./', 'api.localhost, a name of the machine itself'],
    ['https://printer.local/', 'printer.local, a name of a local network'],
    ['https://metadata.google.internal/', 'metadata.google.internal, a name of a private network'],
    ['http://127.0.0.1/', '127.0.0.1, a loopback address'],
    ['http://127.1/', '127.0.0.1, a loopback address'],
    ['http://2130706433/', '127.0.0.1, a loopback address'],
    ['http://0x7f000001/', '127.0.0.1, a loopback address'],
    ['http://0177.0.0.1/', '127.0.0.1, a loopback address'],
    ['http://127.0.0.1./', '127.0.0.1, a loopback address'],
    ['http://0/', '0.0.0.0, an unspecified address'],
    ['http://[::]:80/', '::, an unspecified address'],
    ['http://[::1]/', '::1, a loopback address'],
    ['http://[::ffff:10.0.0.1]/', '::ffff:a00:1, a private address'],
    ['http://[fd00::1]/', 'fd00::1, a unique local address'],
    ['http://169.254.169.254/latest', '169.254.169.254, a link-local address'],
    ['http://100.64.0.1/', "100.64.0.1, an address of a carrier's own network"],
    ['https://user:secret@192.168.0.1/', '192.168.0.1, a private address'],
    ['http://10.0.0.1/${{ env.STAGE }}?to=<mobile>', '10.0.0.1, a private address'],
  ])('with an unreachable host is warned of: %s', async (url, found) => {
    expect(await warningsOf(url)).toEqual([`profiles.orders.url: ${EXPECTED} ${found}`])
  })

  test.each([
    'https://hooks.example.com/',
    'https://hooks.example.com/localhost?u=http://127.0.0.1/#127.0.0.1',
    'https://127.0.0.1@hooks.example.com/',
    'https://localhost.example.com/',
    'https://1.1.1.1/',
    'https://[2606:4700::1111]/',
    'https://<host>/',
    'http://127.0.0.<number>/',
    'http://${{ env.HOST }}/',
    'http:///${{ env.HOST }}/',
    'http://127.0.0.1${{ env.STAGE }}.example.com/',
  ])('with any other host is not: %s', async (url) => {
    expect(await warningsOf(url)).toEqual([])
  })
})

test('the warning stands at the URL, once where profiles inherit it', async () => {
  const { errors, warnings } = await read(
    [
      'defaults:',
      '  http_method: GET',
      '  url: http://localhost/a',
      'profiles:',
      '  first: { title: GH First }',
      '  second: { title: GH Second }',
      '  third: { title: GH Third, url: "http://10.0.0.1" }',
      '',
    ].join('\n'),
  )
  expect(errors).toEqual([])
  expect(warnings).toEqual([
    `m.yml:3:8  defaults.url: ${EXPECTED} localhost, a name of the machine itself`,
    `m.yml:7:34  profiles.third.url: ${EXPECTED} 10.0.0.1, a private address`,
  ])
})

test('the host of a profile that is to be absent does not matter', async () => {
  const { errors, warnings } = await readProfile({ url: 'http://localhost/', state: 'absent' })
  expect([errors, warnings]).toEqual([[], []])
})

test('a wrong URL is an error alone', async () => {
  const { errors, warnings } = await readProfile({ url: 'http://localhost/a b' })
  expect([errors.length, warnings]).toEqual([1, []])
})
