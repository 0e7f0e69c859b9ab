/**
 * Files in which a manifest may stand: those of the workspace, or of a commit. The workspace is read without waiting:
 * Node's promises of files take longer to load than it takes to read them.
 */
import { globSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, normalize, relative, sep } from 'node:path'
import type { Source } from './document.ts'
import { type Problem, startOf } from './problem.ts'

/** Largest manifest file, in bytes. */
export const MAX_BYTES = 1024 * 1024

export interface ManifestFiles {
  /** The files that a normalized path or glob inside means, with `/` and in order. A path means itself, whether it exists or not. */
  expand(pattern: string): Promise<readonly string[]>
  /** The text of a file, or why it cannot be read. `path` is relative and does not lead out. */
  read(path: string): Promise<Source | Problem>
}

/** Reads everything that some paths and globs name, each file once, and reports all that cannot be read. */
export async function readFiles(
  patterns: readonly string[],
  files: ManifestFiles,
): Promise<(Source | Problem)[]> {
  const found = new Map<string, Source | Problem>()
  for (const pattern of patterns) {
    const path = normalized(pattern)
    const refusal = refusalOf(path)
    const paths = refusal === null ? await files.expand(path) : []
    if (refusal !== null) found.set(path, fileProblem(path, refusal))
    else if (paths.length === 0) found.set(pattern, fileProblem(pattern, NO_MATCH))
    for (const each of paths) if (!found.has(each)) found.set(each, await files.read(each))
  }
  return [...found.values()]
}

const NO_MATCH =
  'no file of the workspace matches this pattern: check it, and that the repository is checked out first (actions/checkout)'

/** A path or glob without detours, with `/`. */
export const normalized = (pattern: string): string => normalize(pattern).split(sep).join('/')

/** Tells whether a path is a pattern that may mean several files, or none. */
export const isGlob = (path: string): boolean => /[*?[\]{}]/.test(path)

/** Why no file may be read at a path, or null. A glob that leaves the workspace would search the whole disk. */
function refusalOf(path: string): string | null {
  if (path.includes('\0') || isAbsolute(path)) return 'expected a path relative to the workspace'
  return leaves(path) ? OUTSIDE : null
}

const OUTSIDE = 'this file is outside the workspace: a manifest has to be inside'

/** Tells whether a normalized relative path leads out of where it starts. */
const leaves = (path: string): boolean => path.split(/[/\\]/)[0] === '..'

/** The files of a checked-out repository. `workspace` is absolute; `implied` tells whether the default path is meant. */
export function workspaceFiles(workspace: string, implied: boolean): ManifestFiles {
  return {
    expand: async (pattern) => expand(pattern, workspace),
    read: async (path) => read(path, workspace, implied),
  }
}

/** None in `node_modules`. */
function expand(pattern: string, workspace: string): readonly string[] {
  if (!isGlob(pattern)) return [pattern]
  const exclude = ({ name }: { name: string }): boolean => name === 'node_modules'
  return globSync(pattern, { cwd: workspace, withFileTypes: true, exclude })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(workspace, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}

function read(path: string, workspace: string, implied: boolean): Source | Problem {
  try {
    const root = realpathSync.native(workspace)
    const real = realpathSync.native(join(root, path))
    const inside = relative(root, real)
    if (isAbsolute(inside) || leaves(inside)) return fileProblem(path, OUTSIDE)
    const facts = statSync(real)
    if (!facts.isFile()) {
      return fileProblem(
        path,
        facts.isDirectory()
          ? `expected a file, found a directory: did you mean \`${path.replace(/\/$/, '')}/*.yml\`?`
          : 'expected a regular file',
      )
    }
    if (facts.size > MAX_BYTES) return tooLarge(path, facts.size)
    return sourceOf(path, readFileSync(real))
  } catch (error) {
    return fileProblem(path, readFailure(error as NodeJS.ErrnoException, implied))
  }
}

function readFailure(error: NodeJS.ErrnoException, implied: boolean): string {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    return implied
      ? 'there is no such file, and no other source of profiles is given: check out the repository first (actions/checkout), or set the input `manifest`, `profiles` or `title`'
      : 'there is no such file in the workspace: check the path in the input `manifest`, and that the repository is checked out first (actions/checkout)'
  }
  return `the file cannot be read (${error.code ?? 'unknown reason'})`
}

/** A file's bytes as text, or the problem that they are not UTF-8. */
export function sourceOf(path: string, bytes: Uint8Array): Source | Problem {
  try {
    return { name: path, file: path, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return fileProblem(path, 'the file is not UTF-8: save it as UTF-8')
  }
}

/** The problem that a file has more than {@link MAX_BYTES}. */
export const tooLarge = (path: string, size: number): Problem =>
  fileProblem(path, `the file has ${size} bytes: a manifest may have ${MAX_BYTES}`)

/** A problem with a file as a whole. */
export const fileProblem = (path: string, message: string): Problem => ({
  severity: 'error',
  place: startOf(path),
  path: '',
  message,
})
