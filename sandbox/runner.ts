/** Runs the committed action as a workflow runner does: a child process, inputs and files through its environment. */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

/** Root of this repository. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

export interface ActionRun {
  /** Inputs as in the step's `with:`; the defaults of action.yml fill in the others. */
  readonly inputs?: Readonly<Record<string, string>>
  /** The step's `env:`. */
  readonly env?: Readonly<Record<string, string>>
  /** Name and payload of the workflow event; a push where left out. */
  readonly event?: { readonly name: string; readonly payload?: unknown }
  /** Checked-out repository; an empty folder where left out. */
  readonly workspace?: string
  /** Files to write into the workspace first, by path. */
  readonly files?: Readonly<Record<string, string>>
  /** Gets a function that sends the process a signal, as a cancelled job does. */
  readonly onStart?: (signal: (name: 'SIGINT' | 'SIGTERM') => void) => void
}

export interface ActionResult {
  readonly exitCode: number | null
  /** Everything printed, both streams in the order of arrival. */
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  /** Text of the file that the output `plan-file` names; empty where there is none. */
  readonly plan: string
  /** Values that the action asked the runner to mask. */
  readonly masks: readonly string[]
}

/** Runs `dist/index.js` on this Node and collects what a runner would: exit code, log, outputs, summary, masks. */
export async function runAction({
  inputs = {},
  env = {},
  event,
  workspace,
  files = {},
  onStart,
}: ActionRun): Promise<ActionResult> {
  const temp = await mkdtemp(join(tmpdir(), 'action-run-'))
  try {
    const repository = workspace ?? join(temp, 'workspace')
    const paths = {
      output: join(temp, 'output'),
      summary: join(temp, 'summary.md'),
      event: join(temp, 'event.json'),
    }
    await mkdir(repository, { recursive: true })
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(repository, path)), { recursive: true })
      await writeFile(join(repository, path), text)
    }
    await writeFile(paths.output, '')
    await writeFile(paths.summary, '')
    await writeFile(paths.event, JSON.stringify(event?.payload ?? {}))
    const variables = {
      PATH: process.env.PATH ?? '',
      HOME: temp,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: event?.name ?? 'push',
      GITHUB_EVENT_PATH: paths.event,
      GITHUB_OUTPUT: paths.output,
      GITHUB_REF_NAME: 'main',
      GITHUB_REPOSITORY: 'example/shop',
      GITHUB_SHA: '0000000000000000000000000000000000000000',
      GITHUB_STEP_SUMMARY: paths.summary,
      GITHUB_WORKSPACE: repository,
      RUNNER_TEMP: join(temp, 'runner'),
      ...env,
      ...(await inputVariables(inputs)),
    }
    const { exitCode, log } = await start(variables, onStart)
    const outputs = parseOutputs(await readFile(paths.output, 'utf8'))
    const plan = outputs['plan-file'] ?? ''
    return {
      exitCode,
      log,
      outputs,
      summary: await readFile(paths.summary, 'utf8'),
      plan: plan === '' ? '' : await readFile(plan, 'utf8'),
      masks: [...log.matchAll(/^::add-mask::(.*)$/gm)].map(([, mask]) => unescaped(mask ?? '')),
    }
  } finally {
    await rm(temp, { recursive: true, force: true })
  }
}

function start(
  env: Record<string, string>,
  onStart: ActionRun['onStart'],
): Promise<{ exitCode: number | null; log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'dist', 'index.js')], {
      env,
      cwd: env.GITHUB_WORKSPACE,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    onStart?.((name) => child.kill(name))
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.stderr.on('data', (chunk) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ exitCode, log: Buffer.concat(chunks).toString('utf8') }))
  })
}

/** `INPUT_*` variables as the runner makes them: name in upper case with spaces as underscores, defaults filled in. */
export async function inputVariables(
  inputs: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const action = parse(await readFile(join(ROOT, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default?: string }>
  }
  for (const name of Object.keys(inputs))
    if (!(name in action.inputs)) throw new Error(`action.yml has no input ${name}`)
  // No default of an input but the token is an expression, and there is no token here.
  const defaultOf = ({ default: text = '' }: { default?: string }): string =>
    text.includes('${{') ? '' : text
  const values = Object.entries(action.inputs).map(
    ([name, input]) => [name, inputs[name] ?? defaultOf(input)] as const,
  )
  return Object.fromEntries(
    values.map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  )
}

/** Reads the runner's file of `name<<delimiter` blocks. */
function parseOutputs(text: string): Record<string, string> {
  const blocks = text.matchAll(/^(.+?)<<(ghadelimiter_[\w-]+)\r?\n([\s\S]*?)\r?\n\2$/gm)
  return Object.fromEntries([...blocks].map(([, name, , value]) => [name, value]))
}

/** Undoes the escapes of a workflow command's value. */
const unescaped = (text: string): string =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
