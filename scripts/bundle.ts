/**
 * Bundles the compiled sources (`build/`) into the committed `dist/`.
 *
 * Two packages are copied beside the compiled code with `"sideEffects": false` added to their package.json, so that the
 * bundler may drop what is never imported from them: `@actions/core` loads an HTTP client (undici) that only its OIDC
 * helper uses, and that alone would double the start-up of every run. `@actions/github` sends its requests through undici
 * too, unless it is given a `fetch`, which `src/github/client.ts` does: what it imports from there is replaced by nothing,
 * which spares 440 KB. The installed packages stay untouched.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const packages = join(root, 'build', 'node_modules')
rmSync(packages, { recursive: true, force: true })
for (const name of ['@actions/core', '@actions/http-client', '@actions/github']) {
  const copy = join(packages, name)
  cpSync(join(root, 'node_modules', name), copy, { recursive: true })
  const manifest = join(copy, 'package.json')
  writeFileSync(
    manifest,
    JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), sideEffects: false }),
  )
}

mkdirSync(join(packages, 'undici'))
writeFileSync(join(packages, 'undici', 'package.json'), JSON.stringify({ name: 'undici', main: 'index.js' }))
writeFileSync(
  join(packages, 'undici', 'index.js'),
  'exports.fetch = undefined\nexports.ProxyAgent = Object\n',
)

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
    '--license',
    'licenses.txt',
  ],
  { cwd: root, stdio: 'inherit' },
)
