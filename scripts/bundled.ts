/** Which packages have code in `dist/`, and how much, read from what the bundler says of its own build. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from '@jridgewell/sourcemap-codec'

/** What is read of webpack's statistics. A concatenated module holds others; a module without a path is generated. */
interface Module {
  readonly nameForCondition?: string | null
  readonly chunks?: readonly unknown[]
  readonly modules?: readonly Module[]
  readonly reasons?: readonly Reason[]
}
interface Reason {
  readonly active?: boolean
  readonly moduleIdentifier?: string | null
  readonly resolvedModuleIdentifier?: string | null
}

export interface Package {
  readonly name: string
  readonly version: string
  /** SPDX expression of its package.json; empty where there is none. */
  readonly license: string
  /** Where it is installed. */
  readonly folder: string
}
export interface BundledPackage extends Package {
  /** The packages that its code imports, as {@link packageId} names them. */
  readonly imports: ReadonlySet<string>
}

/** Name and version of a package, by which it is listed once, wherever it is installed. */
export const packageId = ({ name, version }: Pick<Package, 'name' | 'version'>): string =>
  `${name} ${version}`

const known = new Map<string, Package | null>()

/** The package that a file belongs to; null for this project's own code, and for what it puts in the place of a package. */
export function packageOf(path: string): Package | null {
  const folder = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(path)?.[0]
  if (folder === undefined) return null
  const found = known.get(folder) ?? readPackage(folder)
  known.set(folder, found)
  return found
}

function readPackage(folder: string): Package | null {
  const path = join(folder, 'package.json')
  const { name, version, license = '' } = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  return name === undefined || version === undefined ? null : { name, version, license, folder }
}

/** Reads the bundler's statistics. Returns, sorted, every package whose code is in a file of `dist/`. */
export function bundledPackages(statsPath: string): BundledPackage[] {
  const stats = JSON.parse(readFileSync(statsPath, 'utf8')) as { modules: readonly Module[] }
  const modules = stats.modules.filter(({ chunks = [] }) => chunks.length > 0).flatMap(leaves)
  const packages = new Map<string, BundledPackage & { imports: Set<string> }>()
  for (const { owner } of modules)
    if (owner !== null) packages.set(packageId(owner), { ...owner, imports: new Set() })
  const owners = new Map(modules.map(({ path, owner }) => [path, owner]))
  for (const { owner, importers } of modules)
    for (const importer of importers.map((path) => owners.get(path) ?? null))
      if (owner !== null && importer !== null && packageId(importer) !== packageId(owner))
        packages.get(packageId(importer))?.imports.add(packageId(owner))
  return [...packages.values()].sort((a, b) => (packageId(a) < packageId(b) ? -1 : 1))
}

interface Leaf {
  readonly path: string
  readonly owner: Package | null
  /** Paths of the modules that import it, also of such as were dropped. */
  readonly importers: readonly string[]
}

/** The modules that hold code themselves. */
function leaves(module: Module): Leaf[] {
  if (module.modules !== undefined) return module.modules.flatMap(leaves)
  const path = module.nameForCondition ?? ''
  const identifiers = (module.reasons ?? [])
    .filter(({ active }) => active !== false)
    .map((reason) => reason.resolvedModuleIdentifier ?? reason.moduleIdentifier ?? '')
  // An identifier names the loaders first, with a `!` after each.
  const importers = identifiers.map((identifier) => identifier.split('!').at(-1) ?? '')
  return [{ path, owner: packageOf(path), importers }]
}

interface SourceMap {
  readonly sources: readonly string[]
  readonly mappings: string
}

/** Packages of the sources of a source map; the bundler writes their paths relative to the root, with dots in front. */
export function packagesOf({ sources }: Pick<SourceMap, 'sources'>, root: string): (Package | null)[] {
  return sources.map((source) => packageOf(join(root, source.replace(/^(\.\.?\/)+/, ''))))
}

/** Reads the files of `dist/` with their source maps. Returns how many bytes of them come from each package, by its id. */
export function packageBytes(dist: string, maps: string, root: string): Map<string, number> {
  const bytes = new Map<string, number>()
  for (const file of readdirSync(dist).filter((name) => name.endsWith('.js'))) {
    const lines = readFileSync(join(dist, file), 'utf8').split('\n')
    const map = JSON.parse(readFileSync(join(maps, `${file}.map`), 'utf8')) as SourceMap
    const owners = packagesOf(map, root)
    for (const [number, segments] of decode(map.mappings).entries())
      for (const [index, [column, source = -1]] of segments.entries()) {
        const end = segments[index + 1]?.[0] ?? lines[number]?.length ?? column
        const owner = owners[source] ?? null
        if (owner !== null) bytes.set(packageId(owner), (bytes.get(packageId(owner)) ?? 0) + end - column)
      }
  }
  return bytes
}
