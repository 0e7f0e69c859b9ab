/** Exports an account: reads it whole, and writes the manifest of it into a new file. */
import { createReader, type Reader } from '../kaleyra/client.ts'
import { createDirectory } from '../kaleyra/directory.ts'
import { openApi } from '../kaleyra/http.ts'
import { API_FIELDS } from '../manifest/schema.ts'
import type { RemoteProfile } from '../profile.ts'
import type { Outcome } from '../report/outcome.ts'
import { counted, variableLines } from '../report/text.ts'
import { secretsIn } from '../secrets.ts'
import type { Session } from '../session.ts'
import { refusalOf, writeNew } from './file.ts'
import { manifestOf } from './manifest.ts'

const HOW_TO_USE =
  'Store these secrets, with the values that the account holds, and paste this into the step that uses the manifest:'

type Found = Pick<Outcome, 'inputProblems' | 'exported'>

/** Exports the account into the file that the input `export-path` names. Throws where the account cannot be read. */
export async function exportAccount({ settings, edges, reporter, redactor, hide }: Session): Promise<Found> {
  const { clock, cancellation, workspace } = edges
  const path = settings.exportPath
  const refusal = await refusalOf(path, workspace)
  if (refusal !== null) return refused(refusal)

  const api = openApi({ ...settings, clock, cancellation })
  try {
    const profiles = await reporter.group('Account', async () => {
      reporter.line(`Reading account ${settings.sid} at ${settings.origin}`)
      const whole = await readAll(createReader(api.send))
      hide(whole.flatMap(({ fields }) => secretsIn(fields)))
      reporter.line(`${counted(whole.length, 'profile')} found`)
      return whole
    })
    const manifest = manifestOf(profiles, redactor.split)
    const failure = await writeNew(path, workspace, manifest.text)
    if (failure !== null) return refused(failure)
    const variables = manifest.references.map(({ name }) => name)
    reporter.line(`${counted(manifest.profiles.length, 'profile')} exported to ${path}`)
    if (variables.length > 0)
      for (const line of [HOW_TO_USE, '', ...variableLines(variables)]) reporter.line(line)
    reporter.warnings(manifest.notes)
    const states = manifest.profiles.map((profile) => ({ ...profile, action: '', changed: [] }))
    return { inputProblems: [], exported: { path, profiles: states, variables } }
  } finally {
    api.close()
  }
}

const refused = (message: string): Found => ({
  inputProblems: [{ input: 'export-path', message }],
  exported: null,
})

/** Every profile of the account, whole. One that is deleted meanwhile is left out. */
async function readAll(reader: Reader): Promise<RemoteProfile[]> {
  const { profiles } = await createDirectory(reader).all()
  const whole = profiles.map((profile) => (isWhole(profile) ? profile : reader.get(profile.id)))
  return (await Promise.all(whole)).filter((profile) => profile !== null)
}

const isWhole = ({ fields }: RemoteProfile): boolean => API_FIELDS.every((name) => fields[name] !== undefined)
