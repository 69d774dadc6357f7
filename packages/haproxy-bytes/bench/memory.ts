import { join } from 'node:path'
import { corpusAt } from './corpus.ts'
import { peakMemory } from './processes.ts'

const LINES = 2_000_000

/** Peak of `total --by client` on logs of many clients, MiB. */
export function memoryFigures(folder: string, say: (text: string) => void): Record<string, number> {
  const figures: Record<string, number> = {}
  for (const [name, clients] of [
    ['1e5 clients (< 100 MB)', 1e5],
    ['1e6 clients (< 300 MB)', 1e6],
  ] as const) {
    const path = join(folder, `clients-${clients}.log`)
    corpusAt(path, { lines: LINES, kind: 'http', clients, even: true })
    figures[`${name}, MiB`] = peakMemory(['total', path, '--by', 'client', '--csv'])
    say(`${name}: ${figures[`${name}, MiB`]} MiB`)
  }
  return figures
}
