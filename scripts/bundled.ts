/** Which packages have code in `dist/`, read from what the bundler says of its own build. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What is read of webpack's statistics. A concatenated module holds others; a module without a path is generated. */
interface Module {
  readonly nameForCondition?: string | null
  readonly size: number
  readonly chunks?: readonly (string | number)[]
  readonly modules?: readonly Module[]
  readonly reasons?: readonly Reason[]
}
interface Reason {
  readonly active?: boolean
  readonly moduleIdentifier?: string | null
  readonly resolvedModuleIdentifier?: string | null
}
interface Stats {
  readonly modules: readonly Module[]
  readonly chunks: readonly { readonly id: string | number; readonly files: readonly string[] }[]
}

export interface BundledPackage {
  readonly name: string
  readonly version: string
  /** SPDX expression of its package.json; empty where there is none. */
  readonly license: string
  /** Where it is installed. */
  readonly folder: string
  /** Its part of the files of `dist/`, in bytes: each file's size, shared out by the source that went into it. */
  readonly bytes: number
  /** The packages that its code imports, as {@link packageId} names them. */
  readonly imports: ReadonlySet<string>
}

/** Name and version of a package, by which it is listed once, wherever it is installed. */
export const packageId = ({ name, version }: { name: string; version: string }): string =>
  `${name} ${version}`

/** The folder of the package that a module's path is in; null for this project's own code. */
export function packageFolder(path: string): string | null {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(path)?.[0] ?? null
}

/** Reads the bundler's statistics and the files that it wrote. Returns, sorted, every package whose code is in one. */
export function bundledPackages(statsPath: string, dist: string): BundledPackage[] {
  const stats = JSON.parse(readFileSync(statsPath, 'utf8')) as Stats
  const modules = stats.modules.flatMap((module) => leaves(module, module.chunks ?? []))
  const folders = [...new Set(modules.map(({ folder }) => folder))].filter((folder) => folder !== null)
  const packages = folders.map((folder) => ({
    ...manifestOf(folder),
    folder,
    bytes: 0,
    imports: new Set<string>(),
  }))
  const byId = new Map(packages.map((one) => [packageId(one), one]))
  const idOf = new Map<string | null, string>(packages.map((one) => [one.folder, packageId(one)]))
  const packageOf = (folder: string | null) => byId.get(idOf.get(folder) ?? '')

  for (const { id, files } of stats.chunks) {
    const parts = modules.filter(({ chunks }) => chunks.includes(id))
    const source = sum(parts.map(({ module }) => module.size))
    const written = sum(files.map((file) => statSync(join(dist, file)).size))
    for (const { module, folder } of parts) {
      const one = packageOf(folder)
      if (one !== undefined) one.bytes += (written * module.size) / source
    }
  }
  for (const { module, folder } of modules) {
    const id = idOf.get(folder)
    if (id !== undefined) for (const importer of importersOf(module)) packageOf(importer)?.imports.add(id)
  }
  return [...byId.values()].sort((a, b) => (packageId(a) < packageId(b) ? -1 : 1))
}

interface Leaf {
  readonly module: Module
  readonly folder: string | null
  readonly chunks: readonly (string | number)[]
}

/** The modules that hold code themselves, with the chunks that they are in; those in none were dropped. */
function leaves(module: Module, chunks: readonly (string | number)[]): Leaf[] {
  if (chunks.length === 0) return []
  if (module.modules !== undefined) return module.modules.flatMap((inner) => leaves(inner, chunks))
  return [{ module, folder: packageFolder(module.nameForCondition ?? ''), chunks }]
}

/** Folders of the packages that import a module; null for this project's own code. */
function importersOf({ reasons = [] }: Module): (string | null)[] {
  return (
    reasons
      .filter(({ active }) => active !== false)
      .map((reason) => reason.resolvedModuleIdentifier ?? reason.moduleIdentifier ?? '')
      // An identifier names the loaders first, with a `!` after each.
      .map((identifier) => packageFolder(identifier.split('!').at(-1) ?? ''))
  )
}

function manifestOf(folder: string): { name: string; version: string; license: string } {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return { name, version, license: license ?? '' }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
