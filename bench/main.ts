import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measure, median } from './measure.ts'
import { scenarios, type Stage } from './scenarios.ts'

const runs=Number(process.argv[2]??9), only=process.argv[3]
const child = spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], { stdio: ['ignore', 'pipe', 'inherit'] })
const port = await new Promise<string>((r) => child.stdout.once('data', (d) => r(String(d).trim())))
const origin = `http://127.0.0.1:${port}`
const folder = mkdtempSync(join(tmpdir(), 'bench-'))
const stage: Stage = { origin, folder,
  reset: async (profiles, delayMs) => { await (await fetch(`${origin}/reset?profiles=${profiles}&delay=${delayMs}`)).text() },
  requests: async () => ((await (await fetch(`${origin}/requests`)).json()) as any).data,
}
try {
for (const s of await scenarios(stage, null)) {
  if (only && !s.name.includes(only)) continue
  const samples = await measure(s.commands, runs, s.usage)
  console.log(s.name)
  s.commands.forEach((c, i) => console.log('  ', c.name, 'wall', median(samples[i]!.map((x) => x.wallMs)).toFixed(1), 'min', Math.min(...samples[i]!.map((x) => x.wallMs)).toFixed(1), s.usage ? 'cpu ' + median(samples[i]!.map((x) => x.cpuMs)).toFixed(0) + ' MiB ' + median(samples[i]!.map((x) => x.peakMiB)).toFixed(1) : ''))
  for (const f of s.figures(samples)) console.log('  ', f.what, '|', f.reference, '|', median(f.values).toFixed(2), f.unit, `[${Math.min(...f.values).toFixed(2)}–${Math.max(...f.values).toFixed(2)}]`, f.reach ?? '')
}
} finally { child.kill(); rmSync(folder, { recursive: true }) }
