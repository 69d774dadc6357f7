import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../../../tooling/checks/bench/rounds.ts'

/** What bench/main.ts writes. Ratios and amounts carry what they are held to in their name: `a (>= 2)`. */
export interface Results {
  readonly date: string
  readonly machine: string
  readonly node: string
  readonly qemu: string
  readonly ratios: Readonly<Record<string, number>>
  readonly amounts: Readonly<Record<string, number>>
  /** Of each pair the rounds of both, by name: the slower of checks and repairs first is qemu-img. */
  readonly milliseconds: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>
}

const RESULTS = join(import.meta.dirname, 'results')

/** The newest committed results, for the README. */
export function figuresMarkdown(folder = RESULTS): string {
  const runs = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []
  const newest = runs.sort().at(-1)
  if (newest === undefined) return 'No figures are committed yet.'
  return renderFigures(JSON.parse(readFileSync(join(folder, newest), 'utf8')) as Results, newest)
}

export function renderFigures(results: Results, file: string): string {
  const { date, machine, node, qemu, ratios, amounts, milliseconds } = results
  const rows = Object.entries(ratios).map(([name, ratio]) => {
    const { what, held } = partsOf(name)
    return [what, ...mediansOf(milliseconds[name] ?? {}), String(ratio), held]
  })
  return [
    `Measured on ${date}: ${machine}; Node ${node.replace('v', '')}, qemu-img ${qemu}, warm cache; medians of paired rounds. Raw figures: [bench/results/${file}](bench/results/${file}).`,
    table(['Work', 'other, ms', 'qcow2-check, ms', 'ratio', 'held to'], rows),
    'The other is qemu-img, of `node -e 0` Node itself; with a tuned cache it is given `refcount-cache-size=64M`. Of repairs both end consistent; qcow2-check has written an undo file, and surveyed the image before, in its plan, and after.',
    table(
      ['Amount', 'measured', 'held to'],
      Object.entries(amounts).map(([name, value]) => {
        const { what, held } = partsOf(name)
        return [what, String(value), held]
      }),
    ),
  ].join('\n\n')
}

/** Medians of the other and of ours, milliseconds. */
function mediansOf(pair: Readonly<Record<string, readonly number[]>>): [string, string] {
  const isOurs = (name: string): boolean => name.startsWith('qcow2-check') || name.startsWith('--')
  const of = (ours: boolean): string => {
    const [, rounds] = Object.entries(pair).find(([name]) => isOurs(name) === ours) ?? []
    return rounds === undefined ? '' : String(Math.round(median(rounds)))
  }
  return [of(false), of(true)]
}

/** `a (>= 100)` as its parts. */
function partsOf(name: string): { what: string; held: string } {
  const { what = name, held = '' } = /^(?<what>.*?)(?: \((?<held>[<>]=? [\d.]+)\))?$/.exec(name)?.groups ?? {}
  return { what, held }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`
  const rule = `|${head.map((_, column) => (column === 0 ? '---' : '---:')).join('|')}|`
  return [line(head), rule, ...rows.map(line)].join('\n')
}
