import { copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Rrdtool } from '../src/rrdtool/index.ts'
import { freshCopy, type Ways } from './native-ways.ts'
import { CLI, peakMemory } from './processes.ts'

const MIB = 2 ** 20

/** Rows of the large file's one archive, 4 data sources: 256 MiB. */
const LARGE_ROWS = 8 * MIB

/** Peak resident memory of one large pair, and of the whole tree. Limits: 2 x the file + 64 MB, and that + node -e 0. */
export async function memoryFigures(
  folder: string,
  { old, new: newer, files }: Ways,
  say: (text: string) => void,
): Promise<Record<string, number>> {
  const large = await makeLargePair(folder)
  const bytes = statSync(large.new).size
  const bare = peakMemory(['-e', '0'])
  const pair = peakMemory([CLI, large.old, large.new])
  const work = join(folder, 'work')
  freshCopy(newer, work)
  const tree = peakMemory([CLI, old, work])
  const largest = Math.max(...files.map((file) => statSync(join(newer, file)).size))
  const figures = {
    'large file, MiB': mib(bytes),
    'one large pair, MiB': mib(pair),
    'limit for it (2 x file + 64), MiB': mib(2 * bytes) + 64,
    'node -e 0, MiB': mib(bare),
    'tree, MiB': mib(tree),
    'limit for it (2 x its largest file + 64 + node), MiB': mib(2 * largest + bare) + 64,
  }
  say(JSON.stringify(figures))
  return figures
}

async function makeLargePair(folder: string): Promise<{ old: string; new: string }> {
  const rrdtool = new Rrdtool()
  const pair = { old: join(folder, 'large-old.rrd'), new: join(folder, 'large-new.rrd') }
  const definition = {
    step: 1,
    ds: ['a', 'b', 'c', 'd'].map((ds) => `DS:${ds}:GAUGE:60:U:U`),
    rra: [`RRA:AVERAGE:0.5:1:${LARGE_ROWS}`],
  }
  await rrdtool.create(pair.new, { ...definition, start: 1_700_000_000 })
  copyFileSync(pair.new, pair.old)
  await rrdtool.update(pair.old, ['1700000010:1:2:3:4', '1700000020:1:2:3:4'])
  await rrdtool.update(pair.new, ['1700000030:1:U:3:4', '1700000040:1:U:3:4'])
  await rrdtool.close()
  return pair
}

const mib = (bytes: number): number => Math.round(bytes / MIB)
