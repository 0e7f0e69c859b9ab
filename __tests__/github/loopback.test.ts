/** The loopback GitHub answers what GitHub's own OpenAPI description says. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import { expect, onTestFinished, test } from 'vitest'
import { type Operation, REPOSITORY, startGitHub, TOKEN } from './loopback.ts'

interface Description {
  readonly paths: Record<string, Record<string, { responses: Record<string, Response> }>>
}
interface Response {
  readonly $ref?: string
  readonly content?: Record<string, { schema: object }>
}

const PATHS: Readonly<Record<Operation, readonly [method: string, path: string]>> = {
  content: ['get', '/repos/{owner}/{repo}/contents/{path}'],
  tree: ['get', '/repos/{owner}/{repo}/git/trees/{tree_sha}'],
  'list comments': ['get', '/repos/{owner}/{repo}/issues/{issue_number}/comments'],
  'create comment': ['post', '/repos/{owner}/{repo}/issues/{issue_number}/comments'],
  'update comment': ['patch', '/repos/{owner}/{repo}/issues/comments/{comment_id}'],
}

const path = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json')
const description = JSON.parse(readFileSync(path, 'utf8')) as Description
const ajv = new Ajv({ strict: false, validateFormats: false })
ajv.addSchema(description, 'github')

/** What is wrong with an answer, by the schema that the description has for its operation and status. */
function wrongWith(operation: Operation, status: number, answer: unknown): string {
  const [method, path] = PATHS[operation]
  const pointer = [
    'paths',
    path,
    method,
    'responses',
    String(status),
    'content',
    'application/json',
    'schema',
  ]
  const escaped = pointer.map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1'))
  const validate = ajv.compile({ $ref: `github#/${escaped.map(encodeURIComponent).join('/')}` })
  return validate(answer) ? '' : ajv.errorsText(validate.errors)
}

const CASES: readonly [Operation, string, RequestInit][] = [
  ['content', '/contents/docs%2Fa.yml?ref=abc', {}],
  ['content', '/contents/large.yml?ref=abc', {}],
  ['tree', '/git/trees/abc?recursive=true', {}],
  ['list comments', '/issues/7/comments', {}],
  ['create comment', '/issues/7/comments', { method: 'POST', body: '{"body":"new"}' }],
  ['update comment', '/issues/comments/1', { method: 'PATCH', body: '{"body":"changed"}' }],
]

test.each(CASES)('an answer to `%s` (%s) is one of GitHub', async (operation, path, init) => {
  const github = await startGitHub({
    commits: { abc: { 'docs/a.yml': 'a: 1', 'large.yml': 'x'.repeat(1_000_001) } },
    comments: [{ body: 'first' }, { body: 'second', type: 'User' }],
  })
  onTestFinished(() => github.close())
  const headers = { authorization: `token ${TOKEN}`, 'content-type': 'application/json' }
  const response = await fetch(`${github.url}/repos/${REPOSITORY}${path}`, { ...init, headers })
  const answer = await response.json()
  expect(response.ok).toBe(true)
  expect(wrongWith(operation, response.status, answer)).toBe('')
})

test('an answer that lacks what GitHub sends is told', () => {
  expect(wrongWith('list comments', 200, [{ id: 1 }])).toContain("required property 'node_id'")
})
