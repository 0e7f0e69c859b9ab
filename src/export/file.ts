/** Where an export goes: a new file inside the workspace, never one that exists. */
import { lstat, mkdir, realpath, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, sep } from 'node:path'

const OUTSIDE = 'is outside the workspace: expected a path relative to its root, inside of it'
const NO_FILE = 'is no path of a file: expected one such as `callback-profiles.yml`'
const EXISTS =
  'names a file that exists already, and an export never overwrites: give another path, or remove the file first'

/**
 * Why no file can be written at `path`, in words that follow the name of the input, or null where one can.
 * `workspace` is absolute.
 */
export async function refusalOf(path: string, workspace: string): Promise<string | null> {
  const steps = path.split(/[/\\]/)
  if (isAbsolute(path) || path.includes('\0') || steps.includes('..')) return OUTSIDE
  if (['', '.'].includes(steps.at(-1) ?? '')) return NO_FILE
  const root = await realpath(workspace)
  const folder = await deepestExisting(dirname(join(root, path)))
  if (!isInside(folder, root)) return OUTSIDE
  if (!(await stat(folder)).isDirectory()) return NO_FILE
  return (await exists(join(root, path))) ? EXISTS : null
}

/** Writes a new file at a path that was not refused, with the folders that lead to it. Returns why it could not, or null. */
export async function writeNew(path: string, workspace: string, text: string): Promise<string | null> {
  const root = await realpath(workspace)
  const target = join(root, path)
  try {
    await mkdir(dirname(target), { recursive: true })
    const folder = await realpath(dirname(target))
    if (!isInside(folder, root)) return OUTSIDE
    await writeFile(join(folder, basename(target)), text, { flag: 'wx' })
    return null
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException
    return code === 'EEXIST' && (await exists(target)) ? EXISTS : `cannot be written (${code})`
  }
}

const isInside = (folder: string, root: string): boolean => folder === root || folder.startsWith(root + sep)

/** The real path of the deepest part of a path that exists. */
async function deepestExisting(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    return deepestExisting(dirname(path))
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch {
    return false
  }
}
