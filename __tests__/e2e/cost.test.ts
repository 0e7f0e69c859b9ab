/** What a run costs, in requests, connections and what it loads: counts alone, since times differ from machine to machine. */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../../sandbox/runner.ts'
import type { Sandbox } from '../../sandbox/server.ts'
import { account, act, MANIFEST, ONE } from './scenario.ts'

const KB = 1000
const DIST = join(ROOT, 'dist')

const MOVED = ONE.replace('example.com/ping', 'example.com/moved')
const RENAMED = ONE.replace('GH Ping', 'GH Pong').replace('title:', 'previous_titles: [GH Ping], title:')
const GONE = ONE.replace('title:', 'state: absent, title:')

/** Methods of the requests since they were last cleared, in the order of arrival. */
const methods = (sandbox: Sandbox): string[] => sandbox.requests.map(({ method }) => method)

describe('requests of a run', () => {
  // The list is asked for its first two pages at once, since only its second says that the first was all.
  test.each<[string, { before?: string; manifest: string; inputs?: Record<string, string> }, string]>([
    ['that creates a profile', { manifest: ONE }, 'GET GET POST GET GET'],
    ['that has nothing to do', { before: ONE, manifest: ONE }, 'GET GET'],
    ['that plans', { before: ONE, manifest: MOVED, inputs: { mode: 'plan' } }, 'GET GET GET'],
    ['that updates a profile', { before: ONE, manifest: MOVED }, 'GET GET GET PATCH GET GET GET'],
    ['that renames a profile', { before: ONE, manifest: RENAMED }, 'GET GET GET PATCH GET GET GET'],
    [
      'that deletes a profile',
      { before: ONE, manifest: GONE, inputs: { 'allow-delete': 'true' } },
      'GET GET GET DELETE GET GET GET',
    ],
    ['that validates', { before: ONE, manifest: MOVED, inputs: { mode: 'validate' } }, ''],
  ])('%s', async (_, { before, manifest, inputs }, expected) => {
    const sandbox = await account()
    if (before !== undefined) await act(sandbox, { manifest: before })
    sandbox.requests.length = 0
    const { exitCode, log } = await act(sandbox, { manifest, ...(inputs && { inputs }) })
    expect(exitCode, log).toBe(0)
    expect(methods(sandbox).join(' ')).toBe(expected)
  })

  test('that creates 300 are as many writes, and reads that grow with the pages of the list', async () => {
    const sandbox = await account()
    const entries = Array.from(
      { length: 300 },
      (_, index) =>
        `  p${index}: { title: GH ${index}xx, http_method: GET, url: "https://hooks.example.com" }\n`,
    )
    const manifest = `profiles:\n${entries.join('')}`
    const { log } = await act(sandbox, { manifest, inputs: { concurrency: '3' } })
    expect(log).toContain('300 created')
    const [reads, writes] = ['GET', 'POST'].map((name) =>
      methods(sandbox).filter((method) => method === name),
    )
    expect(writes).toHaveLength(300)
    expect(reads).toHaveLength(2 + 4)
    expect(sandbox.sockets).toBeLessThanOrEqual(3)
  })
})

describe('what is loaded', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loads-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** Names of the chunks and of Node's own modules that a run loads. */
  async function loads(manifest: string): Promise<{ chunks: string[]; builtins: string[] }> {
    const env = {
      LOADS: join(folder, 'loads'),
      NODE_OPTIONS: `--require "${join(import.meta.dirname, 'loads.cjs')}"`,
    }
    const { exitCode, log } = await act(await account(), { manifest, env })
    expect(exitCode, log).toBe(0)
    const lines = (await readFile(env.LOADS, 'utf8')).split('\n')
    return {
      chunks: lines.filter((line) => line.startsWith('file:')).map((url) => basename(url)),
      builtins: lines
        .filter((line) => line.startsWith('NativeModule '))
        .map((line) => line.split(' ')[1] ?? ''),
    }
  }
  const sizeOf = async (names: readonly string[]): Promise<number> => {
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(DIST, name))).size))
    return sizes.reduce((sum, size) => sum + size, 0)
  }
  const scripts = async (): Promise<string[]> => (await readdir(DIST)).filter((name) => name.endsWith('.js'))

  test('is one file for an apply, and one more part for its expressions', async () => {
    expect((await loads(ONE)).chunks).toEqual(['index.js'])
    const { chunks } = await loads(MANIFEST)
    expect(await sizeOf(chunks)).toBeLessThanOrEqual(450 * KB)
    expect(chunks.length).toBeLessThan((await scripts()).length)
  })

  test('is in all at most 700 KB, in lines that no person wrote', async () => {
    const names = await scripts()
    expect(await sizeOf(names)).toBeLessThanOrEqual(700 * KB)
    for (const name of names) {
      const text = await readFile(join(DIST, name), 'utf8')
      expect([name, text.trimEnd().split('\n').length]).toEqual([name, 1])
      expect([name, /[^\n -~]/.test(text)]).toEqual([name, false])
    }
  })

  test('of Node leaves out what takes long to load: its own fetch, TLS without https, promises of files', async () => {
    const { builtins } = await loads(ONE)
    expect(builtins).toContain('http')
    for (const name of ['internal/deps/undici/undici', 'https', 'tls', 'zlib', 'internal/fs/promises'])
      expect(builtins).not.toContain(name)
  })
})
