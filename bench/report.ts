/** What the benchmarks print and write. Pure. */
import { cpus } from 'node:os'
import { type Command, median, type Sample } from './measure.ts'
import type { Figure } from './scenarios.ts'

/** A number with three digits that count, such as `1.35`, `12.1`, `107`. */
export const short = (value: number): string =>
  value >= 100 || Number.isInteger(value)
    ? value.toFixed(0)
    : value >= 10
      ? value.toFixed(1)
      : value.toFixed(2)

const quantity = ({ unit }: Figure, value: number): string => `${short(value)} ${unit}`

/** `1.21–1.40`, or nothing where all values are one. */
export function spread({ values }: Figure): string {
  const [least, most] = [Math.min(...values), Math.max(...values)].map(short)
  return least === most ? '' : `${least}–${most}`
}

const HEADER = ['what', 'bare script', 'median', 'spread', 'at most']

const row = (figure: Figure): string[] => [
  figure.what,
  figure.reference,
  quantity(figure, median(figure.values)),
  spread(figure),
  figure.reach === null ? '' : quantity(figure, figure.reach),
]

/** The figures as a table of plain text. */
export function textTable(figures: readonly Figure[]): string {
  const rows = [HEADER, ...figures.map(row)]
  const widths = HEADER.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)))
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The figures as a table of markdown. */
export const markdownTable = (figures: readonly Figure[]): string =>
  [HEADER, HEADER.map(() => '---'), ...figures.map(row)].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** A measured command in one line, with medians of what was measured of it. */
export function commandLine({ name }: Command, samples: readonly Sample[]): string {
  const of = (part: keyof Sample): number => median(samples.map((sample) => sample[part]))
  const usage =
    of('cpuMs') === 0 ? '' : `, ${short(of('cpuMs'))} ms of processor, ${short(of('peakMiB'))} MiB`
  return `${name}: ${short(of('wallMs'))} ms${usage}`
}

/** What the figures were measured on and when. */
export const machine = (runs: number, day: string): string =>
  `${day}, ${cpus().length} cores, ${process.platform} ${process.arch}, Node.js ${process.version}, ${runs} runs each after one that does not count`
