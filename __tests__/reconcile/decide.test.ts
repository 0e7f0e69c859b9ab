import { describe, expect, test } from 'vitest'
import { errorsOf, type Given, held, inShort, notesOf, planFor, wanted } from './planning.ts'

const OTHER_URL = 'https://hooks.example.com/b'
const ENC = { algo: 'AES-128-CFB', key: '0123456789abcdef', IV: 'fedcba9876543210' }
const SMS = { channel: 'sms', events: ['SMS-sent'] }
const MASKED = { headers: { authorization: '****' } }
const BEARER = { headers: { authorization: 'Bearer abc' } }

interface Case extends Given {
  /** The plan in short. */
  readonly plan: readonly string[]
  /** The errors of the plan, whole or a pattern of each; none where left out. */
  readonly errors?: readonly (string | RegExp)[]
  /** The notes of the plan, whole or a pattern of each; none where left out. */
  readonly notes?: readonly (string | RegExp)[]
}

const CAMPAIGNS = 'deleting a profile ends the callbacks of scheduled campaigns that use it'

const CASES: Readonly<Record<string, Readonly<Record<string, Case>>>> = {
  'what is declared and what there is': {
    'nothing at all is an empty plan': { plan: [] },
    'a profile that nothing declares is left alone': { account: [held('1', 'GH A')], plan: [] },
    'a profile that does not exist is created': {
      profiles: { a: wanted('GH A') },
      account: [held('1', 'GH B')],
      plan: ['a create -'],
    },
    'a profile that is as declared is unchanged': {
      profiles: { a: wanted('GH A') },
      account: [held('1', 'GH A')],
      plan: ['a unchanged 1'],
    },
    'documented fields are updated in place': {
      profiles: {
        a: wanted('GH A', { http_method: 'POST', url: OTHER_URL, body: { a: 1 }, response_message: 'x' }),
      },
      account: [held('1', 'GH A')],
      plan: ['a update 1 http_method url body.a response_message'],
    },
    'only the fields that differ are changed': {
      profiles: { a: wanted('GH A', { url: OTHER_URL, response_message: 'x' }) },
      account: [held('1', 'GH A', { response_message: 'x' })],
      plan: ['a update 1 url'],
    },
    'a field that is not declared stays': {
      profiles: { a: wanted('GH A') },
      account: [held('1', 'GH A', { response_message: 'x', headers: { a: 'b' }, enc: ENC, body: { a: 1 } })],
      plan: ['a unchanged 1'],
    },
    'a field that is declared empty is cleared': {
      profiles: { a: wanted('GH A', { response_message: null, body: {} }) },
      account: [held('1', 'GH A', { response_message: 'x', body: { a: 1 } })],
      plan: ['a update 1 body.a response_message'],
    },
    'headers, enc and events may replace': {
      profiles: {
        a: wanted('GH A', { headers: { 'x-a': 'b' } }),
        b: wanted('GH B', { enc: ENC }),
        c: wanted('GH C', SMS),
      },
      account: [held('1', 'GH A'), held('2', 'GH B'), held('3', 'GH C', { channel: 'sms' })],
      plan: ['a update? 1 headers.x-a', 'b update? 2 enc.algo enc.key enc.IV', 'c update? 3 events'],
    },
    'a mixed update may replace': {
      profiles: { a: wanted('GH A', { url: OTHER_URL, headers: null }) },
      account: [held('1', 'GH A', { headers: { 'x-a': 'b' } })],
      plan: ['a update? 1 url headers.x-a'],
    },
    'a deletion, with its warning': {
      profiles: { a: { title: 'GH A', state: 'absent' } },
      account: [held('1', 'GH A', { url: OTHER_URL })],
      plan: ['a delete 1'],
      notes: [CAMPAIGNS],
    },
    'a profile that is to be absent and is': {
      profiles: { a: { title: 'GH A', state: 'absent' } },
      account: [held('1', 'GH B')],
      plan: ['a unchanged -'],
    },
  },

  channels: {
    'from the default to sms is a replacement, said loudly': {
      profiles: { a: wanted('GH A', SMS) },
      account: [held('1', 'GH A')],
      plan: ['a replace 1 channel events'],
      notes: [/^THE ID CHANGES.*campaigns/],
    },
    'from sms to the default is a replacement': {
      profiles: { a: wanted('GH A', { channel: null }) },
      account: [held('1', 'GH A', { channel: 'SMS' })],
      plan: ['a replace 1 channel'],
      notes: [/^THE ID CHANGES/],
    },
    'every spelling of the default is the default': {
      profiles: { a: wanted('GH A', { channel: 'Default' }), b: wanted('GH B', { channel: null }) },
      account: [held('1', 'GH A', { channel: '' }), held('2', 'GH B', { channel: 'default' })],
      plan: ['a unchanged 1', 'b unchanged 2'],
    },
    'another channel in another case is the same': {
      profiles: { a: wanted('GH A', { channel: 'whatsapp' }) },
      account: [held('1', 'GH A', { channel: 'WhatsApp' })],
      plan: ['a unchanged 1'],
    },
    'another channel by another name is reported, never replaced': {
      profiles: { a: wanted('GH A', { channel: 'whatsapp' }), b: wanted('GH B', { channel: 'voice' }) },
      account: [held('1', 'GH A', { channel: 'wa' }), held('2', 'GH B')],
      plan: ['a report 1', 'b report 2'],
      notes: [/"wa" on the account and "whatsapp" here/, /"default" on the account and "voice" here/],
    },
    'another channel by another name does not keep the rest from being updated': {
      profiles: { a: wanted('GH A', { channel: 'whatsapp', url: OTHER_URL }) },
      account: [held('1', 'GH A', { channel: 'wa' })],
      plan: ['a update 1 url'],
      notes: [/"wa" on the account/],
    },
    'a pinned profile is never replaced': {
      profiles: { a: { id: '1', ...SMS } },
      account: [held('1', 'GH A')],
      plan: ['a replace 1 channel events'],
      errors: [/^a: its channel cannot be changed, and a pinned profile is never replaced: remove `id`/],
      notes: [/^THE ID CHANGES/],
    },
    'a masked value that is not managed blocks a replacement': {
      profiles: { a: wanted('GH A', SMS) },
      account: [held('1', 'GH A', { enc: { ...ENC, key: '****' }, ...MASKED })],
      plan: ['a replace 1 channel events'],
      errors: [
        /^a: cannot be replaced: the account shows headers.authorization, enc.key masked.*declare it in the manifest/,
      ],
      notes: [/^THE ID CHANGES/],
    },
    'a masked value that is managed does not': {
      profiles: { a: wanted('GH A', { ...SMS, ...BEARER }) },
      account: [held('1', 'GH A', MASKED)],
      plan: ['a replace 1 channel events'],
      notes: [/^headers.authorization: \(secret, cannot be compared\)/, /^THE ID CHANGES/],
    },
  },

  titles: {
    'a previous title is renamed in place': {
      profiles: { a: wanted('GH A', { previous_titles: ['GH Old', 'GH Older'] }) },
      account: [held('1', 'GH Older')],
      plan: ['a update 1 title'],
    },
    'a rename takes other changes along': {
      profiles: { a: wanted('GH A', { previous_titles: ['GH Old'], url: OTHER_URL }) },
      account: [held('1', 'GH Old')],
      plan: ['a update 1 title url'],
    },
    'the current title wins over previous ones': {
      profiles: { a: wanted('GH A', { previous_titles: ['GH Old'] }) },
      account: [held('1', 'GH Old', { url: OTHER_URL }), held('2', 'GH A')],
      plan: ['a unchanged 2'],
    },
    'a previous title is deleted where the profile is to be absent': {
      profiles: { a: { title: 'GH A', previous_titles: ['GH Old'], state: 'absent' } },
      account: [held('1', 'GH Old')],
      plan: ['a delete 1'],
      notes: [CAMPAIGNS],
    },
    'current and previous title are two profiles where it is to be absent': {
      profiles: { a: { title: 'GH A', previous_titles: ['GH Old'], state: 'absent' } },
      account: [held('1', 'GH A'), held('2', 'GH Old')],
      plan: ['a report -'],
      errors: [/^a: the account has 2 such profiles \(1 "GH A", 2 "GH Old"\)/],
    },
    'two profiles of one title are an error that names both, with the line to add': {
      profiles: { a: wanted('GH A'), b: wanted('GH B') },
      account: [held('1', 'GH A'), held('2', 'GH A', { url: OTHER_URL })],
      plan: ['a report -', 'b create -'],
      errors: [
        'a: the account has 2 such profiles (1 "GH A", 2 "GH A"): delete the wrong one, or pin the right one with `id: 1`',
      ],
    },
    'two profiles of one title are an error where it is to be absent, too': {
      profiles: { a: { title: 'GH A', state: 'absent' } },
      account: [held('1', 'GH A'), held('2', 'GH A')],
      plan: ['a report -'],
      errors: [/2 such profiles/],
    },
    'two profiles of previous titles are an error': {
      profiles: { a: wanted('GH A', { previous_titles: ['GH Old', 'GH Older'] }) },
      account: [held('1', 'GH Old'), held('2', 'GH Older')],
      plan: ['a report -'],
      errors: [/2 such profiles \(1 "GH Old", 2 "GH Older"\)/],
    },
    'a title that differs only in case is another profile, and noted': {
      profiles: { a: wanted('GH A') },
      account: [held('1', 'gh a')],
      plan: ['a create -'],
      notes: [/^profile 1 is titled "gh a".*only in case.*`previous_titles: \[gh a\]` to rename it/],
    },
    'a title that differs only in case beside the exact one is reported': {
      profiles: { a: wanted('GH A') },
      account: [held('1', 'gh a'), held('2', 'GH A')],
      plan: ['a report 2'],
      notes: [/^profile 1 is titled "gh a"/],
    },
    'two entries that mean one profile by pin and title': {
      profiles: { a: wanted('GH A'), b: { id: '1' } },
      account: [held('1', 'GH A')],
      plan: ['a unchanged 1', 'b unchanged 1'],
      errors: ['b: is profile 1, as `a` is: remove one of the two entries'],
    },
    'two entries that mean one profile by pin and previous title': {
      profiles: { a: wanted('GH A', { previous_titles: ['GH Old'] }), b: { id: '1', title: 'GH B' } },
      account: [held('1', 'GH Old')],
      plan: ['a update 1 title', 'b update 1 title'],
      errors: ['b: is profile 1, as `a` is: remove one of the two entries'],
    },
  },

  pins: {
    'find the profile whatever its title is': {
      profiles: { a: { id: '1', url: OTHER_URL } },
      account: [held('1', 'GH A')],
      plan: ['a update 1 url'],
    },
    'rename it': {
      profiles: { a: { id: '1', title: 'GH B' } },
      account: [held('1', 'GH A')],
      plan: ['a update 1 title'],
    },
    'choose among profiles of one title': {
      profiles: { a: { id: '2', title: 'GH A' } },
      account: [held('1', 'GH A'), held('2', 'GH A')],
      plan: ['a unchanged 2'],
    },
    'cannot take the title of another profile': {
      profiles: { a: { id: '1', title: 'GH B' } },
      account: [held('1', 'GH A'), held('2', 'GH B')],
      plan: ['a update 1 title'],
      errors: ['a: cannot take this title: profile 2 has it'],
    },
    'of a profile that does not exist are an error': {
      profiles: { a: { id: '9', title: 'GH A' } },
      account: [held('1', 'GH A')],
      plan: ['a report -'],
      errors: [/^a: the pinned profile 9 does not exist on this account: correct `id`, or remove it/],
    },
    'of a profile that is to be absent delete it': {
      profiles: { a: { id: '1', state: 'absent' } },
      account: [held('1', 'GH A'), held('2', 'GH A')],
      plan: ['a delete 1'],
      notes: [CAMPAIGNS],
    },
    'of a profile that is absent already are fine': {
      profiles: { a: { id: '9', title: 'GH A', state: 'absent' } },
      account: [held('1', 'GH A')],
      plan: ['a unchanged -'],
    },
    'never replace, so nothing may replace': {
      profiles: { a: { id: '1', headers: { 'x-a': 'b' } } },
      account: [held('1', 'GH A')],
      plan: ['a update 1 headers.x-a'],
    },
  },

  'what an interrupted replacement left': {
    'is renamed back where the title is missing': {
      profiles: { a: wanted('GH A') },
      account: [held('1', 'GH A__replaced')],
      plan: ['a update 1 title'],
    },
    'is replaced where the title is missing and the channel still differs': {
      profiles: { a: wanted('GH A', SMS) },
      account: [held('1', 'GH A__replaced')],
      plan: ['a replace 1 title channel events'],
      notes: [/^THE ID CHANGES/],
    },
    'is deleted where the title is there': {
      profiles: { a: wanted('GH A') },
      account: [held('1', 'GH A__replaced'), held('2', 'GH A')],
      plan: ['a unchanged 2', '"GH A__replaced" delete 1'],
      notes: ['left over from a replacement that was interrupted', CAMPAIGNS],
    },
    'comes before a previous title': {
      profiles: { a: wanted('GH A', { previous_titles: ['GH Old'] }) },
      account: [held('1', 'GH A__replaced'), held('2', 'GH Old')],
      plan: ['a update 1 title'],
    },
    'twice is an error': {
      profiles: { a: wanted('GH A') },
      account: [held('1', 'GH A__replaced'), held('2', 'GH A__replaced')],
      plan: ['a report -'],
      errors: [/2 such profiles/],
    },
    'is deleted where the profile is to be absent': {
      profiles: { a: { title: 'GH A', state: 'absent' } },
      account: [held('1', 'GH A__replaced')],
      plan: ['a delete 1'],
      notes: [CAMPAIGNS],
    },
    'is left alone where it is declared under that title': {
      profiles: { a: wanted('GH A'), b: wanted('GH A__replaced') },
      account: [held('1', 'GH A__replaced'), held('2', 'GH A')],
      plan: ['a unchanged 2', 'b unchanged 1'],
    },
    'is left alone where it is pinned': {
      profiles: { a: wanted('GH A'), b: { id: '1', title: 'GH B' } },
      account: [held('1', 'GH A__replaced'), held('2', 'GH A')],
      plan: ['a unchanged 2', 'b update 1 title'],
    },
    'is left alone where nothing declares its title': {
      profiles: { a: wanted('GH A') },
      account: [held('1', 'GH B__replaced'), held('2', 'GH A')],
      plan: ['a unchanged 2'],
    },
  },

  prune: {
    'takes what has the prefix and is not declared': {
      profiles: { a: wanted('GH A') },
      prune: 'GH ',
      account: [held('1', 'GH A'), held('2', 'GH B'), held('3', 'XX C'), held('4', 'gh d')],
      plan: ['a unchanged 1', '"GH B" delete 2'],
      notes: ['not declared, and in the scope of `prune`', CAMPAIGNS],
    },
    'spares absent, previous and pinned profiles, and titles in another case': {
      profiles: {
        a: wanted('GH A', { previous_titles: ['GH Old'] }),
        b: { title: 'GH B', state: 'absent' },
        c: { id: '3' },
      },
      prune: 'GH ',
      account: [held('1', 'GH A'), held('2', 'GH Old'), held('3', 'GH C'), held('4', 'GH b')],
      plan: ['a unchanged 1', 'b unchanged -', 'c unchanged 3'],
    },
    'leaves what an interrupted replacement left to that rule': {
      profiles: { a: wanted('GH A') },
      prune: 'GH ',
      account: [held('1', 'GH A__replaced'), held('2', 'GH A')],
      plan: ['a unchanged 2', '"GH A__replaced" delete 1'],
      notes: ['left over from a replacement that was interrupted', CAMPAIGNS],
    },
    'of two profiles of one title takes neither where one is declared': {
      profiles: { a: wanted('GH A') },
      prune: 'GH ',
      account: [held('1', 'GH A'), held('2', 'GH A')],
      plan: ['a report -'],
      errors: [/2 such profiles/],
    },
  },

  'what is to be said of a profile': {
    'that Kaleyra disabled': {
      profiles: { a: wanted('GH A') },
      account: [held('1', 'GH A', { status: 2 })],
      plan: ['a report 1'],
      notes: [/^Kaleyra disabled this profile \(status 2\): mend its endpoint/],
    },
    'that is disabled': {
      profiles: { a: wanted('GH A', { url: OTHER_URL }) },
      account: [held('1', 'GH A', { status: 3 })],
      plan: ['a update 1 url'],
      notes: [/^this profile is disabled \(status 3\)/],
    },
    'that is active is nothing': {
      profiles: { a: wanted('GH A') },
      account: [held('1', 'GH A', { status: 1 })],
      plan: ['a unchanged 1'],
    },
  },

  secrets: {
    'that are masked count as unchanged': {
      profiles: { a: wanted('GH A', { ...BEARER, enc: ENC }) },
      account: [held('1', 'GH A', { ...MASKED, enc: { ...ENC, key: '****', IV: '****' } })],
      plan: ['a unchanged 1'],
      notes: [
        'headers.authorization, enc.key, enc.IV: (secret, cannot be compared); `rewrite-secrets: true` sends it again',
      ],
    },
    'that are masked are sent again with rewrite-secrets': {
      profiles: { a: wanted('GH A', BEARER) },
      account: [held('1', 'GH A', MASKED)],
      policy: { rewriteSecrets: true },
      plan: ['a update? 1 headers.authorization'],
    },
    'that can be compared are not sent again with rewrite-secrets': {
      profiles: { a: wanted('GH A', BEARER) },
      account: [held('1', 'GH A', BEARER)],
      policy: { rewriteSecrets: true },
      plan: ['a unchanged 1'],
    },
    'that are masked do not hide a difference beside them': {
      profiles: { a: wanted('GH A', { headers: { authorization: 'Bearer abc', 'x-a': 'b' } }) },
      account: [held('1', 'GH A', MASKED)],
      plan: ['a update? 1 headers.x-a'],
      notes: [/^headers.authorization: \(secret, cannot be compared\)/],
    },
  },

  'on-existing': {
    'keep reports a difference and changes nothing': {
      profiles: { a: wanted('GH A', { url: OTHER_URL, body: { a: 1 } }), b: wanted('GH B') },
      account: [held('1', 'GH A')],
      policy: { onExisting: 'keep' },
      plan: ['a report 1', 'b create -'],
      notes: ['differs from the account in url, body.a; kept as it is (`on-existing: keep`)'],
    },
    'fail is an error where something differs': {
      profiles: { a: wanted('GH A', { url: OTHER_URL }), b: wanted('GH B') },
      account: [held('1', 'GH A'), held('2', 'GH B')],
      policy: { onExisting: 'fail' },
      plan: ['a report 1', 'b unchanged 2'],
      errors: ['a: differs from the account in url, and `on-existing` is `fail`'],
      notes: [/kept as it is/],
    },
    'keep replaces nothing': {
      profiles: { a: wanted('GH A', SMS) },
      account: [held('1', 'GH A')],
      policy: { onExisting: 'keep' },
      plan: ['a report 1'],
      notes: [/^differs from the account in channel, events/],
    },
    'keep does not keep what is to be absent': {
      profiles: { a: { title: 'GH A', state: 'absent' } },
      account: [held('1', 'GH A')],
      policy: { onExisting: 'keep' },
      plan: ['a delete 1'],
      notes: [CAMPAIGNS],
    },
  },
}

const matching = (expected: readonly (string | RegExp)[] = []): unknown[] =>
  expected.map((text) => (typeof text === 'string' ? text : expect.stringMatching(text)))

const reversed = ({ profiles = {}, account = [], ...rest }: Given): Given => ({
  ...rest,
  profiles: Object.fromEntries(Object.entries(profiles).toReversed()),
  account: account.toReversed(),
})

describe.each(Object.entries(CASES))('%s', (_, cases) => {
  test.each(Object.entries(cases))('%s', async (_name, { plan, errors, notes, ...given }) => {
    const planned = await planFor(given)
    expect(inShort(planned)).toEqual(plan)
    expect(errorsOf(planned)).toEqual(matching(errors))
    expect(notesOf(planned)).toEqual(matching(notes))
  })
})

describe('neither the order of the manifest nor that of the account makes a difference', () => {
  test.each(Object.values(CASES).flatMap((group) => Object.entries(group)))('%s', async (_, given) => {
    const [planned, turned] = [await planFor(given), await planFor(reversed(given))]
    expect(turned.plan).toEqual(planned.plan)
    expect(errorsOf(turned)).toEqual(errorsOf(planned))
  })
})

describe('a title that an expression makes is nowhere to be seen', () => {
  const env = { STAGE: 'hidden' }
  const title = '$' + '{{ env.STAGE }} A'
  test.each<[string, Given]>([
    ['of a profile to create', { account: [] }],
    ['of a leftover', { account: [held('1', 'hidden A'), held('2', 'hidden A__replaced')] }],
    ['of two profiles', { account: [held('1', 'hidden A'), held('2', 'hidden A')] }],
    ['of one that differs in case', { account: [held('1', 'HIDDEN A')] }],
    ['of one to rename', { account: [held('1', 'hidden A__replaced')] }],
    ['of one that is pruned', { account: [held('1', 'hidden B')], prune: '$' + '{{ env.STAGE }} ' }],
  ])('%s', async (_, given) => {
    const planned = await planFor({ ...given, env, profiles: { a: wanted(title) } })
    expect(planned.plan.changes.every((change) => change.title.startsWith('$' + '{{ env.STAGE }}'))).toBe(
      true,
    )
    expect(JSON.stringify([planned.plan, errorsOf(planned)])).not.toMatch(/hidden/i)
  })
})

test('a channel that an expression makes is nowhere to be seen', async () => {
  const planned = await planFor({
    profiles: { a: wanted('GH A', { channel: '$' + '{{ env.CHANNEL }}' }) },
    env: { CHANNEL: 'hidden' },
    account: [held('1', 'GH A', { channel: 'unseen' })],
  })
  expect(inShort(planned)).toEqual(['a report 1'])
  expect(notesOf(planned)[0]).toMatch(
    /^the channel is \(not shown\) on the account and \$\{\{ env.CHANNEL \}\} here/,
  )
  expect(JSON.stringify(planned.plan)).not.toMatch(/hidden|unseen/)
})

test('the steps of a plan are in its order, and each knows every id that was seen', async () => {
  const { plan, steps } = await planFor({
    profiles: { b: wanted('GH B'), a: wanted('GH A') },
    prune: 'TF ',
    account: [held('1', 'GH A'), held('2', 'TF B'), held('3', 'XX C')],
  })
  expect(steps.map(({ change }) => change)).toEqual(plan.changes)
  expect(steps.map(({ wave }) => wave)).toEqual(['declared', 'declared', 'prune'])
  expect([...(steps[1]?.seen ?? [])]).toEqual(['1', '2', '3'])
})
