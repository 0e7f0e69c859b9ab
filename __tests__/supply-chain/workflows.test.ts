/** What every workflow of this repository keeps to, so that none can be turned against it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isMap, isSeq, type Pair, parseDocument, type Scalar, visit } from 'yaml'
import { ROOT } from '../../sandbox/runner.ts'

const FOLDER = join(ROOT, '.github', 'workflows')
const names = readdirSync(FOLDER)
const workflow = (name: string): string => readFileSync(join(FOLDER, name), 'utf8')

/** Events that give the code or the text of strangers a token that can write, or secrets. */
const UNSAFE = [
  'pull_request_target',
  'workflow_run',
  'issue_comment',
  'issues',
  'discussion',
  'discussion_comment',
]
const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/
const VERSION = /^ v\d+\.\d+\.\d+$/

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}
interface Job {
  readonly 'runs-on'?: unknown
  readonly 'timeout-minutes'?: unknown
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps?: readonly Step[]
}
interface Workflow {
  readonly on: string | readonly string[] | Readonly<Record<string, unknown>>
  readonly permissions?: unknown
  readonly concurrency?: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

/** Everything in a workflow that breaks a rule, in words. */
function faultsOf(text: string): string[] {
  const document = parseDocument(text)
  const { on, permissions, concurrency, jobs } = document.toJS() as Workflow
  const events = typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(on)
  const faults = events.filter((event) => UNSAFE.includes(event)).map((event) => `runs on ${event}`)
  if (JSON.stringify(permissions) !== '{}') faults.push('gives permissions to all jobs')
  if (concurrency === undefined) faults.push('has no concurrency')
  if (/\bsecrets\b/.test(text)) faults.push('reads a secret')

  visit(document, {
    Pair(_, pair) {
      const [key, comment] = [keyOf(pair), (pair.value as Scalar | null)?.comment ?? '']
      if (key === 'uses') {
        const action = String(pair.value)
        if (!PINNED.test(action)) faults.push(`${action} is not pinned to a commit`)
        if (!VERSION.test(comment)) faults.push(`${action} does not say its version`)
      }
      if (key === 'permissions' && isMap(pair.value))
        for (const grant of pair.value.items as Pair[])
          if (!(grant.value as Scalar).comment) faults.push(`${keyOf(grant)} is granted without a reason`)
      if (key === 'steps' && isSeq(pair.value)) {
        const watched = String(pair.value.getIn([0, 'uses'])).startsWith('step-security/harden-runner@')
        const told = pair.value.commentBefore?.startsWith(' Egress: ')
        if (!watched && !told) faults.push('does not say where a job connects to')
      }
    },
  })
  for (const [name, job] of Object.entries(jobs)) {
    const fault = (what: string) => faults.push(`${name} ${what}`)
    const steps = job.steps ?? []
    if (job['runs-on'] !== 'ubuntu-latest') fault('runs elsewhere')
    if (typeof job['timeout-minutes'] !== 'number') fault('has no time limit')
    const writes = Object.values(job.permissions ?? {}).includes('write')
    if (writes && steps.some(({ run = '' }) => /\bnpm\b|\.ci\/(run|dist)/.test(run)))
      fault('runs packages with a token that can write')
    for (const { uses = '', run = '', with: inputs = {} } of steps) {
      if (run.includes('${{')) fault('puts text into a script')
      if (uses.startsWith('actions/checkout@') && inputs['persist-credentials'] !== false)
        fault('leaves the token in the checkout')
      if (uses.startsWith('actions/setup-node@') && inputs['package-manager-cache'] !== false)
        fault('may use a cache')
      if (uses.startsWith('actions/cache') || 'cache' in inputs) fault('uses a cache')
    }
  }
  return faults
}

const keyOf = (pair: Pair): string => String(pair.key)

describe('a workflow', () => {
  test.each(names)('%s breaks no rule', (name) => {
    expect(faultsOf(workflow(name))).toEqual([])
  })

  const CHECKOUT = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1'
  const GOOD = `on: push
permissions: {}
concurrency: one
jobs:
  one:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      contents: read # to check out the sources
    steps:
      # Egress: GitHub
      - uses: ${CHECKOUT}
        with:
          persist-credentials: false
      - run: echo "$GITHUB_REF_NAME"
`

  test.each<[string, string, string]>([
    ['on: push', 'on: pull_request_target', 'runs on pull_request_target'],
    ['on: push', 'on: [push, issue_comment]', 'runs on issue_comment'],
    ['on: push', 'on:\n  workflow_run:', 'runs on workflow_run'],
    ['permissions: {}', 'permissions: read-all', 'gives permissions to all jobs'],
    ['permissions: {}\n', '', 'gives permissions to all jobs'],
    ['concurrency: one\n', '', 'has no concurrency'],
    [' # to check out the sources', '', 'contents is granted without a reason'],
    ['    timeout-minutes: 5\n', '', 'one has no time limit'],
    ['ubuntu-latest', 'self-hosted', 'one runs elsewhere'],
    ['      # Egress: GitHub\n', '', 'does not say where a job connects to'],
    ['persist-credentials: false', 'fetch-depth: 0', 'one leaves the token in the checkout'],
    [' # v7.0.1', '', `${CHECKOUT.split(' ')[0]} does not say its version`],
    [' # v7.0.1', ' # v7', `${CHECKOUT.split(' ')[0]} does not say its version`],
    [`${CHECKOUT.split('@')[1]}`, 'v7 # v7.0.1', 'actions/checkout@v7 is not pinned to a commit'],
    ['$GITHUB_REF_NAME', '${{ github.head_ref }}', 'one puts text into a script'],
    ['$GITHUB_REF_NAME', '$TOKEN"\n        env: { TOKEN: "${{ secrets.TOKEN }}" } #', 'reads a secret'],
    ['persist-credentials: false', 'persist-credentials: false\n          cache: npm', 'one uses a cache'],
  ])('with `%s` as `%s` breaks one', (from, to, fault) => {
    expect(faultsOf(GOOD)).toEqual([])
    expect(GOOD).toContain(from)
    expect(faultsOf(GOOD.replace(from, () => to))).toEqual([fault])
  })

  test('with packages beside a token that can write breaks one', () => {
    const text = GOOD.replace('contents: read', 'contents: write').replace('echo', 'npm ci && echo')
    expect(faultsOf(text)).toEqual(['one runs packages with a token that can write'])
  })
})

describe('all workflows', () => {
  const texts = names.map(workflow)
  const jobs = texts.flatMap((text) => Object.values((parseDocument(text).toJS() as Workflow).jobs))

  test('use one release of each action', () => {
    const actions = texts.flatMap((text) => [...text.matchAll(/uses: ([\w-]+\/[\w-]+)\S*@(.+)$/gm)])
    const releases = new Map<string, Set<string>>()
    for (const [, action = '', release = ''] of actions)
      releases.set(action, (releases.get(action) ?? new Set()).add(release))
    expect([...releases].filter(([, used]) => used.size > 1)).toEqual([])
    expect(releases.size).toBeGreaterThan(5)
  })

  test('grant what can write only where it is needed', () => {
    const writes = jobs.flatMap(({ permissions = {} }) => Object.entries(permissions))
    expect(
      [...new Set(writes.filter(([, level]) => level !== 'read').map(([scope]) => scope))].sort(),
    ).toEqual(['attestations', 'contents', 'id-token', 'security-events'])
    const writers = names.filter((name) => /^ +contents: write/m.test(workflow(name)))
    expect(writers).toEqual(['release.yml'])
  })

  test('test what a developer tests', () => {
    for (const name of ['ci.yml', 'release.yml']) expect(workflow(name)).toContain('- run: bash .ci/run\n')
  })

  test('publish behind an environment, in a job that the others come before', () => {
    const { jobs } = parseDocument(workflow('release.yml')).toJS() as { jobs: Record<string, unknown> }
    expect(jobs).toMatchObject({
      draft: { needs: 'verify' },
      publish: { needs: 'draft', environment: 'release' },
    })
    expect(Object.keys(jobs)).toEqual(['verify', 'draft', 'publish'])
  })
})

test('Dependabot waits before it proposes a release, and proposes those of a kind together', () => {
  const { updates } = parseDocument(readFileSync(join(ROOT, '.github', 'dependabot.yml'), 'utf8')).toJS()
  expect(updates.map((one: Record<string, unknown>) => one['package-ecosystem'])).toEqual([
    'npm',
    'github-actions',
  ])
  for (const { cooldown, groups } of updates) {
    expect(cooldown['default-days']).toBeGreaterThanOrEqual(7)
    expect(Object.keys(groups)).not.toEqual([])
  }
})

test('every package of the lock file is known by its content, and none runs a script on installation', () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
  const { '': _, ...installed } = packages as Record<string, { integrity?: string; hasInstallScript?: true }>
  const strange = Object.entries(installed).filter(
    ([, one]) => !one.integrity?.startsWith('sha512-') || one.hasInstallScript,
  )
  expect(strange).toEqual([])
  expect(readFileSync(join(ROOT, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m)
})
