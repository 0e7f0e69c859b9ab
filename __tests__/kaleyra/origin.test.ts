import { describe, expect, test } from 'vitest'
import { ORIGINS, originProblem } from '../../src/kaleyra/origin.ts'

const EXPECTED = 'expected the address of the API domain alone, such as https://api.in.kaleyra.io'

test.each([
  ...Object.values(ORIGINS),
  'https://api.ap.kaleyra.io/',
  'HTTPS://API.KALEYRA.IO:8443',
  'http://127.0.0.1:8080',
  'http://127.9.9.9/',
  'http://localhost:3000/',
  'http://[::1]:3000',
])('%s is an address of the API', (text) => {
  expect(originProblem(text)).toBeNull()
})

describe('an address is refused', () => {
  test.each([
    ['api.in.kaleyra.io', EXPECTED],
    ['', EXPECTED],
    ['https://', EXPECTED],
    ['https://api.kaleyra.io:99999', EXPECTED],
    ['http://api.kaleyra.io', `${EXPECTED}: only https (http only for a loopback address)`],
    ['http://localhost.evil.example', `${EXPECTED}: only https (http only for a loopback address)`],
    ['http://127.0.0.1.evil.example', `${EXPECTED}: only https (http only for a loopback address)`],
    ['http://0.0.0.0', `${EXPECTED}: only https (http only for a loopback address)`],
    ['ftp://localhost', `${EXPECTED}: only https (http only for a loopback address)`],
    ['localhost:8080', `${EXPECTED}: only https (http only for a loopback address)`],
    ['blob:https://api.kaleyra.io/', `${EXPECTED}: only https (http only for a loopback address)`],
    ['https://api.kaleyra.io/v1', `${EXPECTED}, without a path`],
    ['https://api.kaleyra.io/?a=b', `${EXPECTED}, without a path`],
    ['https://api.kaleyra.io/#a', `${EXPECTED}, without a path`],
    ['https://user:s3cret@api.kaleyra.io', `${EXPECTED}, without credentials in it`],
    ['https://s3cret@api.kaleyra.io', `${EXPECTED}, without credentials in it`],
  ])('%s: %s', (text, problem) => {
    expect(originProblem(text)).toBe(problem)
  })

  test('without its text, which may hold a credential', () => {
    for (const text of ['https://k:s3cret@api.kaleyra.io', 's3cret', 'https://api.kaleyra.io/s3cret'])
      expect(originProblem(text)).not.toContain('s3cret')
  })
})
