/**
 * Bundles the compiled sources (`build/`) into the committed `dist/`. The same sources make the same bytes, so that anyone
 * can check what is committed. Every run pays for what it loads, so each step leaves out what is never used:
 *
 * 1. Packages whose unused parts the bundler would keep are copied beside the compiled code, with a package.json that lets
 *    it drop them ({@link PRUNED}). The installed ones stay untouched.
 * 2. ncc joins everything into `index.js`, and each dynamic `import()` into a chunk beside it that is loaded when needed.
 * 3. terser drops the functions that nothing calls, which ncc's own minifier keeps (most of zod), and writes ASCII alone,
 *    which is faster to read.
 * 4. The functions that make the modules get parentheses around them ({@link MODULE}): V8 compiles such a function at once.
 *    Without them it skims all modules, and then reads them a second time to run them.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { minify } from 'terser'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** What the copy of each package says differently. */
const PRUNED = {
  // Their HTTP client (undici) serves OIDC alone, and would double the start-up.
  '@actions/core': { sideEffects: false },
  '@actions/http-client': { sideEffects: false },
  // It finds the undici below.
  '@actions/github': {},
  // For Node it offers CommonJS, of which nothing can be dropped. Its ES modules are the same code.
  yaml: { type: 'module', exports: './browser/dist/index.js', sideEffects: false },
}

/** The start of a module in the bundler's table: its number, and the function that makes it. */
const MODULE = /^(\/\*\*\*\/ \d+:\n\/\*\*\*\/ )\(/gm
/** Holds the place of the parentheses, which terser would take for superfluous. */
const EAGER = '__eager__'

// What an earlier build left there must not get into this one.
rmSync(join(root, 'build', 'node_modules'), { recursive: true, force: true })
for (const [name, changes] of Object.entries(PRUNED)) {
  const copy = join(root, 'build', 'node_modules', name)
  cpSync(join(root, 'node_modules', name), copy, { recursive: true })
  const manifest = join(copy, 'package.json')
  writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), ...changes }))
}

// GitHub's client calls undici only where it is given no `fetch`. `src/github/client.ts` gives it one, which spares 440 KB.
const undici = join(root, 'build', 'node_modules', 'undici')
mkdirSync(undici, { recursive: true })
writeFileSync(join(undici, 'package.json'), JSON.stringify({ type: 'commonjs' }))
writeFileSync(join(undici, 'index.js'), 'exports.fetch = undefined\nexports.ProxyAgent = Object\n')

const bundle = join(root, 'build', 'bundle')
rmSync(bundle, { recursive: true, force: true })
const ncc = join(root, 'node_modules', '@vercel', 'ncc', 'dist', 'ncc', 'cli.js')
execFileSync(
  process.execPath,
  [
    ncc,
    'build',
    join(root, 'build', 'index.js'),
    '--out',
    bundle,
    '--no-cache',
    '--quiet',
    '--source-map',
    '--no-source-map-register',
    '--stats-out',
    join(root, 'build', 'stats.json'),
  ],
  { cwd: root, stdio: 'inherit' },
)

const out = process.argv[2] ?? join(root, 'dist')
const maps = join(root, 'build', 'maps')
for (const folder of [out, maps]) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
}
for (const name of readdirSync(bundle).filter((name) => !name.endsWith('.map'))) {
  const text = readFileSync(join(bundle, name), 'utf8')
  writeFileSync(join(out, name), name.endsWith('.js') ? await minified(name, text) : text)
}

/** Minifies a file of the bundle; what became of which source is kept beside it, for the sizes of packages. */
async function minified(name: string, text: string): Promise<string> {
  const marked = text.replace(MODULE, `$1${EAGER}(`)
  if (marked === text) throw new Error('the bundler writes modules in another way than this script knows')
  const { code = '', map } = await minify(marked, {
    module: true,
    ecma: 2020,
    compress: { passes: 3 },
    format: { comments: false, ascii_only: true, wrap_func_args: false },
    sourceMap: { content: readFileSync(join(bundle, `${name}.map`), 'utf8') },
  })
  writeFileSync(join(maps, `${name}.map`), String(map))
  return `${code.replaceAll(`${EAGER}(`, '(')}
`
}
