/** What is said of the packages in `dist/` is told by another witness: the source maps of a build made here. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from '@jridgewell/sourcemap-codec'
import { beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../../sandbox/runner.ts'
import { bundledPackages, type Package, packageBytes, packageId, packagesOf } from '../../scripts/bundled.ts'
import { licensesText, RULE } from '../../scripts/licenses.ts'

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8')
const committed = read(ROOT, 'dist', 'licenses.txt')
const sections = committed.split(`\n${RULE}\n\n`).slice(1)

describe('the licences in dist', () => {
  const build = join(ROOT, 'build')
  let packages: Package[] = []

  beforeAll(() => {
    const run = (...args: string[]) => execFileSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' })
    run(join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json')
    run(join(ROOT, 'scripts', 'bundle.ts'), mkdtempSync(join(tmpdir(), 'dist-')))
    const maps = readdirSync(join(build, 'bundle')).filter((file) => file.endsWith('.js.map'))
    const found = maps.flatMap((file) => packagesOf(JSON.parse(read(build, 'bundle', file)), ROOT))
    packages = [...new Set(found)].filter((one) => one !== null)
  }, 120_000)

  test('are those of every package whose code is in any file of it', () => {
    const titles = packages.map(({ name, version, license }) => `${name} ${version} (${license})`)
    expect(titles.length).toBeGreaterThan(5)
    expect(sections.map((section) => section.split('\n')[0]).sort()).toEqual([...new Set(titles)].sort())
  })

  test('are whole texts', () => {
    for (const { name, version, folder } of packages) {
      const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file))
      const readme = () => read(folder, 'README.md').replace(/^[\s\S]*?(?=^Copyright)/m, '')
      const text = file === undefined ? readme() : read(folder, file)
      const section = sections.find((one) => one.startsWith(`${name} ${version} (`))
      expect(section).toContain(text.replaceAll('\r\n', '\n').trim())
    }
  })

  test('are the same in every build', () => {
    expect(licensesText(bundledPackages(join(build, 'stats.json')))).toBe(committed)
  })
})

describe('what the bundler says of its build', () => {
  /** Installs packages, by path and version; one without a version stands in the place of a package. */
  function install(versions: Record<string, string | undefined>): string {
    const root = mkdtempSync(join(tmpdir(), 'bundle-'))
    for (const [path, version] of Object.entries(versions)) {
      const folder = join(root, 'node_modules', path)
      mkdirSync(folder, { recursive: true })
      const manifest = { name: path.split('/').at(-1), version, license: 'MIT' }
      writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
    }
    return root
  }

  test('tells packages and what they import, each version once, without those that were dropped', () => {
    const root = install({
      a: '1.0.0',
      c: '2.0.0',
      dropped: '1.0.0',
      stand_in: undefined,
      'a/node_modules/c': '1.0.0',
      'b/node_modules/c': '2.0.0',
    })
    const module = (path: string, importer: string, chunks?: number[]) => ({
      nameForCondition: join(root, path, 'index.js'),
      chunks,
      reasons: [
        { resolvedModuleIdentifier: `/loader.js!${join(root, importer, 'index.js')}` },
        { active: false, moduleIdentifier: join(root, 'node_modules', 'c', 'index.js') },
        { moduleIdentifier: join(root, 'node_modules', 'c', 'dropped.js') },
      ],
    })
    const modules = [
      { chunks: [0], modules: [module('build', ''), module('node_modules/a', 'build')] },
      module('node_modules/c', 'build', [0]),
      module('node_modules/stand_in', 'node_modules/a', [0]),
      module('node_modules/a/node_modules/c', 'node_modules/a', [1]),
      module('node_modules/b/node_modules/c', 'node_modules/a', [1]),
      module('node_modules/dropped', 'build', []),
      { chunks: [0] },
    ]
    writeFileSync(join(root, 'stats.json'), JSON.stringify({ modules }))
    const packages = bundledPackages(join(root, 'stats.json'))
    expect(packages.map((one) => [packageId(one), [...one.imports]])).toEqual([
      ['a 1.0.0', ['c 1.0.0', 'c 2.0.0']],
      ['c 1.0.0', []],
      ['c 2.0.0', []],
    ])
  })

  test('tells how much of each file comes from which package', () => {
    const root = install({ a: '1.0.0', b: '1.0.0' })
    const sources = ['.././node_modules/a/x.js', '../node_modules/b/y.js', '../build/z.js']
    // Line 1: 2 of nothing, 3 of a, 5 of own code. Line 2: 4 of b, 6 of a.
    const mappings = encode([
      [
        [2, 0, 0, 0],
        [5, 2, 0, 0],
      ],
      [
        [0, 1, 0, 0],
        [4, 0, 0, 0],
      ],
    ])
    writeFileSync(join(root, 'index.js'), `${'x'.repeat(10)}\n${'x'.repeat(10)}\n`)
    writeFileSync(join(root, 'index.js.map'), JSON.stringify({ sources, mappings }))
    expect(packageBytes(root, root, root)).toEqual(
      new Map([
        ['a 1.0.0', 9],
        ['b 1.0.0', 4],
      ]),
    )
  })
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
