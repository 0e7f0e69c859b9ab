/** What has to hold of any schedule: nothing is doubled, nothing else is touched, and a clean run completes the work. */
import { strict as assert } from 'node:assert'
import { type Sandbox, startSandbox } from '../../sandbox/server.ts'
import { type Acted, act, idsOf } from '../action.ts'
import { PRUNE_PREFIX, type Schedule, type Wanted } from './schedule.ts'

type Stored = ReturnType<Sandbox['store']['all']>[number]

/** Runs a schedule: once with its faults, then cleanly until it is done. Throws where something does not hold. */
export async function holds(schedule: Schedule): Promise<void> {
  const sandbox = await startSandbox(schedule.switches)
  try {
    const profiles = seed(sandbox, schedule)
    const before = sandbox.store.all()
    const check = (acted: Acted): void => checkAlways(schedule, before, sandbox.store.all(), acted)

    sandbox.faults.add(...schedule.faults)
    check(await run(sandbox, profiles, schedule, schedule.cancelAt))
    sandbox.faults.clear()
    await letLateWritesLand(sandbox)

    const clean = withoutRotation(schedule)
    let held = sandbox.store.all()
    let acted = await run(sandbox, profiles, clean, null)
    checkDeletions(schedule, held, sandbox.store.all(), acted)
    check(acted)
    if (acted.exitCode !== 0) {
      held = sandbox.store.all()
      acted = await run(sandbox, profiles, clean, null)
      checkDeletions(schedule, held, sandbox.store.all(), acted)
      check(acted)
    }
    if (acted.exitCode !== 0) {
      assert.notEqual(
        await cleanExit(schedule),
        0,
        `only the faults made it fail:\n${acted.log}\n${failures(acted)}`,
      )
      return
    }
    checkDone(schedule, sandbox.store.all(), acted)
    sandbox.requests.length = 0
    const idle = await run(sandbox, profiles, clean, null)
    assert.equal(idle.exitCode, 0, idle.log)
    assert.deepEqual(
      sandbox.writes().map(({ method, path }) => `${method} ${path}`),
      [],
      `an idle run wrote:\n${idle.log}`,
    )
  } finally {
    await sandbox.close()
  }
}

/** The schedule with secrets left as they are: rotating them is a deed of one run, and no state to reach. */
const withoutRotation = (schedule: Schedule): Schedule => ({
  ...schedule,
  inputs: { ...schedule.inputs, 'rewrite-secrets': 'false' },
})

/** Fills the account and returns the manifest's profiles by key. */
function seed(sandbox: Sandbox, { account, entries }: Schedule): Record<string, object> {
  for (const profile of account) sandbox.store.seed(profile)
  const idOf = (title: string): string | undefined =>
    sandbox.store.all().find((stored) => stored.title === title)?.profile_id
  return Object.fromEntries(
    entries.map(({ pinned, ...fields }, index) => {
      const id = pinned ? idOf(fields.title as string) : undefined
      return [`p${index}`, id === undefined ? fields : { ...fields, previous_titles: null, id }]
    }),
  )
}

function run(
  sandbox: Sandbox,
  profiles: object,
  { prune, inputs }: Schedule,
  cancelAt: number | null,
): Promise<Acted> {
  return act({
    sandbox,
    profiles: { profiles, ...(prune ? { prune: { title_prefix: PRUNE_PREFIX } } : {}) },
    inputs,
    ...(cancelAt === null ? {} : { cancelAt }),
  })
}

/** Exit code of the same schedule without faults, after as many runs. */
async function cleanExit(schedule: Schedule): Promise<number> {
  const sandbox = await startSandbox(schedule.switches)
  try {
    const profiles = seed(sandbox, schedule)
    await run(sandbox, profiles, schedule, null)
    return (await run(sandbox, profiles, withoutRotation(schedule), null)).exitCode
  } finally {
    await sandbox.close()
  }
}

async function letLateWritesLand(sandbox: Sandbox): Promise<void> {
  const { sid, apiKey } = sandbox.options
  for (let count = 0; count < 4; count += 1) {
    await (
      await fetch(`${sandbox.url}/v1/${sid}/callback/profiles?limit=1`, { headers: { 'api-key': apiKey } })
    ).text()
  }
}

const titled = (profiles: readonly Stored[], title: string): Stored[] =>
  profiles.filter((profile) => profile.title === title)
const failures = ({ annotations }: Acted): string => annotations.map(({ message }) => message).join('\n')

/** Holds after every run, also a faulty or cancelled one. */
function checkAlways(
  { entries, prune }: Schedule,
  before: readonly Stored[],
  after: readonly Stored[],
  acted: Acted,
): void {
  const context = `\n${acted.log}\n${failures(acted)}`
  for (const { title } of entries) {
    assert.ok(
      titled(after, title).length <= Math.max(1, titled(before, title).length),
      `"${title}" was doubled${context}`,
    )
  }
  const concerned = new Set(
    entries.flatMap(({ title, previous_titles: old }) => [title, ...((old as string[] | undefined) ?? [])]),
  )
  for (const title of [...concerned]) concerned.add(`${title}__replaced`)
  for (const profile of before) {
    if (concerned.has(profile.title) || (prune && profile.title.startsWith(PRUNE_PREFIX))) continue
    assert.deepEqual(
      after.find(({ profile_id }) => profile_id === profile.profile_id),
      profile,
      `somebody else's profile was touched${context}`,
    )
  }
}

/** A clean run deletes only where that is permitted, and no more than that. */
function checkDeletions(
  { inputs }: Schedule,
  before: readonly Stored[],
  after: readonly Stored[],
  { log }: Acted,
): void {
  const ids = new Set(after.map(({ profile_id }) => profile_id))
  const gone = before.filter(({ profile_id }) => !ids.has(profile_id)).length
  const permitted = inputs['allow-delete'] === 'true' ? Number(inputs['max-deletes']) : 0
  assert.ok(gone <= permitted, `${gone} profiles were deleted, ${permitted} may be\n${log}`)
}

/** Holds once a run succeeded: the account is what the manifest says, and the outputs tell the ids. */
function checkDone(
  { entries, prune, inputs, switches }: Schedule,
  after: readonly Stored[],
  acted: Acted,
): void {
  const reported = new Set(
    (JSON.parse(acted.outputs.profiles ?? '[]') as { key: string; action: string }[])
      .filter(({ action }) => action === 'report')
      .map(({ key }) => key),
  )
  const ids = idsOf(acted)
  for (const [index, entry] of entries.entries()) {
    const matches = titled(after, entry.title)
    if (entry.state === 'absent')
      assert.equal(matches.length, 0, `"${entry.title}" is still there\n${acted.log}`)
    else if (!reported.has(`p${index}`)) {
      const stored = after.find(({ profile_id }) => profile_id === ids[`p${index}`])
      assert.ok(stored, `the output has no id of "${entry.title}"\n${acted.log}`)
      assert.equal(stored.title, entry.title, acted.log)
      checkFields(entry, stored, switches.mask === true)
    }
  }
  if (!prune || inputs['on-existing'] === 'keep') return
  const declared = new Set(
    entries.flatMap(({ title, previous_titles: old }) => [title, ...((old as string[] | undefined) ?? [])]),
  )
  const left = after.filter(({ title }) => title.startsWith(PRUNE_PREFIX) && !declared.has(title))
  assert.deepEqual(
    left.map(({ title }) => title),
    [],
    `undeclared profiles were not pruned\n${acted.log}`,
  )
}

function checkFields(entry: Wanted, stored: Stored, masked: boolean): void {
  const secret = masked ? ['enc', 'headers'] : []
  for (const name of [
    'http_method',
    'url',
    'body',
    'headers',
    'enc',
    'channel',
    'events',
    'response_message',
  ]) {
    const wanted = entry[name]
    if (wanted === undefined || secret.includes(name)) continue
    assert.deepEqual(meaning(stored[name as keyof Stored]), meaning(wanted), `${entry.title}: ${name}`)
  }
}

/** Empty values all mean nothing; header names ignore case. */
function meaning(value: unknown): unknown {
  if (value === null || value === undefined || value === '') return null
  if (typeof value !== 'object') return value
  if (Object.keys(value).length === 0) return null
  if (Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name === 'X-Source' ? 'x-source' : name, part]),
  )
}
