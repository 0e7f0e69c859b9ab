import { describe, expect, test } from 'vitest'
import { endpointOf, urlProblem } from '../../src/manifest/url.ts'

test.each([
  'https://hooks.example.com',
  'http://hooks.example.com:8080/a/b?c=d#e',
  'HTTPS://HOOKS.EXAMPLE.COM/',
  'https://hooks.example.com/a?to=<mobile>&status=<status>',
  'https://hooks.example.com/<id>/<address.formatted_address>',
  'https://<tenant>.example.com/',
  'https://example.com:<port>/a',
  'https://<user>:<password>@example.com/',
  'https://<host>/',
  'https://hooks.example.com/ü?q=%20',
  'https://bücher.example/',
  'http://127.0.0.1/',
  'http://[::1]:80/',
  'https://hooks.example.com/?a=<b',
])('%s is a callback URL', (url) => {
  expect(urlProblem(url)).toBeNull()
})

const START = 'expected a URL that starts with https:// or http://'
const HOST = 'expected a URL with a host, such as https://hooks.example.com/path'
const SPACES = 'expected a URL without spaces or line breaks'

test.each([
  ['', START],
  ['hooks.example.com/a', START],
  ['//hooks.example.com', START],
  ['ftp://hooks.example.com', START],
  ['javascript:alert(1)//https://x', START],
  ['<scheme>://hooks.example.com', START],
  ['https:/hooks.example.com', START],
  ['https:hooks.example.com', START],
  ['https://', HOST],
  ['https://?a=b', HOST],
  ['https://:80/', HOST],
  ['https://a:99999/', HOST],
  ['https://exa<mple.com/', HOST],
  ['https://300.300.300.300/', HOST],
  ['https://hooks.example.com/a b', SPACES],
  ['https://hooks.example.com/<first name>', SPACES],
  [' https://hooks.example.com', SPACES],
  ['https://hooks.example.com\n', SPACES],
  ['https://hooks.exa\tmple.com', SPACES],
  ['https://hooks.example.com/\u0000', SPACES],
])('%j is none: %s', (url, problem) => {
  expect(urlProblem(url)).toBe(problem)
})

test('a long text of placeholders takes no time', { timeout: 10_000 }, () => {
  for (const piece of ['<', '<a', '<a>', '>']) urlProblem(`https://h.example.com/${piece.repeat(200_000)}`)
})

describe('the endpoint of a URL', () => {
  test.each<[url: string, endpoint: string]>([
    ['https://hooks.example.com', 'https hooks.example.com:443'],
    ['http://hooks.example.com/a', 'http hooks.example.com:80'],
    ['HTTPS://HOOKS.Example.COM:8443/a', 'https hooks.example.com:8443'],
    ['http://hooks.example.com:443', 'http hooks.example.com:443'],
    ['https://hooks.example.com:0/', 'https hooks.example.com:0'],
    ['https://hooks.example.com./a', 'https hooks.example.com:443'],
    ['https://user:p%40ss@hooks.example.com/', 'https hooks.example.com:443'],
    ['https://evil.example.com@hooks.example.com/', 'https hooks.example.com:443'],
    ['https://hooks.example.com\\@evil.example.com/', 'https hooks.example.com:443'],
    ['https:///hooks.example.com/a', 'https hooks.example.com:443'],
    ['https://bücher.example/', 'https xn--bcher-kva.example:443'],
    ['https://[2001:DB8:0::1]:8443/', 'https [2001:db8::1]:8443'],
    ['http://[::ffff:127.0.0.1]/', 'http [::ffff:7f00:1]:80'],
    ['http://2130706433/', 'http 127.0.0.1:80'],
    ['http://0x7f.1/', 'http 127.0.0.1:80'],
    ['http://0177.0.0.01./', 'http 127.0.0.1:80'],
    ['http://１２７。0。0。1/', 'http 127.0.0.1:80'],
    ['https://<user>:<password>@hooks.example.com/', 'https hooks.example.com:443'],
    ['https://hooks.example.com/<id>?to=<mobile>', 'https hooks.example.com:443'],
    ['https://hooks.example.com/${{ env.STAGE }}/sms', 'https hooks.example.com:443'],
    ['https://hooks.example.com?to=${{ env.TO }}', 'https hooks.example.com:443'],
    ['https://hooks.example.com:8443#${{ env.TO }}', 'https hooks.example.com:8443'],
    ['https://hooks.example.com\\${{ env.TO }}', 'https hooks.example.com:443'],
  ])('%s is %s', (url, shown) => {
    const endpoint = endpointOf(url)
    expect(`${endpoint?.secure ? 'https' : 'http'} ${endpoint?.authority}`).toBe(shown)
    expect(endpoint?.authority).toBe(
      endpoint?.host.includes(':')
        ? `[${endpoint.host}]:${endpoint.port}`
        : `${endpoint?.host}:${endpoint?.port}`,
    )
  })

  test.each([
    '${{ env.URL }}',
    '${{ env.SCHEME }}://hooks.example.com/',
    'https://${{ env.HOST }}/a',
    'https://${{ env.HOST }}.example.com/a',
    'https://hooks.example.com${{ env.PATH }}',
    'https://hooks.example.com:${{ env.PORT }}/',
    'https://user:${{ env.PASSWORD }}@hooks.example.com/',
    'https:///${{ env.HOST }}/a',
    'https:////${{ env.HOST }}/a',
    'https://\\${{ env.HOST }}/a',
    'https://${{ env.HOST',
    'https://<host>/',
    'https://<tenant>.example.com/',
    'https://hooks.example.com:<port>/',
    'https://<a/b>.example.com/',
    'https://hooks.example.com<a/${{ env.X }}>/',
    'https://1<a>.0.0.1/',
    'ftp://127.0.0.1/',
    'https://',
    'https://hooks.example.com:65536/',
    'http://[fe80::1%25eth0]/',
    'http://localhost/a b',
    '',
    null,
    80,
  ])('is not known of %j', (url) => {
    expect(endpointOf(url)).toBeNull()
  })
})
