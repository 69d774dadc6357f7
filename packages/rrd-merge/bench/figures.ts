import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../../../tooling/checks/bench/rounds.ts'

/** What bench/main.ts writes, as far as it is shown. Ratios carry what they are held to in their name: `a / b (<= 2)`. */
export interface Results {
  readonly date: string
  readonly machine: string
  readonly node: string
  readonly rrdtool: string
  readonly corpus: { readonly pairs: number; readonly bytesPerSide: number }
  readonly ratios: Readonly<Record<string, number>>
  readonly start: Readonly<Record<string, number>>
  readonly memory: Readonly<Record<string, number>>
  readonly milliseconds: Readonly<Record<'fast' | 'slow', Readonly<Record<string, readonly number[]>>>>
}

const RESULTS = join(import.meta.dirname, 'results')

/** Pairs of a full run; a trial on fewer is no figure to show. */
const FULL = 500

/** The newest committed results of a full run, for the README. */
export function figuresMarkdown(folder = RESULTS): string {
  const runs = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []
  for (const name of runs.sort().reverse()) {
    const results = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Results
    if (results.corpus.pairs >= FULL) return renderFigures(results, name)
  }
  return 'No figures of a full run are committed yet.'
}

export function renderFigures(results: Results, file: string): string {
  const { date, machine, node, rrdtool, corpus, ratios, start, memory, milliseconds } = results
  const { pairs, bytesPerSide } = corpus
  return [
    `Measured on ${date}: ${machine}; Node ${node.replace('v', '')}, rrdtool ${rrdtool}. ${pairs} pairs shaped like pnp4nagios' default, ${Math.round(bytesPerSide / 1e6)} MB a side, warm cache. Raw figures: [bench/results/${file}](bench/results/${file}).`,
    table(['The whole tree', 'seconds'], seconds(milliseconds.fast)),
    table(['The same beside the native ways', 'seconds'], seconds(milliseconds.slow)),
    table(
      ['Ratio of the medians of paired rounds', 'measured', 'held to'],
      Object.entries({ ...ratios, ...start })
        .filter(([name]) => name.includes(' / '))
        .map(ratioRow),
    ),
    table(
      ['Memory', 'MiB'],
      Object.entries(memory).map(([name, value]) => [name.replace(/, MiB$/, ''), String(value)]),
    ),
  ].join('\n\n')
}

const seconds = (rounds: Readonly<Record<string, readonly number[]>>): string[][] =>
  Object.entries(rounds).map(([name, values]) => [name, (median(values) / 1000).toFixed(2)])

/** `a / b (>= 100)` as its parts. */
function ratioRow([name, value]: [string, number]): string[] {
  const { what = name, held = '' } = /^(?<what>.*?)(?: \((?<held>[<>]=? [\d.]+)\))?$/.exec(name)?.groups ?? {}
  return [what, String(value), held]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`
  const rule = `|${head.map((_, column) => (column === 0 ? '---' : '---:')).join('|')}|`
  return [line(head), rule, ...rows.map(line)].join('\n')
}
