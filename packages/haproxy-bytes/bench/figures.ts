import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../../../tooling/checks/bench/rounds.ts'

type Rounds = Readonly<Record<string, readonly number[]>>

/** What bench/main.ts writes, as far as it is shown. Names carry what they are held to: `a / b (>= 2)`. */
export interface Results {
  readonly date: string
  /** Begins with the number of its processors. */
  readonly machine: string
  /** Of the last 1, 5 and 15 minutes. */
  readonly load: readonly number[]
  readonly node: string
  readonly haproxy: string
  readonly corpus: { readonly lines: number; readonly bytes: number }
  /** The sum of bytes that each program told. */
  readonly proof: Readonly<Record<string, string>>
  readonly ratios: Readonly<Record<string, number>>
  readonly processorSeconds: Readonly<Record<string, number>>
  readonly memory: Readonly<Record<string, number>>
  readonly milliseconds: Readonly<Record<'fast' | 'slow', Rounds>>
}

const RESULTS = join(import.meta.dirname, 'results')

/** Lines of a full run; a trial on fewer is no figure to show. */
const FULL = 6_000_000
/** Of 15 minutes, for each processor: the benchmark alone makes two threads busy at most. */
const BUSY = 1.5

/** The newest committed results of a full run, for the README. */
export function figuresMarkdown(folder = RESULTS): string {
  const runs = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []
  for (const name of runs.sort().reverse()) {
    const results = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Results
    if (results.corpus.lines >= FULL) return renderFigures(results, name)
  }
  return 'No figures of a full run are committed yet.'
}

export function renderFigures(results: Results, file: string): string {
  const { ratios, processorSeconds, memory, milliseconds } = results
  return [
    introduction(results, file),
    table(
      ['Ratio of times, medians of paired rounds', 'measured', 'held to', ''],
      Object.entries(ratios)
        .filter(([name]) => name.includes(' / '))
        .map(([name, value]) => heldRow(name, value)),
    ),
    table(
      ['Memory at most, of 2,000,000 lines', 'MiB', 'held to', ''],
      Object.entries(memory).map(([name, value]) => heldRow(`total --by client, ${name}`, value, MIB)),
    ),
    table(
      ['Time', 'median, s', 'rounds'],
      [...Object.entries(milliseconds.fast), ...halogs(milliseconds.slow)].map(([name, rounds]) => [
        name,
        (median(rounds) / 1000).toFixed(2),
        String(rounds.length),
      ]),
    ),
    table(
      ['User and system time, the least of some runs', 's'],
      Object.entries(processorSeconds).map(([name, seconds]) => [name, seconds.toFixed(2)]),
    ),
  ].join('\n\n')
}

function introduction({ date, machine, load, node, haproxy, corpus, proof }: Results, file: string): string {
  const loads = load.map((one) => one.toFixed(1)).join(', ')
  const busy = (load[2] ?? 0) > BUSY * Number.parseInt(machine, 10)
  const sums = new Set(Object.values(proof).map((text) => text.split(' ')[0]))
  return [
    `Measured on ${date}: ${machine}; Node ${node.replace('v', '')}, halog of HAProxy ${haproxy}; ${corpus.lines.toLocaleString('en')} lines of \`option httplog\`, ${(corpus.bytes / 1e9).toFixed(2)} GB, in the page cache.`,
    ...(busy
      ? [
          `Other work went on at the same time (load averages at the end: ${loads}), so times and ratios are not those of a quiet machine; user and system time are touched less by it.`,
        ]
      : []),
    ...(sums.size === 1
      ? [
          `${Object.keys(proof).slice(1).join(', ')}: all tell ${BigInt([...sums][0] ?? 0).toLocaleString('en')} bytes, as many as were written.`,
        ]
      : []),
    `\`halog -srv\` tells no bytes, \`-ubt\` is its way to them. Raw figures: [bench/results/${file}](bench/results/${file}).`,
  ].join(' ')
}

/** The same work as in the other rounds is not shown twice. */
const halogs = (rounds: Rounds): [string, readonly number[]][] =>
  Object.entries(rounds).filter(([name]) => name.startsWith('halog'))

const MIB = 2 ** 20

/** `a (>= 100)` and `a (< 100 MB), MiB` as cells. @param unit bytes that the figure counts, where its bound is in MB */
function heldRow(name: string, value: number, unit = 1e6): string[] {
  const {
    what = name,
    than,
    bound,
  } = /^(?<what>.*?) \((?<than>[<>]=?) (?<bound>[\d.]+)(?: MB)?\)(?:, MiB)?$/.exec(name)?.groups ?? {}
  if (than === undefined) return [what, String(value), '', '']
  const measured = (value * unit) / 1e6
  const isHeld = than.startsWith('<') ? measured <= Number(bound) : measured >= Number(bound)
  return [what, String(value), `${than} ${bound}${unit === MIB ? ' MB' : ''}`, isHeld ? '' : '**missed**']
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`
  const rule = `|${head.map((_, column) => (column === 0 ? '---' : '---:')).join('|')}|`
  return [line(head), rule, ...rows.map(line)].join('\n')
}
