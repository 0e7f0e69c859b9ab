/** A release is the commit that was verified, or it is refused. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../../sandbox/runner.ts'

/** What there is at GitHub: tags with their commits, the commits of main, releases, and what gets in the way. */
interface Repository {
  readonly tags: Readonly<Record<string, string>>
  readonly main: readonly string[]
  readonly releases: Readonly<Record<string, { readonly draft: boolean; readonly assets: readonly string[] }>>
  /** Tags that someone else moves while a release is published. */
  readonly meanwhile?: Readonly<Record<string, string>>
  /** No tag can be made or moved. */
  readonly protected?: boolean
}

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
const TAG = `v${version}`
const MAJOR = TAG.split('.')[0] ?? ''
const [OLD, COMMIT, OTHER] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string]
const DRAFT = { draft: true, assets: [] }

/** A repository whose newest tag is the version of package.json, on main, with its draft. */
const repository = (changed: Partial<Repository> = {}): Repository => ({
  tags: { 'v0.0.9': OLD, [MAJOR]: OLD, [TAG]: COMMIT },
  main: [OLD, COMMIT],
  releases: { [TAG]: DRAFT },
  ...changed,
})

interface Result {
  readonly exitCode: number
  readonly log: string
  readonly after: Pick<Repository, 'tags' | 'releases'>
}

/** Runs one step of the release on a repository, as the workflow does for a pushed tag. */
async function release(step: string, before: Repository, tag = TAG): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'release-'))
  const put = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('')
  for (const part of ['tags', 'releases', 'meanwhile', 'bin']) mkdirSync(join(folder, part))
  for (const [name, commit] of Object.entries(before.tags)) put(`tags/${name}`, commit)
  for (const [name, commit] of Object.entries(before.meanwhile ?? {})) put(`meanwhile/${name}`, commit)
  for (const [name, { draft, assets }] of Object.entries(before.releases)) {
    put(`releases/${name}/draft`, String(draft))
    put(`releases/${name}/assets`, lines(assets))
  }
  put('main', lines(before.main))
  if (before.protected) put('protected', '')
  cpSync(join(import.meta.dirname, 'gh'), join(folder, 'bin', 'gh'))

  const env = {
    PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`,
    REPOSITORY: folder,
    GITHUB_REF_NAME: tag,
    GITHUB_SHA: COMMIT,
    GITHUB_REPOSITORY: 'example/action',
  }
  const { exitCode, log } = await new Promise<Omit<Result, 'after'>>((resolve) => {
    const child = execFile(
      'bash',
      [join(ROOT, '.ci', 'release'), step],
      { cwd: folder, env },
      (_, out, err) => resolve({ exitCode: child.exitCode ?? -1, log: out + err }),
    )
  })
  const get = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8')
  const entries = <Value>(part: string, read: (name: string) => Value): Record<string, Value> =>
    Object.fromEntries(readdirSync(join(folder, part)).map((name) => [name, read(name)]))
  const releases = entries('releases', (name) => ({
    draft: get('releases', name, 'draft') === 'true',
    assets: get('releases', name, 'assets').split('\n').slice(0, -1),
  }))
  return { exitCode, log, after: { tags: entries('tags', (name) => get('tags', name)), releases } }
}

test('a release is verified, drafted and published, and the major tag follows', async () => {
  const pushed = repository({ releases: {} })
  const { tags } = pushed
  expect(await release('verify', pushed)).toMatchObject({ exitCode: 0, after: { tags, releases: {} } })
  const drafted = await release('draft', pushed)
  expect(drafted).toMatchObject({ exitCode: 0, after: { tags, releases: { [TAG]: DRAFT } } })
  const { exitCode, after } = await release('publish', { ...pushed, ...drafted.after })
  expect(exitCode).toBe(0)
  expect(after.tags).toEqual({ ...tags, [MAJOR]: COMMIT })
  expect(after.releases).toEqual({ [TAG]: { ...DRAFT, draft: false } })
})

test('the first release of a major version makes its tag', async () => {
  const { exitCode, after } = await release('publish', repository({ tags: { [TAG]: COMMIT } }))
  expect(exitCode).toBe(0)
  expect(after.tags).toEqual({ [TAG]: COMMIT, [MAJOR]: COMMIT })
})

test('the commit may be any of main, and no other', async () => {
  expect((await release('verify', repository({ main: [COMMIT, OTHER] }))).exitCode).toBe(0)
  const { exitCode, log } = await release('verify', repository({ main: [OLD, OTHER] }))
  expect(exitCode).toBe(1)
  expect(log).toContain(`::error::The commit ${COMMIT} is not on main.`)
})

test('a tag that is no version is not taken for a newer one', async () => {
  const tags = { ...repository().tags, v99: OTHER, 'v99.0.0-beta': OTHER, vendored: OTHER }
  expect((await release('verify', repository({ tags }))).exitCode).toBe(0)
})

test('the tag has to be the version of package.json', async () => {
  const { exitCode, log } = await release('verify', repository({ tags: { 'v99.0.0': COMMIT } }), 'v99.0.0')
  expect(exitCode).toBe(1)
  expect(log).toContain('::error::package.json has another version than the tag v99.0.0.')
})

describe('every step refuses, and changes nothing,', () => {
  test.each<[string, Repository['tags'], string]>([
    ['a tag that was moved', { [TAG]: OTHER, [MAJOR]: OLD }, 'it was moved'],
    ['a tag that was removed', { [MAJOR]: OLD }, 'it was moved'],
    [
      'a version that is not the newest',
      { [TAG]: COMMIT, 'v0.9.0': OLD, 'v0.10.0': OTHER },
      'not the newest',
    ],
    [
      'a version that would be the newest by letters',
      { 'v98.10.0': OTHER, 'v98.9.0': COMMIT },
      'not the newest',
    ],
  ])('%s', async (_, tags, message) => {
    const before = repository({ tags })
    const tag = Object.keys(tags).find((name) => tags[name] === COMMIT)
    for (const step of ['verify', 'draft', 'publish']) {
      const { exitCode, log, after } = await release(step, before, tag)
      expect(exitCode).toBe(1)
      expect(log).toContain('::error::')
      expect(log).toContain(message)
      expect(after).toEqual({ tags, releases: before.releases })
    }
  })
})

test('a draft that is there already is kept', async () => {
  const { tags, releases } = repository()
  expect(await release('draft', repository())).toMatchObject({ exitCode: 0, after: { tags, releases } })
})

describe('nothing is published', () => {
  test.each<[string, Repository['releases'], string]>([
    ['with files that nobody verified', { [TAG]: { draft: true, assets: ['tool.zip'] } }, 'has files'],
    ['without a draft', {}, TAG],
  ])('%s', async (_, releases, message) => {
    const before = repository({ releases })
    const { exitCode, log, after } = await release('publish', before)
    expect(exitCode).not.toBe(0)
    expect(log).toContain(message)
    expect(after).toEqual({ tags: before.tags, releases })
  })
})

test('a tag that is moved while its release is published fails the job, and the major tag stays', async () => {
  const { exitCode, log, after } = await release('publish', repository({ meanwhile: { [TAG]: OTHER } }))
  expect(exitCode).toBe(1)
  expect(log).toContain('it was moved')
  expect(after.tags[MAJOR]).toBe(OLD)
})

test('a release that was published already still moves the major tag', async () => {
  const published = { [TAG]: { ...DRAFT, draft: false } }
  const { exitCode, after } = await release('publish', repository({ releases: published }))
  expect(exitCode).toBe(0)
  expect(after).toMatchObject({ tags: { [MAJOR]: COMMIT }, releases: published })
})

test('a major tag that cannot be moved fails the job', async () => {
  expect((await release('publish', repository({ protected: true }))).exitCode).not.toBe(0)
})

test.each(['', 'all'])('"%s" is no step', async (step) => {
  expect((await release(step, repository())).exitCode).toBe(1)
})
