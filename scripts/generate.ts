/** Writes every generated file. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ROOT } from '../sandbox/runner.ts'
import { documents } from './documents.ts'

for (const [path, text] of await documents()) {
  await mkdir(dirname(join(ROOT, path)), { recursive: true })
  await writeFile(join(ROOT, path), text)
}
