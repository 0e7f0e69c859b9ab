import { describe, expect, test } from 'vitest'
import { MAX_PROFILES } from '../../src/manifest/load.ts'
import { read } from './reading.ts'

const PROFILES_OF_A_FILE = 500

/** The most profiles that a manifest may have, in several files, of which the last has a mistake in each profile. */
function files(): Record<string, string> {
  const last = MAX_PROFILES / PROFILES_OF_A_FILE - 1
  const profile = (file: number, index: number): string => `  orders-${file}-${index}:
    title: GH Orders ${file} ${index}
    url: https://hooks.example.com/kaleyra/\${{ env.STAGE }}/${index}
    channel: sms
    events: [SMS-sent]
    headers: { authorization: "Bearer \${{ env.TOKEN }}" }
    body: { id: "<id>", status: "<status>" }
    ${file === last ? 'retries: 3' : 'response_message: Hi'}
`
  const start = 'defaults: { http_method: POST, headers: { x-source: kaleyra } }\nprofiles:\n'
  return Object.fromEntries(
    Array.from({ length: last + 1 }, (_, file) => [
      `${file}.yml`,
      start + Array.from({ length: PROFILES_OF_A_FILE }, (__, index) => profile(file, index)).join(''),
    ]),
  )
}

test(`${MAX_PROFILES} profiles are read at once, and the mistakes in them located`, {
  timeout: 30_000,
}, async () => {
  const { errors } = await read(files(), { env: { STAGE: 'test', TOKEN: 's3cret' } })

  expect(errors).toHaveLength(PROFILES_OF_A_FILE)
  expect(errors.at(-1)).toBe('9.yml:4002:5  profiles.orders-9-499.retries: unknown field')
})

describe('time grows with the size of a profile, not with its square', { timeout: 20_000 }, () => {
  const COUNT = 5000
  const many = (line: (index: number) => string): string =>
    Array.from({ length: COUNT }, (_, index) => line(index)).join('\n')
  const START = 'title: GH A\nhttp_method: POST\nurl: https://h.example.com\n'
  test.each([
    ['headers', `${START}body: {}\nheaders:\n${many((index) => `  x-${index}: "1"`)}`, 0],
    ['headers that are wrong', `${START}body: {}\nheaders:\n${many((index) => `  x-${index}: 1`)}`, COUNT],
    ['unknown fields', `${START}body: {}\n${many((index) => `x${index}: 1`)}`, COUNT],
    ['expressions', `${START}body:\n${many((index) => `  x${index}: "\${{ env.X }}"`)}`, 0],
    [
      'expressions that are wrong',
      `${START}body:\n${many((index) => `  x${index}: "\${{ secrets.X }}"`)}`,
      COUNT,
    ],
  ])('%s', async (_, text, count) => {
    expect((await read(text, { offline: true })).errors).toHaveLength(count)
  })
})
