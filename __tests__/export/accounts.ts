/** What the tests of an export share: a workspace of its own, and the secrets that an exported manifest asks for. */
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Profile, Sandbox } from '../../sandbox/server.ts'
import { splitCredentials } from '../../src/secrets.ts'
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
      return [
        ...pairs(entry.headers, profile.headers ?? {}),
        ...pairs(entry.enc, { ...profile.enc }),
        ...credentials(entry.url, profile.url),
      ]
    }),
  )
}

const REFERENCE = /\$\{\{ env\.(\w+) \}\}/g

const pairs = (written: unknown, held: Readonly<Fields>): [string, string][] =>
  Object.entries(written ?? {}).flatMap(([name, text]) =>
    [...String(text).matchAll(REFERENCE)].map(([, variable]): [string, string] => [
      variable ?? '',
      String(held[name]),
    ]),
  )

function credentials(written: unknown, url: string): [string, string][] {
  const held = splitCredentials(url).filter(({ credential }) => credential !== null)
  return [...String(written).matchAll(REFERENCE)].map(([, variable], index) => [
    variable ?? '',
    held[index]?.text ?? '',
  ])
}

/** Everything that an export leaves behind: streams, outputs, summary, file. */
export const traces = ({ result: { log, annotations, outputs, summary }, text }: Exported): string =>
  [log, JSON.stringify(annotations), JSON.stringify(outputs), summary, text].join('\n')
