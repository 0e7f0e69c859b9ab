/**
 * Measures the committed action against bare scripts.
 *
 *   npm run bench                       all scenarios; writes docs/performance.svg and the figures of docs/performance.md
 *   npm run bench -- --only validate    those whose name holds the word; writes nothing
 *   npm run bench -- --runs 21          counted runs of each command, 9 where left out
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '../sandbox/runner.ts'
import { chart } from './chart.ts'
import { measure } from './measure.ts'
import { commandLine, machine, markdownTable, textTable } from './report.ts'
import { type Figure, type OtherAction, type Scenario, scenarios } from './scenarios.ts'
import { startServer } from './server-process.ts'
import { sizes } from './sizes.ts'

const { values: options } = parseArgs({ options: { only: { type: 'string' }, runs: { type: 'string' } } })
const runs = Number(options.runs ?? 9)
const other = otherAction()

const server = await startServer()
const folder = mkdtempSync(join(tmpdir(), 'bench-'))
try {
  const all = await scenarios({ ...server, folder }, other)
  const chosen = all.filter(({ name }) => name.includes(options.only ?? ''))
  const figures: Figure[] = []
  const absolute: string[] = []
  for (const scenario of chosen) {
    const measured = await run(scenario)
    figures.push(...measured.figures)
    absolute.push(`${scenario.name}`, ...measured.lines.map((line) => `- ${line}`), '')
  }
  if (chosen.length === all.length) figures.push(...sizes())
  console.log(`\n${textTable(figures)}\n`)
  if (chosen.length === all.length && other === null) write(figures, absolute)
} finally {
  server.stop()
  rmSync(folder, { recursive: true })
}

async function run(scenario: Scenario): Promise<{ figures: readonly Figure[]; lines: string[] }> {
  console.log(scenario.name)
  const samples = await measure(scenario.commands, runs, scenario.usage)
  const lines = scenario.commands.map((command, index) => commandLine(command, samples[index] ?? []))
  for (const line of lines) console.log(`  ${line}`)
  return { figures: scenario.figures(samples), lines }
}

/** Another action to compare with, from `BENCH_SUBJECT` and the `INPUT_*` variables; null where there is none. */
function otherAction(): OtherAction | null {
  const { BENCH_SUBJECT: path = '', ...env } = process.env
  if (path === '') return null
  const inputs = Object.entries(env).filter(([name]) => name.startsWith('INPUT_'))
  return { path, inputs: Object.fromEntries(inputs) as Record<string, string> }
}

/** Puts the figures where people read them. */
function write(figures: readonly Figure[], absolute: readonly string[]): void {
  const caption = machine(runs, new Date().toISOString().slice(0, 10))
  const page = join(ROOT, 'docs', 'performance.md')
  const [start, end] = ['<!-- figures: written by npm run bench -->', '<!-- /figures -->']
  const text = readFileSync(page, 'utf8')
  const [before, rest = ''] = text.split(start)
  const [, after = ''] = rest.split(end)
  const section = [
    start,
    `Measured ${caption}.`,
    markdownTable(figures),
    'Medians of whole processes:',
    absolute.join('\n').trim(),
    end,
  ]
  writeFileSync(page, `${before}${section.join('\n\n')}${after}`)
  writeFileSync(join(ROOT, 'docs', 'performance.svg'), chart(figures, caption))
}
