import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { refusalOf, writeNew } from '../../src/export/file.ts'

/** A workspace with a file, a folder, and links that lead out of it, to nowhere and back in. */
function workspace(): string {
  const parent = mkdtempSync(join(tmpdir(), 'export-'))
  const root = join(parent, 'workspace')
  mkdirSync(join(root, 'folder'), { recursive: true })
  mkdirSync(join(parent, 'workspace-other'))
  writeFileSync(join(root, 'taken.yml'), 'mine')
  symlinkSync(join(parent, 'workspace-other'), join(root, 'out'))
  symlinkSync(join(parent, 'nowhere'), join(root, 'dangling'))
  symlinkSync(join(parent, 'nowhere.yml'), join(root, 'link.yml'))
  symlinkSync(join(root, 'folder'), join(root, 'in'))
  return root
}

test.each(['new.yml', './new.yml', 'a/b/c/new.yml', 'folder/new.yml', 'in/new.yml', '..new.yml'])(
  'a new file is written at %s',
  async (path) => {
    const root = workspace()
    expect(await refusalOf(path, root)).toBeNull()
    expect(await writeNew(path, root, 'text')).toBeNull()
    expect(readFileSync(join(root, path), 'utf8')).toBe('text')
  },
)

test.each([
  ['/tmp/new.yml', 'is outside the workspace'],
  ['../new.yml', 'is outside the workspace'],
  ['folder/../../new.yml', 'is outside the workspace'],
  ['..\\new.yml', 'is outside the workspace'],
  ['out/new.yml', 'is outside the workspace'],
  ['out/deep/new.yml', 'is outside the workspace'],
  ['a\0.yml', 'is outside the workspace'],
  ['folder/', 'is no path of a file'],
  ['.', 'is no path of a file'],
  ['taken.yml/new.yml', 'is no path of a file'],
  ['taken.yml', 'names a file that exists already'],
  ['folder', 'names a file that exists already'],
  ['link.yml', 'names a file that exists already'],
])('%j is refused', async (path, reason) => {
  expect(await refusalOf(path, workspace())).toContain(reason)
})

test('what has changed since the path was looked at is not overwritten or followed', async () => {
  const root = workspace()
  expect(await writeNew('taken.yml', root, 'text')).toContain('exists already')
  expect(await writeNew('link.yml', root, 'text')).toContain('exists already')
  expect(await writeNew('out/new.yml', root, 'text')).toContain('is outside the workspace')
  expect(await writeNew('dangling/new.yml', root, 'text')).toMatch(/^cannot be written \(\w+\)$/)
  expect(readFileSync(join(root, 'taken.yml'), 'utf8')).toBe('mine')
})
