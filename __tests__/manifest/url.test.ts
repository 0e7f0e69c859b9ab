import { expect, test } from 'vitest'
import { urlProblem } from '../../src/manifest/url.ts'

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
