import { describe, expect, test } from 'vitest'
import { didYouMean, type Path, showPath, showPlace, showProblem } from '../../src/manifest/problem.ts'
import { KNOWN_NAMES } from '../../src/manifest/schema.ts'

const PLACE = { source: 'a.yml', file: 'a.yml', line: 3, column: 7 }

test.each<[path: Path, text: string]>([
  [[], ''],
  [['profiles', 'orders', 'enc', 'key'], 'profiles.orders.enc.key'],
  [['profiles', 2, 'url'], 'profiles[2].url'],
  [[0, 0], '[0][0]'],
  [['headers', 'x-a.b'], 'headers.x-a.b'],
  [[''], ''],
])('the path %j is written %j', (path, text) => {
  expect(showPath(path)).toBe(text)
})

test('a problem is one line with its place and path', () => {
  const problem = {
    severity: 'error',
    place: PLACE,
    path: 'profiles.a.url',
    message: 'expected a URL',
  } as const
  expect(showPlace(PLACE)).toBe('a.yml:3:7')
  expect(showProblem(problem)).toBe('a.yml:3:7  profiles.a.url: expected a URL')
  expect(showProblem({ ...problem, path: '' })).toBe('a.yml:3:7  expected a URL')
})

describe('the known name nearest to', () => {
  const meant = (name: string, known: readonly string[] = KNOWN_NAMES.profile): string =>
    /did you mean `(.*)`\?/.exec(didYouMean(name, known))?.[1] ?? ''

  test.each([
    ['titel', 'title'],
    ['ulr', 'url'],
    ['heders', 'headers'],
    ['responseMessage', 'response_message'],
    ['response', 'response_message'],
    ['HTTP_METHOD', 'http_method'],
    ['http method', 'http_method'],
    ['previousTitles', 'previous_titles'],
    ['chanel', 'channel'],
    ['event', 'events'],
    ['name', 'title'],
    ['endpoint', 'url'],
    ['payload', 'body'],
    ['encryption', 'enc'],
    ['profileId', 'id'],
  ])('%s is %s', (name, known) => {
    expect(meant(name)).toBe(known)
  })

  test.each(['retries', 'description', 'x', '', 'constructor', '__proto__', 'url'.repeat(1000)])(
    '%.20j is none',
    (name) => {
      expect(meant(name)).toBe('')
      expect(meant(name, [])).toBe('')
    },
  )

  test('is told in words that follow a message', () => {
    expect(didYouMean('algorithm', ['algo', 'key'])).toBe(' — did you mean `algo`?')
  })
})
