import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { pairedRatio, timeRounds } from '../../../tooling/checks/bench/rounds.ts'
import type { Ways } from './native-ways.ts'
import { CLI, rrdMerge, run } from './processes.ts'

/** Short runs are noisy: many of them. */
const ROUNDS = 31

/** `--help` against `node -e 0`, and one file of a single data source against two `rrdtool dump` of it. */
export async function startFigures(
  folder: string,
  { old, new: newer, files }: Ways,
  say: (text: string) => void,
): Promise<Record<string, number>> {
  const file = smallest(newer, files)
  const work = join(folder, 'one.rrd')
  const quiet = (): void => {}
  const nothing = (): void => {}
  const timings = await timeRounds(
    [
      { name: 'node -e 0', prepare: nothing, run: () => void run(process.execPath, ['-e', '0']) },
      { name: '--help', prepare: nothing, run: () => void run(process.execPath, [CLI, '--help']) },
      {
        name: 'merge of one file',
        prepare: () => copyFileSync(join(newer, file), work),
        run: () => void rrdMerge(join(old, file), work),
      },
      {
        name: 'two rrdtool dumps',
        prepare: nothing,
        run: () => {
          run('rrdtool', ['dump', join(old, file)])
          run('rrdtool', ['dump', join(newer, file)])
        },
      },
    ],
    ROUNDS,
    quiet,
    true,
  )
  const figures = {
    '--help / node -e 0 (<= 1.6)': Number(pairedRatio(timings, '--help', 'node -e 0').toFixed(2)),
    'merge of one file / two rrdtool dumps (< 1)': Number(
      pairedRatio(timings, 'merge of one file', 'two rrdtool dumps').toFixed(2),
    ),
  }
  say(JSON.stringify(figures))
  return figures
}

/** One data source: 385 KB. */
function smallest(folder: string, files: readonly string[]): string {
  return [...files].sort((a, b) => size(join(folder, a)) - size(join(folder, b)))[0] as string
}

const size = (path: string): number => Number(run('stat', ['-c', '%s', path]))
