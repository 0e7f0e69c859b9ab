/** Accounts for one test each, and runs on them. */
import { onTestFinished } from 'vitest'
import { type Sandbox, type SandboxOverrides, startSandbox } from '../../sandbox/server.ts'
import type { Acted } from '../action.ts'

/** Starts a sandbox until the test ends. `before` is called before each request is handled, at least once. */
export async function openSandbox(
  overrides: SandboxOverrides = {},
  before: (sandbox: Sandbox) => void = () => {},
): Promise<Sandbox> {
  let opened: Sandbox | undefined
  let calling = false
  const clock = (): Date => {
    if (opened !== undefined && !calling) {
      calling = true
      before(opened)
      calling = false
    }
    return new Date()
  }
  opened = await startSandbox({ ...overrides, clock })
  onTestFinished(opened.close)
  return opened
}

/** The errors of a run, without their place in the manifest. */
export const errorsOf = ({ annotations }: Acted): string[] =>
  annotations
    .filter(({ level }) => level === 'error')
    .map(({ message }) => message.replace(/^input profiles:\d+:\d+ +/, ''))

/** What a run says: shown where an expectation fails. */
export const told = (acted: Acted): string => [acted.log, ...errorsOf(acted)].join('\n')

/** `count` declared profiles by key, of the titles `GH 0`, `GH 1`, … padded to one length. */
export const manyWanted = (count: number): Record<string, { title: string }> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const title = `GH ${String(index).padStart(5, '0')}`
      return [`p${index}`, { title, http_method: 'GET', url: 'https://hooks.example.com/a' }]
    }),
  )
