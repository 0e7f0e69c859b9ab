/**
 * Bundles the compiled sources (`build/`) into the committed `dist/`.
 *
 * Two packages are copied beside the compiled code with `"sideEffects": false` added to their package.json, so that the
 * bundler may drop what is never imported from them: `@actions/core` loads an HTTP client (undici) that only its OIDC
 * helper uses, and that alone would double the start-up of every run. The installed packages stay untouched.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const PRUNED = ['@actions/core', '@actions/http-client']

for (const name of PRUNED) {
  const copy = join(root, 'build', 'node_modules', name)
  rmSync(copy, { recursive: true, force: true })
  cpSync(join(root, 'node_modules', name), copy, { recursive: true })
  const manifest = join(copy, 'package.json')
  writeFileSync(
    manifest,
    JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), sideEffects: false }),
  )
}

const out = process.argv[2] ?? join(root, 'dist')
rmSync(out, { recursive: true, force: true })
const ncc = join(root, 'node_modules', '@vercel', 'ncc', 'dist', 'ncc', 'cli.js')
execFileSync(
  process.execPath,
  [
    ncc,
    'build',
    join(root, 'build', 'index.js'),
    '--out',
    out,
    '--minify',
    '--no-cache',
    '--quiet',
    '--stats-out',
    join(root, 'build', 'stats.json'),
    ...process.argv.slice(3),
  ],
  { cwd: root, stdio: 'inherit' },
)
