/** Gives the tests one folder for all their temporary files, and removes it in the end. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Called once before all tests; returns what to do after them. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'callback-profiles-'))
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
