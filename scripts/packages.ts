/** Writes what a build says of the packages in `dist/`: their licences, and the table of `docs/dependencies.md`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../sandbox/runner.ts'
import { type BundledPackage, bundledPackages, packageId } from './bundled.ts'
import { code, replaceSection, table } from './documents.ts'
import { licensesText } from './licenses.ts'

const dist = join(ROOT, 'dist')
const packages = bundledPackages(join(ROOT, 'build', 'stats.json'), dist)
writeFileSync(join(dist, 'licenses.txt'), licensesText(packages))

const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
}
const page = join(ROOT, 'docs', 'dependencies.md')
const rows = Object.keys(dependencies).map((dependency) => {
  const own = packages.filter(({ name }) => name === dependency)
  const brought = closure(own).filter(({ name }) => name !== dependency)
  return [
    code(dependency),
    own.map(({ version }) => version).join(', ') || 'none in `dist`',
    kilobytes(own),
    brought.map(({ name }) => code(name)).join(', '),
    kilobytes([...own, ...brought]),
  ]
})
const total = `All packages together: ${kilobytes(packages)} kB of \`dist\`.`
const head = ['dependency', 'version', 'kB', 'brings', 'kB with them']
writeFileSync(
  page,
  replaceSection(readFileSync(page, 'utf8'), 'sizes', `${table(head, rows)}\n\n${total}`, 'build'),
)

/** These packages and all that their code imports, directly or not. */
function closure(start: readonly BundledPackage[]): BundledPackage[] {
  const found = new Set(start)
  // A set's iteration reaches what is added to it on the way.
  for (const { imports } of found)
    for (const imported of packages) if (imports.has(packageId(imported))) found.add(imported)
  return [...found]
}

function kilobytes(parts: readonly BundledPackage[]): string {
  return (parts.reduce((sum, { bytes }) => sum + bytes, 0) / 1000).toFixed(0)
}
