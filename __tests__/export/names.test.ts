import { expect, test } from 'vitest'
import { createNames, keyOf, variableOf } from '../../src/export/names.ts'

test.each([
  ['GH Orders SMS', 'gh-orders-sms'],
  ['  --Orders__EU!! ', 'orders-eu'],
  ['2FA codes', '_2fa-codes'],
  ['Größe', 'gr-e'],
  ['订单', 'profile'],
  ['', 'profile'],
  [`${'x'.repeat(59)} y`, 'x'.repeat(59)],
])('the title %j makes the key %s', (title, key) => {
  expect(keyOf(title)).toBe(key)
})

test.each([
  ['orders-sms', 'ENC_key', 'ORDERS_SMS_ENC_KEY'],
  ['orders', 'HEADER_X-Api.Key', 'ORDERS_HEADER_X_API_KEY'],
  ['_2fa', 'ENC_IV', '_2FA_ENC_IV'],
  ['github-hook', 'ENC_IV', '_GITHUB_HOOK_ENC_IV'],
  ['input', 'ENC_IV', '_INPUT_ENC_IV'],
  ['actions', 'ENC_IV', '_ACTIONS_ENC_IV'],
  ['runner-x', 'ENC_IV', '_RUNNER_X_ENC_IV'],
  ['githubber', 'ENC_IV', 'GITHUBBER_ENC_IV'],
])('a secret of %s, %s, is named %s', (key, secret, name) => {
  expect(variableOf(key, secret)).toBe(name)
})

test('a name that is taken gets the next free number', () => {
  const unique = createNames('-')
  expect(['a', 'a', 'a-2', 'a', 'b', 'a-2'].map(unique)).toEqual(['a', 'a-2', 'a-2-2', 'a-3', 'b', 'a-2-3'])
})
