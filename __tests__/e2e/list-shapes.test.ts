import { describe, expect, test } from 'vitest'
import type { Sandbox, SandboxOverrides } from '../../sandbox/server.ts'
import { account, act, idsOf, MANIFEST, SAMPLE, TITLES, writesOf } from './scenario.ts'

type Listing = NonNullable<SandboxOverrides['list']>

/** What the documentation leaves open about the list. Each value of each switch stands in some row. */
const LISTINGS: readonly [string, Listing][] = [
  ['a bare array of whole profiles', {}],
  [
    'profiles under a name, a prefix filter, offsets that count pages',
    { shape: { under: 'profiles' }, items: 'summary', filter: 'prefix', offset: 'page', maxLimit: 25 },
  ],
  [
    'ids with a total beside them, a substring filter, 25 at most',
    {
      shape: { under: 'data' },
      total: { name: 'total', where: 'data' },
      items: 'ids',
      filter: 'substring',
      maxLimit: 25,
    },
  ],
  [
    'a total in the envelope, a filter that is ignored, offsets that count pages',
    {
      shape: { under: 'callback_profiles' },
      total: { name: 'count', where: 'envelope' },
      filter: 'ignored',
      offset: 'page',
      maxLimit: 25,
    },
  ],
  [
    'one id at a time, a filter that is ignored',
    { total: { name: 'total_count', where: 'envelope' }, items: 'ids', filter: 'ignored', maxLimit: 1 },
  ],
  [
    'one summary at a time, offsets that count pages',
    { shape: { under: 'items' }, items: 'summary', offset: 'page', maxLimit: 1 },
  ],
  [
    'the newest first, a substring filter that ignores case',
    { items: 'summary', filter: 'substring', filterCase: 'insensitive', offset: 'page', order: 'newest' },
  ],
  [
    'ids under a name without a total, a filter that is ignored',
    { shape: { under: 'rows' }, items: 'ids', filter: 'ignored', maxLimit: 25, order: 'newest' },
  ],
]

/** Profiles of other people, some with titles that a careless search takes for ours. */
function inhabit({ store, options }: Sandbox): void {
  const near = ['GH Orders SMS 2', 'Old GH Orders SMS', 'GH Incoming-', 'XGH WhatsApp Status', 'GH']
  const count = options.list.maxLimit === 1 ? 6 : 60
  for (let number = 1; number <= count; number += 1)
    store.seed({ title: near[number] ?? `Other ${number}`, body: { n: number } })
}

describe.each(LISTINGS)('on an account whose list shows %s', (_, list) => {
  test('a manifest and the documented sample give ids, and a second run writes nothing', async () => {
    const sandbox = await account({ list })
    inhabit(sandbox)
    const others = sandbox.store.all()

    const first = await act(sandbox, { manifest: MANIFEST })
    const ids = idsOf(sandbox)
    expect(JSON.parse(first.outputs['profile-ids'] ?? '')).toEqual(ids)
    expect(first.outputs).toMatchObject({ changed: 'true', created: '3', failed: '0' })
    for (const key of Object.keys(TITLES)) expect(first.outputs[`profile-id-${key}`]).toBe(ids[key])
    expect(writesOf(sandbox).map(({ method }) => method)).toEqual(['POST', 'POST', 'POST'])

    sandbox.requests.length = 0
    const second = await act(sandbox, { manifest: MANIFEST })
    expect(writesOf(sandbox)).toEqual([])
    expect(second.outputs).toMatchObject({ changed: 'false', 'has-changes': 'false', unchanged: '3' })
    expect(second.outputs['profile-ids']).toBe(first.outputs['profile-ids'])

    const sample = await act(sandbox, { inputs: SAMPLE })
    expect(sample.outputs['profile-id']).toBe(idsOf(sandbox, { sample: SAMPLE.title }).sample)
    expect(sandbox.store.all().slice(0, others.length)).toEqual(others)
  })
})

test('the documented sample arrives as it was declared', async () => {
  const sandbox = await account()
  await act(sandbox, { inputs: SAMPLE })
  expect(writesOf(sandbox)).toEqual([
    {
      method: 'POST',
      body: {
        title: 'Callback_Profile_Test_1',
        http_method: 'POST',
        url: 'https://hooks.example.com/sample',
        body: { mobile: '<mobile>', status: '<status>' },
        response_message: 'Thank you',
        headers: { 'x-team': 'orders' },
        enc: { algo: 'AES-128-CFB', key: '0123456789abcdef', IV: 'fedcba9876543210' },
        channel: 'sms',
        events: ['SMS-sent'],
      },
    },
  ])
})

test('a changed URL is one PATCH with one field, and the id stays', async () => {
  const sandbox = await account()
  await act(sandbox, { manifest: MANIFEST })
  const ids = idsOf(sandbox)
  sandbox.requests.length = 0

  const moved = MANIFEST.replace('example.com/kaleyra/sms', 'example.com/moved')
  const { outputs } = await act(sandbox, { manifest: moved })
  expect(writesOf(sandbox)).toEqual([{ method: 'PATCH', body: { url: 'https://hooks.example.com/moved' } }])
  expect(sandbox.writes()[0]?.path).toMatch(new RegExp(`/${ids['orders-sms']}$`))
  expect(outputs).toMatchObject({ changed: 'true', created: '0', updated: '1', unchanged: '2' })
  expect(JSON.parse(outputs.profiles ?? '')).toContainEqual({
    key: 'orders-sms',
    title: TITLES['orders-sms'],
    id: ids['orders-sms'],
    action: 'update',
    changed: ['url'],
  })
  expect(idsOf(sandbox)).toEqual(ids)
})
