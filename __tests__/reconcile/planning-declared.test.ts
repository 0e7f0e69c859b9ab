import { describe, expect, test } from 'vitest'
import { expressionsOf } from '../../src/manifest/contexts.ts'
import { parseSource } from '../../src/manifest/document.ts'
import { loadManifest, type Manifest } from '../../src/manifest/load.ts'
import { planDeclared } from '../../src/reconcile/declared.ts'
import type { Change } from '../../src/reconcile/plan.ts'

const ACCOUNT = { origin: 'https://api.kaleyra.io', sid: 'HX1' }
const PING = { title: 'GH Ping', http_method: 'GET', url: 'https://hooks.example.com/ping' }

/** A manifest of these profiles, not evaluated, as a run without secrets reads it. */
async function manifestOf(profiles: object, rest: object = {}): Promise<Manifest> {
  const text = JSON.stringify({ ...rest, profiles })
  const { document } = parseSource({ name: 'a.yml', file: 'a.yml', text })
  if (document === null) throw new Error('JSON is YAML')
  const { manifest, problems } = loadManifest([document], await expressionsOf([document], null))
  if (manifest === null) throw new Error(problems.map(({ message }) => message).join())
  return manifest
}

/** What the head changes, profile by profile. */
async function changesOf(base: object, head: object, rest?: object): Promise<readonly Change[]> {
  return planDeclared(await manifestOf(base), await manifestOf(head, rest), ACCOUNT).changes
}

const verbsOf = (changes: readonly Change[]): string[] =>
  changes.map(({ key, title, verb }) => `${key || title}: ${verb}`)

describe('between two manifests', () => {
  test.each<[what: string, base: object, head: object, verbs: string[]]>([
    ['the same profile is unchanged', { ping: PING }, { ping: PING }, ['ping: unchanged']],
    ['another key changes nothing', { ping: PING }, { pong: PING }, ['pong: unchanged']],
    ['a new one is created', {}, { ping: PING }, ['ping: create']],
    [
      'a field makes an update',
      { ping: PING },
      { ping: { ...PING, url: 'https://b.example.com' } },
      ['ping: update'],
    ],
    [
      'a title that was another before is a rename',
      { ping: PING },
      { ping: { ...PING, title: 'GH Pong', previous_titles: ['GH Ping'] } },
      ['ping: update'],
    ],
    [
      'another title is another profile, and the old one stays',
      { ping: PING },
      { ping: { ...PING, title: 'GH Pong' } },
      ['ping: create', 'GH Ping: report'],
    ],
    [
      'another channel is a replacement',
      { ping: PING },
      { ping: { ...PING, channel: 'sms' } },
      ['ping: replace'],
    ],
    ['absent is a deletion', { ping: PING }, { ping: { ...PING, state: 'absent' } }, ['ping: delete']],
    ['newly absent is a deletion', {}, { ping: { ...PING, state: 'absent' } }, ['ping: delete']],
    [
      'absent as before is unchanged',
      { ping: { ...PING, state: 'absent' } },
      { ping: { ...PING, state: 'absent' } },
      ['ping: unchanged'],
    ],
    ['present again is created', { ping: { ...PING, state: 'absent' } }, { ping: PING }, ['ping: create']],
    [
      'a pin finds its profile whatever the title',
      { ping: { ...PING, id: 'SG_1' } },
      { ping: { id: 'SG_1', title: 'GH Pong', url: PING.url } },
      ['ping: update'],
    ],
    ['a new pin is reported', {}, { ping: { id: 'SG_1', url: PING.url } }, ['ping: report']],
    [
      'a field that is no longer declared stays as it is',
      { ping: { ...PING, response_message: 'Thanks' } },
      { ping: PING },
      ['ping: unchanged'],
    ],
  ])('%s', async (_, base, head, verbs) => {
    expect(verbsOf(await changesOf(base, head))).toEqual(verbs)
  })

  test.each<[what: string, base: object, head: object, note: RegExp]>([
    ['another pin', { ping: { ...PING, id: 'SG_1' } }, { ping: { ...PING, id: 'SG_2' } }, /pinned to SG_2/],
    ['a new pin', { ping: PING }, { ping: { ...PING, id: 'SG_2' } }, /pinned to SG_2/],
    ['no pin any more', { ping: { ...PING, id: 'SG_1' } }, { ping: PING }, /pinned no more/],
    [
      'a new previous title',
      { ping: PING },
      { ping: { ...PING, previous_titles: ['GH Victim'] } },
      /take over/,
    ],
  ])('%s is reported: it may mean another profile', async (_, base, head, note) => {
    const [change] = await changesOf(base, head)
    expect(change).toMatchObject({ verb: 'report', notes: [expect.stringMatching(note)] })
  })

  test.each([
    ['new', undefined],
    ['of another prefix', { prune: { title_prefix: 'GH Ping' } }],
  ])('a `prune` that is %s is reported', async (_, before) => {
    const [base, head] = [await manifestOf({ ping: PING }, before), { prune: { title_prefix: 'GH ' } }]
    const { changes } = planDeclared(base, await manifestOf({ ping: PING }, head), ACCOUNT)
    expect(verbsOf(changes)).toEqual(['ping: unchanged', 'GH : report'])
    const again = await manifestOf({ ping: PING }, head)
    expect(verbsOf(planDeclared(again, again, ACCOUNT).changes)).toEqual(['ping: unchanged'])
  })

  test('what is no longer declared is deleted in the scope of prune, and only there', async () => {
    const base = { a: { ...PING, title: 'GH A' }, b: { ...PING, title: 'Other B' } }
    const changes = await changesOf(base, { ping: PING }, { prune: { title_prefix: 'GH ' } })
    expect(verbsOf(changes)).toEqual(['ping: create', 'GH : report', 'GH A: delete', 'Other B: report'])
  })

  test('a title of an entry is never pruned, whoever had it before', async () => {
    const head = { ping: { ...PING, title: 'GH Pong', previous_titles: ['GH Ping', 'GH A'] } }
    const base = { ping: PING, a: { ...PING, title: 'GH A' } }
    const changes = await changesOf(base, head, { prune: { title_prefix: 'GH ' } })
    expect(verbsOf(changes)).toEqual(['ping: update', 'GH : report'])
  })

  test('values are shown as they are written: secrets as words, expressions as expressions', async () => {
    const of = (token: string, stage: string) => ({
      ping: { ...PING, headers: { authorization: token }, url: `https://hooks.example.com/${stage}` },
    })
    const [change] = await changesOf(
      of('${{ env.OLD }}', '${{ env.STAGE }}/a'),
      of('${{ env.NEW }}', '${{ env.STAGE }}/b'),
    )
    expect(change?.mayReplace).toBe(true)
    expect(change?.changes).toEqual([
      {
        path: 'url',
        from: 'https://hooks.example.com/${{ env.STAGE }}/a',
        to: 'https://hooks.example.com/${{ env.STAGE }}/b',
      },
      { path: 'headers.authorization', from: '(secret)', to: '(secret)' },
    ])
  })

  test('5,000 profiles are compared at once', async () => {
    const many = (path: string) =>
      Object.fromEntries(
        Array.from({ length: 5000 }, (_, index) => [
          `k${index}`,
          { ...PING, title: `GH ${index}`, url: `https://hooks.example.com/${index % 7 === 0 ? path : ''}` },
        ]),
      )
    const plan = planDeclared(await manifestOf(many('a')), await manifestOf(many('b')), ACCOUNT)
    expect(plan.counts).toMatchObject({ update: 715, unchanged: 4285 })
  })
})
