/** Writes what a build says of the packages in `dist/`: their licences, and the table of `docs/dependencies.md`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../sandbox/runner.ts'
import { type BundledPackage, bundledPackages, packageBytes, packageId } from './bundled.ts'
import { code, replaceSection, table } from './documents.ts'
import { licensesText } from './licenses.ts'

const dist = join(ROOT, 'dist')
const packages = bundledPackages(join(ROOT, 'build', 'stats.json'))
writeFileSync(join(dist, 'licenses.txt'), licensesText(packages))

const bytes = packageBytes(dist, join(ROOT, 'build', 'maps'), ROOT)
const { dependencies } = readJson('package.json')
const rows = Object.keys(dependencies).map((dependency) => {
  // Others may bring another version of it.
  const { version } = readJson('node_modules', dependency, 'package.json')
  const own = packages.filter((one) => packageId(one) === packageId({ name: dependency, version }))
  const all = closure(own)
  const brought = packages.filter((one) => all.has(one) && !own.includes(one))
  return [
    code(dependency),
    own.length > 0 ? version : 'none in `dist`',
    kilobytes(own),
    brought.map(({ name }) => code(name)).join(', '),
    kilobytes([...all]),
  ]
})
const total = `All packages together: ${kilobytes(packages)} kB of \`dist\`.`
const head = ['dependency', 'version', 'kB', 'brings', 'kB with them']
const page = join(ROOT, 'docs', 'dependencies.md')
const section = `${table(head, rows)}\n\n${total}`
writeFileSync(page, replaceSection(readFileSync(page, 'utf8'), 'sizes', section, 'build'))

/** These packages and all that their code imports, directly or not. */
function closure(start: readonly BundledPackage[]): Set<BundledPackage> {
  const found = new Set(start)
  // A set's iteration reaches what is added to it on the way.
  for (const { imports } of found)
    for (const imported of packages) if (imports.has(packageId(imported))) found.add(imported)
  return found
}

function kilobytes(parts: readonly BundledPackage[]): string {
  const total = parts.reduce((sum, one) => sum + (bytes.get(packageId(one)) ?? 0), 0)
  return (total / 1000).toFixed(1)
}

function readJson(...path: string[]) {
  return JSON.parse(readFileSync(join(ROOT, ...path), 'utf8'))
}
