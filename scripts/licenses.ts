/** The licences of the packages whose code is in `dist/`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Package } from './bundled.ts'

/** Licences that permit passing the code on in this form, with nothing asked but their text. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']

/** Stands between two packages. */
export const RULE = '-'.repeat(80)

/**
 * The text of `dist/licenses.txt`: each package with its version, licence and full licence text. Throws where a licence
 * is not permissive, or where a package comes without its text.
 */
export function licensesText(packages: readonly Package[]): string {
  const sections = packages.map(({ name, version, license, folder }) => {
    if (!PERMISSIVE.includes(license))
      throw new Error(
        `${name} ${version} has the licence "${license}", which is none of ${PERMISSIVE.join(', ')}: do without it`,
      )
    return `${name} ${version} (${license})\n\n${licenseOf(name, folder)}\n`
  })
  const head = 'The code of these packages is in the files of this folder.\n'
  return [head, ...sections].join(`\n${RULE}\n\n`)
}

/** Licence and notice files of a package; where it has none, the section on its licence in its README. */
function licenseOf(name: string, folder: string): string {
  const files = readdirSync(folder).sort()
  const read = (file: string): string =>
    readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()
  const texts = files.filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).map(read)
  const readme = files.filter((file) => /^readme/i.test(file)).map(read)
  const section = readme.map((text) => /^#*\s*licen[cs]e\s*$[\s\S]*/im.exec(text)?.[0] ?? '')
  const text = (texts.length > 0 ? texts : section).join('\n\n')
  // Every permissive licence disclaims warranty in these words; a mere mention of a licence does not.
  if (!/\bas is\b/i.test(text)) throw new Error(`${name} comes without the text of its licence`)
  return text.trim()
}
