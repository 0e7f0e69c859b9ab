/** What the tests of an export share: a workspace of its own, and the secrets that an exported manifest asks for. */
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Profile, Sandbox } from '../../sandbox/server.ts'
import { type Acted, act } from '../action.ts'

export const PATH = 'callback-profiles.yml'

type Fields = Record<string, unknown>

export interface Exported {
  readonly result: Acted
  readonly workspace: string
  /** Text of the file; empty where there is none. */
  readonly text: string
  /** Entries of the file by key. */
  readonly entries: Record<string, Fields>
}

/** A folder without files. */
export const emptyWorkspace = (): string => mkdtempSync(join(tmpdir(), 'export-'))

/** Exports the account of a sandbox. */
export async function exportOf(
  sandbox: Sandbox,
  inputs: Readonly<Record<string, string>> = {},
  workspace = emptyWorkspace(),
): Promise<Exported> {
  const result = await act({ sandbox, workspace, inputs: { mode: 'export', ...inputs } })
  const text =
    result.exitCode === 0 ? readFileSync(join(workspace, inputs['export-path'] ?? PATH), 'utf8') : ''
  return { result, workspace, text, entries: parse(text)?.profiles ?? {} }
}

/** The variables that the file reads, with the values that the account holds where they stand. */
export function variablesOf({ entries, result }: Exported, { store }: Sandbox): Record<string, string> {
  const ids = JSON.parse(result.outputs['profile-ids'] ?? '{}') as Record<string, string>
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, entry]) => {
      const profile = store.get(ids[key] ?? '') as Profile
      return Object.entries(entry).flatMap(([name, written]) =>
        variablesIn(written, profile[name as keyof Profile]),
      )
    }),
  )
}

const REFERENCE = /(?<!\$)\$\{\{ env\.(\w+) \}\}/

/** Each variable that a value reads, with what stands in its place in another value. */
function variablesIn(written: unknown, held: unknown): [string, string][] {
  if (typeof written === 'string') {
    const parts = written.split(REFERENCE)
    const literals = parts
      .filter((_, index) => index % 2 === 0)
      .map((text) => text.replaceAll('$${{', () => '${{'))
    const pattern = new RegExp(`^${literals.map(RegExp.escape).join('(.*?)')}$`, 's')
    const values = pattern.exec(String(held))?.slice(1) ?? []
    return values.map((value, index) => [parts[2 * index + 1] ?? '', value])
  }
  if (typeof written !== 'object' || written === null) return []
  return Object.entries(written).flatMap(([name, item]) => variablesIn(item, (held as Fields | null)?.[name]))
}

/** Everything that an export leaves behind: streams, outputs, summary, file. */
export const traces = ({ result: { log, annotations, outputs, summary }, text }: Exported): string =>
  [log, JSON.stringify(annotations), JSON.stringify(outputs), summary, text].join('\n')
