/** What is said of the packages in `dist/` is told by another witness: the source maps of a build made here. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../../sandbox/runner.ts'
import { bundledPackages, packageFolder, packageId } from '../../scripts/bundled.ts'
import { licensesText, RULE } from '../../scripts/licenses.ts'

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8')
const manifestOf = (folder: string): { name: string; version: string; license: string } =>
  JSON.parse(read(folder, 'package.json'))
const committed = read(ROOT, 'dist', 'licenses.txt')
const sections = committed.split(`\n${RULE}\n\n`).slice(1)

describe('the licences in dist', () => {
  const out = mkdtempSync(join(tmpdir(), 'dist-'))
  let folders: string[] = []

  beforeAll(() => {
    const run = (...args: string[]) => execFileSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' })
    run(join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json')
    run(join(ROOT, 'scripts', 'bundle.ts'), out, '--source-map', '--no-source-map-register')
    const maps = readdirSync(out).filter((file) => file.endsWith('.js.map'))
    const sources = maps.flatMap((file) => (JSON.parse(read(out, file)) as { sources: string[] }).sources)
    // Paths are relative to the root, with dots in front.
    const paths = sources.map((source) => packageFolder(join(ROOT, source.replace(/^(\.\.?\/)+/, ''))))
    folders = [...new Set(paths)].filter((path) => path !== null)
  }, 120_000)

  test('are those of every package whose code is in any file of it', () => {
    const titles = folders.map(manifestOf).map((one) => `${one.name} ${one.version} (${one.license})`)
    expect(titles.length).toBeGreaterThan(5)
    expect(sections.map((section) => section.split('\n')[0]).sort()).toEqual([...new Set(titles)].sort())
  })

  test('are whole texts', () => {
    for (const folder of folders) {
      const { name, version } = manifestOf(folder)
      const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file))
      const readme = () => read(folder, 'README.md').replace(/^[\s\S]*?(?=^Copyright)/m, '')
      const text = file === undefined ? readme() : read(folder, file)
      const section = sections.find((one) => one.startsWith(`${name} ${version} (`))
      expect(section).toContain(text.replaceAll('\r\n', '\n').trim())
    }
  })

  test('are the same in every build', () => {
    expect(licensesText(bundledPackages(join(ROOT, 'build', 'stats.json'), out))).toBe(committed)
  })
})

test('sizes and imports are read from what the bundler says, each version of a package once', () => {
  const root = mkdtempSync(join(tmpdir(), 'stats-'))
  const moduleOf = (path: string, size: number, importer: string, chunks?: number[]) => ({
    nameForCondition: join(root, path, 'index.js'),
    size,
    chunks,
    reasons: [
      { resolvedModuleIdentifier: `/loader.js!${join(root, importer, 'index.js')}` },
      { active: false },
    ],
  })
  const versions = {
    a: '1.0.0',
    c: '2.0.0',
    dropped: '1.0.0',
    'a/node_modules/c': '1.0.0',
    'b/node_modules/c': '2.0.0',
  }
  for (const [path, version] of Object.entries(versions)) {
    const folder = join(root, 'node_modules', path)
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: path.at(-1), version, license: 'MIT' }),
    )
  }
  writeFileSync(join(root, 'index.js'), 'x'.repeat(50))
  writeFileSync(join(root, '1.index.js'), 'x'.repeat(300))
  const modules = [
    { size: 80, chunks: [0], modules: [moduleOf('build', 60, ''), moduleOf('node_modules/a', 20, 'build')] },
    moduleOf('node_modules/c', 20, 'build', [0]),
    moduleOf('node_modules/a/node_modules/c', 200, 'node_modules/a', [1]),
    moduleOf('node_modules/b/node_modules/c', 100, 'node_modules/a', [1]),
    moduleOf('node_modules/dropped', 100, 'build', []),
  ]
  const chunks = [
    { id: 0, files: ['index.js'] },
    { id: 1, files: ['1.index.js'] },
  ]
  writeFileSync(join(root, 'stats.json'), JSON.stringify({ modules, chunks }))

  const packages = bundledPackages(join(root, 'stats.json'), root)
  expect(packages.map((one) => [packageId(one), one.bytes, [...one.imports]])).toEqual([
    ['a 1.0.0', 10, ['c 1.0.0', 'c 2.0.0']],
    ['c 1.0.0', 200, []],
    ['c 2.0.0', 110, []],
  ])
})

describe('a package', () => {
  const MIT = 'MIT\n\nThe software is provided "as is", without warranty of any kind.'

  function installed(license: string, files: Record<string, string>): Parameters<typeof licensesText>[0][0] {
    const folder = mkdtempSync(join(tmpdir(), 'package-'))
    mkdirSync(join(folder, 'lib'))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    return { name: 'some-package', version: '1.2.3', license, folder }
  }

  test.each([
    'GPL-3.0-only',
    'AGPL-3.0',
    'MPL-2.0',
    'UNLICENSED',
    'SEE LICENSE IN terms.txt',
    'MIT AND GPL-2.0',
    '',
  ])('with the licence "%s" fails the build', (license) => {
    const one = installed(license, { LICENSE: MIT })
    expect(() => licensesText([one])).toThrow(`some-package 1.2.3 has the licence "${license}"`)
  })

  test.each<[string, Record<string, string>]>([
    ['no file that holds its licence', { 'index.js': MIT }],
    ['an empty one', { LICENSE: '' }],
    ['a README that only names it', { 'README.md': '# x\n\n## License\n\nMIT\n' }],
    ['a README without a section on it', { 'README.md': `# x\n\nNot a license:\n${MIT}` }],
  ])('with %s fails the build', (_, files) => {
    expect(() => licensesText([installed('MIT', files)])).toThrow('some-package comes without the text')
  })

  test.each<[string, Record<string, string>]>([
    ['a licence file', { 'LICENCE.md': MIT }],
    ['a file in lower case with Windows line ends', { license: MIT.replaceAll('\n', '\r\n') }],
    ['a section of its README', { 'README.md': `# x\n\n## License\n\n${MIT}\n` }],
  ])('is listed with the text of %s', (_, files) => {
    expect(licensesText([installed('MIT', files)])).toContain(MIT)
  })

  test('is listed with its notices too', () => {
    const text = licensesText([installed('Apache-2.0', { LICENSE: MIT, NOTICE: 'By somebody.' })])
    expect(text).toContain(`${MIT}\n\nBy somebody.`)
  })
})

describe('docs/dependencies.md', () => {
  const dependencies = Object.keys(JSON.parse(read(ROOT, 'package.json')).dependencies)
  const [reasons, sizes] = read(ROOT, 'docs', 'dependencies.md').split('<!-- sizes: ')

  test.each([
    ['reason', reasons],
    ['size', sizes],
  ])('gives the %s of every runtime dependency, and of nothing else', (_, text = '') => {
    expect([...text.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name)).toEqual(dependencies)
  })
})
