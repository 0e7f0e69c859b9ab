/** The workflows to paste, step by step against the sandbox: this action as a runner runs it, their scripts in bash. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { ActionResult } from '../../sandbox/runner.ts'
import type { Sandbox } from '../../sandbox/server.ts'
import { read } from '../pages.ts'
import { account, act, annotations, MANIFEST_PATH } from './scenario.ts'

interface Step {
  readonly id?: string
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
}
interface Job {
  readonly steps: readonly Step[]
  readonly outputs?: Readonly<Record<string, string>>
}

/** Values of expressions, by their text. */
type Values = Readonly<Record<string, string>>

const jobsOf = (name: string): Record<string, Job> =>
  (parse(read(`examples/workflows/${name}.yml`)) as { jobs: Record<string, Job> }).jobs

function stepOf(workflow: string, job: string, wanted: (step: Step) => boolean): Step {
  const step = jobsOf(workflow)[job]?.steps.find(wanted)
  if (step === undefined) throw new Error(`${workflow}.yml has no such step in ${job}`)
  return step
}

/** Puts values in the place of expressions. One that has no value here fails the test. */
const filledIn = (texts: Readonly<Record<string, unknown>> = {}, values: Values): Record<string, string> =>
  Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      name,
      String(text).replace(/\$\{\{ (.+?) \}\}/g, (_, expression: string) => {
        const value = values[expression]
        if (value === undefined) throw new Error(`\${{ ${expression} }} has no value here`)
        return value
      }),
    ]),
  )

const MANIFEST = `profiles:
  orders-sms:
    title: GH Orders SMS
    http_method: POST
    url: https://hooks.example.com/sms
    headers: { authorization: "Bearer \${{ env.HOOK_TOKEN }}" }
    body: { id: "<id>" }
`

/** Carries out the step of a job that uses this action, on an account that a sandbox holds. */
function actStep(
  sandbox: Sandbox,
  [workflow, job]: readonly [string, string],
  {
    values = {},
    event = 'push',
    path = MANIFEST_PATH,
  }: { values?: Values; event?: string; path?: string } = {},
): Promise<ActionResult> {
  const all = {
    'secrets.KALEYRA_API_KEY': sandbox.options.apiKey,
    'secrets.KALEYRA_SID': sandbox.options.sid,
    'secrets.HOOK_TOKEN': 'hook/token+1==',
    ...values,
  }
  const step = stepOf(workflow, job, ({ uses }) => uses?.startsWith('OWNER/') === true)
  return act(sandbox, {
    inputs: filledIn(step.with, all),
    env: filledIn(step.env, all),
    files: { [path]: MANIFEST },
    event: { name: event, payload: event === 'push' ? {} : { pull_request: SAME_REPOSITORY } },
  })
}

const SAME_REPOSITORY = Object.fromEntries(
  ['head', 'base'].map((side) => [side, { repo: { full_name: 'example/shop' } }]),
)

/** Carries out the script of a step in a folder, and returns what it printed. */
function script(step: Step, values: Values, folder: string, env: Values = {}): string {
  const variables = { PATH: process.env.PATH ?? '', ...env, ...filledIn(step.env, values) }
  return execFileSync('bash', ['-e', '-c', step.run ?? ''], { cwd: folder, env: variables, encoding: 'utf8' })
}

describe('one-account.yml', () => {
  test('plans on the pull request and applies on the push', async () => {
    const sandbox = await account()
    const job = ['one-account', 'callback-profiles'] as const
    const planned = await actStep(sandbox, job, { event: 'pull_request' })
    expect(planned.outputs).toMatchObject({ 'has-changes': 'true', changed: 'false', created: '1' })
    expect(sandbox.writes()).toEqual([])

    const applied = await actStep(sandbox, job)
    expect(applied.outputs).toMatchObject({ changed: 'true', created: '1' })
    expect(sandbox.store.titles()).toEqual(['GH Orders SMS'])
  })
})

describe('reviewed-plan.yml', () => {
  const { plan } = jobsOf('reviewed-plan')
  /** The outputs of the job `plan`, as the job `apply` reads them. */
  const handedOver = ({ outputs }: ActionResult): Values => {
    const values = Object.entries(outputs).map(([name, value]) => [`steps.plan.outputs.${name}`, value])
    const filled = filledIn(plan?.outputs, Object.fromEntries(values))
    return Object.fromEntries(
      Object.entries(filled).map(([name, value]) => [`needs.plan.outputs.${name}`, value]),
    )
  }

  test('applies the plan that was approved', async () => {
    const sandbox = await account()
    const values = handedOver(await actStep(sandbox, ['reviewed-plan', 'plan']))
    expect(values).toHaveProperty(['needs.plan.outputs.has-changes'], 'true')
    expect(sandbox.writes()).toEqual([])

    const applied = await actStep(sandbox, ['reviewed-plan', 'apply'], { values })
    expect(applied.exitCode, applied.log).toBe(0)
    expect(sandbox.store.titles()).toEqual(['GH Orders SMS'])
  })

  test('applies nothing where the account has changed since', async () => {
    const sandbox = await account()
    const values = handedOver(await actStep(sandbox, ['reviewed-plan', 'plan']))
    sandbox.store.seed({ title: 'GH Orders SMS', http_method: 'GET', url: 'https://elsewhere.example.com' })

    const refused = await actStep(sandbox, ['reviewed-plan', 'apply'], { values })
    expect(annotations(refused, 'error')).toEqual([expect.stringContaining('not the reviewed one')])
    expect(sandbox.writes()).toEqual([])
  })
})

describe('drift.yml', () => {
  const job = ['drift', 'drift'] as const
  const step = stepOf(...job, ({ run }) => run !== undefined)
  const open = { title: 'GH Orders SMS', http_method: 'POST', url: 'https://by-hand.example.com' }

  /** Runs the script after a plan, with a `gh` that knows one open issue or none, and returns how it was called. */
  function gh({ exitCode, outputs }: ActionResult, issue: string): string[] {
    const folder = mkdtempSync(join(tmpdir(), 'gh-'))
    const command =
      '#!/usr/bin/env bash\nprintf "%s\\n" "$*" >> calls\n[ "$2" != list ] || printf "%s" "$ISSUE"\n'
    writeFileSync(join(folder, 'gh'), command, { mode: 0o755 })
    const values = Object.entries(outputs).map(([name, value]) => [`steps.plan.outputs.${name}`, value])
    const facts = {
      ...Object.fromEntries(values),
      'steps.plan.outcome': exitCode === 0 ? 'success' : 'failure',
      'github.token': 'token',
      'github.server_url': 'https://github.com',
      'github.repository': 'example/shop',
      'github.run_id': '7',
    }
    script(step, facts, folder, { ISSUE: issue, PATH: `${folder}${delimiter}${process.env.PATH}` })
    return readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n')
  }

  test('opens one issue for a drift, and brings that up to date', async () => {
    const sandbox = await account()
    sandbox.store.seed(open)
    const planned = await actStep(sandbox, job)
    expect(planned.exitCode).toBe(1)
    expect(sandbox.writes()).toEqual([])

    const text = /0 to create, 1 to update, 0 to replace, 0 to delete.*actions\/runs\/7\)/
    expect(gh(planned, '')).toEqual([
      expect.stringMatching(/^issue list --label callback-profile-drift --state open /),
      expect.stringMatching(/^label create callback-profile-drift --force /),
      expect.stringMatching(/^issue create --title .* --label callback-profile-drift --body /),
    ])
    expect(gh(planned, '').at(-1)).toMatch(text)
    expect(gh(planned, '12').slice(1)).toEqual([expect.stringMatching(/^issue edit 12 --body /)])
    expect(gh(planned, '12').at(-1)).toMatch(text)
  })

  test('closes the issue where there is no drift any more, and opens none', async () => {
    const sandbox = await account()
    await actStep(sandbox, ['one-account', 'callback-profiles'])
    const planned = await actStep(sandbox, job)
    expect(planned.exitCode, planned.log).toBe(0)
    expect(gh(planned, '12').slice(1)).toEqual([expect.stringMatching(/^issue close 12 --comment /)])
    expect(gh(planned, '').slice(1)).toEqual([])
  })

  test.each<[string, (sandbox: Sandbox) => void]>([
    [
      'cannot be read',
      ({ faults }) => faults.add({ on: {}, when: 'before', what: { kind: 'html', status: 403 } }),
    ],
    ['has two profiles of one title', ({ store }) => [store.seed(open), store.seed(open)]],
  ])('leaves the issue alone where the account %s', async (_, prepare) => {
    const sandbox = await account()
    prepare(sandbox)
    const planned = await actStep(sandbox, job)
    expect(planned.exitCode).toBe(1)
    expect(gh(planned, '12').slice(1)).toEqual([])
  })
})

describe('many-accounts.yml', () => {
  test('hands the ids of every account to later jobs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ids-'))
    mkdirSync(join(folder, 'ids'))
    const expected: Record<string, unknown> = {}
    for (const name of ['shop-in', 'shop-eu']) {
      const values = { 'matrix.account': name, 'matrix.region': 'in' }
      const path = `.github/callback-profiles/${name}.yml`
      const { outputs } = await actStep(await account(), ['many-accounts', 'account'], { values, path })
      const ids = outputs['profile-ids'] ?? ''
      expected[name] = JSON.parse(ids)
      const write = stepOf('many-accounts', 'account', ({ run }) => run !== undefined)
      script(write, { ...values, 'steps.callbacks.outputs.profile-ids': ids }, join(folder, 'ids'))
    }
    expect(readdirSync(join(folder, 'ids')).sort()).toEqual(['shop-eu.ids', 'shop-in.ids'])

    const output = join(folder, 'output')
    script(
      stepOf('many-accounts', 'ids', ({ run }) => run !== undefined),
      {},
      folder,
      { GITHUB_OUTPUT: output },
    )
    const [, merged = ''] = /^profile-ids=(.*)\n$/.exec(readFileSync(output, 'utf8')) ?? []
    expect(JSON.parse(merged)).toEqual(expected)
  })
})
