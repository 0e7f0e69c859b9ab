/** The ratios of the benchmarks as a picture: a bar each, as long as its share of what is to be reached at most. Pure. */
import { median } from './measure.ts'
import { short } from './report.ts'
import type { Figure } from './scenarios.ts'

const WIDTH = 760
const ROW = 46
const TOP = 44
const LEFT = 20
/** Where a bar ends that is as long as it may be. */
const REACH = 470

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .faint { fill: #59636e }
  .bar { fill: #1a7f37 } .over { fill: #bc4c00 }
  .spread { stroke: #1f2328; stroke-width: 1.5 } .reach { stroke: #59636e; stroke-dasharray: 4 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .faint { fill: #9198a1 }
    .bar { fill: #3fb950 } .over { fill: #db6d28 }
    .spread { stroke: #f0f6fc } .reach { stroke: #9198a1 }
  }`

const escaped = (text: string): string =>
  text.replaceAll('`', '').replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** Draws all ratios that have something to reach. `caption` says when and on what they were measured. */
export function chart(figures: readonly Figure[], caption: string): string {
  const bars = figures.filter(({ unit, reach }) => unit === '×' && reach !== null)
  const height = TOP + bars.length * ROW + 16
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">
<title id="title">Cost against bare scripts, as ratios of medians</title>
<style>${STYLE}
</style>
<text class="faint" x="${LEFT}" y="20">${escaped(caption)}</text>
<line class="reach" x1="${LEFT + REACH}" x2="${LEFT + REACH}" y1="${TOP - 12}" y2="${height - 8}"/>
${bars.map((figure, index) => bar(figure, TOP + index * ROW)).join('\n')}
</svg>
`
}

function bar({ what, reference, values, reach }: Figure, y: number): string {
  const most = reach ?? 1
  const at = (value: number): string =>
    (LEFT + Math.min((value / most) * REACH, WIDTH - LEFT - 150)).toFixed(1)
  const middle = median(values)
  const [least, greatest] = [Math.min(...values), Math.max(...values)]
  const end = Number(at(middle))
  return `<text x="${LEFT}" y="${y + 8}">${escaped(what)} <tspan class="faint">against ${escaped(reference)}</tspan></text>
<rect class="${middle > most ? 'over' : 'bar'}" x="${LEFT}" y="${y + 14}" width="${(end - LEFT).toFixed(1)}" height="14" rx="2"/>
<line class="spread" x1="${at(least)}" x2="${at(greatest)}" y1="${y + 21}" y2="${y + 21}"/>
<text x="${Math.max(end, Number(at(greatest)), LEFT + REACH) + 8}" y="${y + 26}">${short(middle)} × <tspan class="faint">of ${short(most)} ×</tspan></text>`
}
