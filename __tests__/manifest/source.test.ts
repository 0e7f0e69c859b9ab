import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { DEFAULT_MANIFEST, type FieldInput } from '../../src/inputs.ts'
import { MAX_BYTES, workspaceFiles } from '../../src/manifest/files.ts'
import { loadManifest } from '../../src/manifest/load.ts'
import { showProblem } from '../../src/manifest/problem.ts'
import { readSource } from '../../src/manifest/source.ts'

/** A workspace of these files, in a folder of its own that is removed after the test. */
async function workspaceOf(files: Readonly<Record<string, string | Buffer>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'manifest-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const workspace = join(folder, 'workspace')
  await mkdir(workspace)
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, path)), { recursive: true })
    await writeFile(join(workspace, path), content)
  }
  return workspace
}

const NO_FILES = workspaceFiles('/', false)

async function readFiles(
  workspace: string,
  ...patterns: string[]
): Promise<{ names: string[]; problems: string[] }> {
  const source = { kind: 'files', patterns, implied: false } as const
  const { documents, problems } = await readSource(source, workspaceFiles(workspace, false))
  return { names: documents.map(({ name }) => name), problems: problems.map(showProblem) }
}

describe('files', () => {
  const FILES = {
    'a.yml': 'a: 1',
    'b.yaml': 'b: 1',
    'c.json': '{}',
    'teams/x/callbacks.yml': 'x: 1',
    'teams/y/callbacks.yml': 'y: 1',
    '.github/callbacks.yml': 'z: 1',
    'node_modules/p/callbacks.yml': 'n: 1',
    'with space.yml': 's: 1',
  }
  test.each<[patterns: string[], names: string[]]>([
    [
      ['b.yaml', 'a.yml'],
      ['b.yaml', 'a.yml'],
    ],
    [
      ['./a.yml', 'a.yml', 'teams/../a.yml', '?.yml', 'teams//x/callbacks.yml'],
      ['a.yml', 'teams/x/callbacks.yml'],
    ],
    [['?.{yml,yaml}'], ['a.yml', 'b.yaml']],
    [['teams/*/callbacks.yml'], ['teams/x/callbacks.yml', 'teams/y/callbacks.yml']],
    [['./teams/**/*.yml'], ['teams/x/callbacks.yml', 'teams/y/callbacks.yml']],
    [['[ab].y*ml'], ['a.yml', 'b.yaml']],
    [['.github/*.yml'], ['.github/callbacks.yml']],
    [['**/callbacks.yml'], ['teams/x/callbacks.yml', 'teams/y/callbacks.yml']],
    [['with space.yml'], ['with space.yml']],
  ])('%j are read in order, each once: %j', async (patterns, names) => {
    expect(await readFiles(await workspaceOf(FILES), ...patterns)).toEqual({ names, problems: [] })
  })

  const MISSING =
    'there is no such file in the workspace: check the path in the input `manifest`, and that the repository is checked out first (actions/checkout)'
  const OUTSIDE = 'this file is outside the workspace: a manifest has to be inside'
  const FOLDER = 'expected a file, found a directory: did you mean'
  test.each([
    ['nope.yml', `nope.yml:1:1  ${MISSING}`],
    ['a.yml/b', `a.yml/b:1:1  ${MISSING}`],
    [
      '*.toml',
      '*.toml:1:1  no file of the workspace matches this pattern: check it, and that the repository is checked out first (actions/checkout)',
    ],
    ['teams', `teams:1:1  ${FOLDER} \`teams/*.yml\`?`],
    ['teams/', `teams/:1:1  ${FOLDER} \`teams/*.yml\`?`],
    ['.', `.:1:1  ${FOLDER} \`./*.yml\`?`],
    ['/etc/hostname', '/etc/hostname:1:1  expected a path relative to the workspace'],
    ['/**/*.yml', '/**/*.yml:1:1  expected a path relative to the workspace'],
    ['../outside.yml', `../outside.yml:1:1  ${OUTSIDE}`],
    ['teams/../../outside.yml', `../outside.yml:1:1  ${OUTSIDE}`],
    ['../../../../../etc/hostname', `../../../../../etc/hostname:1:1  ${OUTSIDE}`],
    ['../*.yml', `../*.yml:1:1  ${OUTSIDE}`],
    ['..', `..:1:1  ${OUTSIDE}`],
    ['a\0.yml', 'a\0.yml:1:1  expected a path relative to the workspace'],
    ['x'.repeat(5000), `${'x'.repeat(5000)}:1:1  the file cannot be read (ENAMETOOLONG)`],
  ])('%.60j is refused', async (pattern, problem) => {
    const workspace = await workspaceOf(FILES)
    await writeFile(join(workspace, '../outside.yml'), 'secret: 1')

    expect(await readFiles(workspace, pattern)).toEqual({ names: [], problems: [problem] })
  })

  test('that cannot be read do not keep others from being read', async () => {
    const workspace = await workspaceOf({ 'a.yml': 'a: 1', 'b.yml': 'b: [', 'c.yml': 'c: 1\nc: 2' })
    const { names, problems } = await readFiles(workspace, 'a.yml', 'b.yml', 'c.yml', 'd.yml')

    expect(names).toEqual(['a.yml', 'c.yml'])
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['b.yml', 'c.yml', 'd.yml'])
  })

  test('may be symbolic links inside of the workspace, and not out of it', async () => {
    const workspace = await workspaceOf({ 'real/a.yml': 'a: 1' })
    await writeFile(join(workspace, '../outside.yml'), 'secret: 1')
    await symlink('real/a.yml', join(workspace, 'inside.yml'))
    await symlink('../outside.yml', join(workspace, 'outside.yml'))
    await symlink('..', join(workspace, 'up'))
    await symlink('nowhere', join(workspace, 'broken.yml'))
    await symlink('loop.yml', join(workspace, 'loop.yml'))

    expect(await readFiles(workspace, '*.yml', 'up/outside.yml')).toEqual({
      names: ['inside.yml'],
      problems: [
        `broken.yml:1:1  ${MISSING}`,
        'loop.yml:1:1  the file cannot be read (ELOOP)',
        `outside.yml:1:1  ${OUTSIDE}`,
        `up/outside.yml:1:1  ${OUTSIDE}`,
      ],
    })
  })

  test('have to be regular ones', { timeout: 10_000 }, async () => {
    const workspace = await workspaceOf()
    execFileSync('mkfifo', [join(workspace, 'pipe.yml')])

    expect(await readFiles(workspace, 'pipe.yml')).toEqual({
      names: [],
      problems: ['pipe.yml:1:1  expected a regular file'],
    })
  })

  test.each([
    ['latin1', Buffer.from('a: Größe', 'latin1')],
    ['UTF-16', Buffer.from('\ufeffa: 1', 'utf16le')],
    ['binary', Buffer.from([0xff, 0xd8, 0xff])],
  ])('have to be UTF-8, not %s', async (_, content) => {
    expect((await readFiles(await workspaceOf({ 'a.yml': content }), 'a.yml')).problems).toEqual([
      'a.yml:1:1  the file is not UTF-8: save it as UTF-8',
    ])
  })

  test('may start with a byte order mark', async () => {
    const workspace = await workspaceOf({ 'a.yml': '\ufeffa: 1' })
    const source = { kind: 'files', patterns: ['a.yml'], implied: false } as const
    const { documents } = await readSource(source, workspaceFiles(workspace, false))
    expect(documents.map(({ value, place }) => [value, place(['a'])])).toEqual([
      [{ a: 1 }, { source: 'a.yml', file: 'a.yml', line: 1, column: 4 }],
    ])
  })

  test('may have 1 MiB, and not a byte more', async () => {
    const text = `a: ${'x'.repeat(MAX_BYTES - 3)}`
    const { names, problems } = await readFiles(
      await workspaceOf({ 'a.yml': text, 'b.yml': `${text}x` }),
      '*.yml',
    )
    expect(names).toEqual(['a.yml'])
    expect(problems).toEqual(['b.yml:1:1  the file has 1048577 bytes: a manifest may have 1048576'])
  })

  test('need not be named: then the default is meant, and its absence says what to do', async () => {
    const source = { kind: 'files', patterns: [DEFAULT_MANIFEST], implied: true } as const
    const { problems } = await readSource(source, workspaceFiles(await workspaceOf(), true))
    expect(problems.map(showProblem)).toEqual([
      `${DEFAULT_MANIFEST}:1:1  there is no such file, and no other source of profiles is given: check out the repository first (actions/checkout), or set the input \`manifest\`, \`profiles\` or \`title\``,
    ])
    const workspace = await workspaceOf({ [DEFAULT_MANIFEST]: 'a: 1' })
    const { documents } = await readSource(source, workspaceFiles(workspace, true))
    expect(documents).toHaveLength(1)
  })

  test('in a workspace that does not exist are missing', async () => {
    const workspace = join(await workspaceOf(), 'nowhere')
    expect((await readFiles(workspace, 'a.yml')).problems).toEqual([`a.yml:1:1  ${MISSING}`])
    expect((await readFiles(workspace, '*.yml')).problems).toHaveLength(1)
  })
})

describe('the text of the input `profiles`', () => {
  test('is a manifest, whose places name the input', async () => {
    const { documents, problems } = await readSource({ kind: 'inline', text: 'a: 1\na: 2' }, NO_FILES)
    expect(documents).toMatchObject([{ name: 'input profiles', evaluates: true, value: { a: 1 } }])
    expect(problems).toMatchObject([{ place: { source: 'input profiles', file: null, line: 2, column: 1 } }])
  })
})

describe('single-profile inputs', () => {
  const FIELDS = { title: 'GH Orders', 'http-method': 'POST', url: 'https://h.example.com', body: '{}' }
  const STRUCTURED = ['body', 'headers', 'enc', 'events']
  const readInputs = async (inputs: Readonly<Record<string, string>>) => {
    const fields = Object.entries({ ...FIELDS, ...inputs }).map(
      ([input, text]): FieldInput => ({
        input,
        field: input.replaceAll('-', '_'),
        text,
        structured: STRUCTURED.includes(input),
      }),
    )
    const given = fields.filter(({ text }) => text !== '')
    const { documents, problems } = await readSource({ kind: 'fields', fields: given }, NO_FILES)
    const loaded = loadManifest(documents, null)
    return { loaded, problems: [...problems, ...loaded.problems].map(showProblem) }
  }

  test('are one profile: JSON or YAML where a value has parts, plain text elsewhere', async () => {
    const { loaded, problems } = await readInputs({
      title: '2024',
      'response-message': 'null',
      body: 'id: <id>\nlist: [1, "${{ env.X }}"]',
      headers: '{"x-a": "b"}',
      channel: 'sms',
      events: 'SMS-sent',
    })
    expect(problems).toEqual([])
    expect(loaded.manifest?.entries).toMatchObject([
      {
        key: 'profile',
        profile: {
          fields: {
            title: '2024',
            response_message: 'null',
            body: { id: '<id>', list: [1, '${{ env.X }}'] },
            headers: { 'x-a': 'b' },
            events: ['SMS-sent'],
          },
        },
      },
    ])
  })

  test('name the input and the line in every problem, all at once', async () => {
    const { problems } = await readInputs({
      title: 'GH',
      'http-method': '',
      url: 'nowhere',
      body: '{ "id": ',
      headers: 'x-a: b\nx-b: 5',
      enc: '{ algo: AES-128-GCM,\n  key: short }',
    })
    expect(problems.map((problem) => problem.slice(0, 75))).toEqual([
      expect.stringMatching(/^input body:1:\d+ {2}Flow map/),
      expect.stringContaining('input title:1:1  title: expected 3 or more characters, found "GH"'),
      expect.stringContaining('input url:1:1  url: expected a URL that starts with'),
      expect.stringContaining('input enc:1:1  enc.IV: it is missing'),
      expect.stringContaining('input http-method:1:1  http_method: `http_method` is missing'),
      expect.stringContaining('input headers:2:6  headers.x-b: expected text: put the value in quotes'),
      expect.stringContaining('input enc:2:8  enc.key: expected 16 characters for AES-128-GCM, found 5'),
    ])
  })
})
