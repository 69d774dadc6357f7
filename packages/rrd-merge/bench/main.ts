/**
 * rrd-merge against what operators use today, in one run: `npm run bench`. Ratios are medians of the rounds' own
 * ratios; raw figures are written to bench/results/.
 *
 * BENCH_PAIRS (500), BENCH_ROUNDS (5), BENCH_SLOW_ROUNDS (1), BENCH_FOLDER.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, release, tmpdir, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import {
  type Method,
  median,
  pairedRatio,
  type Timings,
  timeRounds,
} from '../../../tooling/checks/bench/rounds.ts'
import { makeCorpus } from './corpus.ts'
import { memoryFigures } from './memory.ts'
import {
  createFromSources,
  dumpEditRestore,
  dumpRestore,
  freshCopy,
  replaceUnmerged,
  restoreOnly,
  type Ways,
  writeAndSync,
} from './native-ways.ts'
import { rrdMerge, run } from './processes.ts'
import { startFigures } from './start.ts'

const PAIRS = Number(process.env.BENCH_PAIRS ?? 500)
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5)
const SLOW_ROUNDS = Number(process.env.BENCH_SLOW_ROUNDS ?? 1)

const say = (text: string): void => console.error(text)
const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'rrd-merge-bench-'))
async function main(): Promise<void> {
  const { files, bytesPerSide } = await makeCorpus(folder, PAIRS)
  const ways: Ways = { old: join(folder, 'old'), new: join(folder, 'new'), out: join(folder, 'out'), files }
  const work = join(folder, 'work')
  say(`${files.length} pairs, ${(bytesPerSide / 1e6).toFixed(0)} MB a side`)

  const merge = (name: string, durability: string): Method => ({
    name,
    prepare: () => freshCopy(ways.new, work),
    run: () => void rrdMerge('--durability', durability, ways.old, work),
    verify: () => expectMerged(ways, work),
  })
  const onto = (name: string, action: () => void): Method => ({
    name,
    prepare: () => {
      rmSync(ways.out, { recursive: true, force: true })
      run('sync', [])
    },
    run: action,
  })
  const mergeOnto = (name: string, durability: string): Method => ({
    ...onto(name, () => void rrdMerge('--durability', durability, ways.old, ways.new, '-o', ways.out)),
    verify: () => expectMerged(ways, ways.out),
  })
  const floor = (name: string, durability: 'none' | 'each'): Method => ({
    name,
    prepare: () => freshCopy(ways.new, work),
    run: () => replaceUnmerged(ways.old, work, durability),
  })
  const floorOnto = (name: string, durability: 'none' | 'each'): Method =>
    onto(name, () => replaceUnmerged(ways.old, ways.new, durability, ways.out))
  const fast = await timeRounds(
    [
      merge('rrd-merge, fsync each', 'each'),
      onto('cp -a; sync', () => {
        run('cp', ['-a', ways.new, ways.out])
        run('sync', [])
      }),
      merge('rrd-merge, folders at the end', 'batch'),
      mergeOnto('rrd-merge -o OUT, fsync each', 'each'),
      onto('write + fsync each, no merge', () => writeAndSync(ways)),
      floor('read both, replace NEW with fsync, no merge', 'each'),
      floorOnto('read both, write OUT with fsync, no merge', 'each'),
      merge('rrd-merge, no fsync', 'none'),
      mergeOnto('rrd-merge -o OUT, no fsync', 'none'),
      floor('read both, replace NEW, no merge', 'none'),
      floorOnto('read both, write OUT, no merge', 'none'),
      onto('cp -a', () => void run('cp', ['-a', ways.new, ways.out])),
      {
        name: 'rrd-merge, nothing to do',
        prepare: () => {
          freshCopy(ways.new, work)
          rrdMerge(ways.old, work)
        },
        run: () => void rrdMerge(ways.old, work),
      },
    ],
    ROUNDS,
    say,
    true,
  )
  const dumps = join(folder, 'dumps')
  makeDumps(ways, dumps)
  const slow = await timeRounds(
    [
      merge('rrd-merge, fsync each', 'each'),
      onto('rrdtool create --template --source', () => createFromSources(ways)),
      onto('rrdtool restore alone', () => restoreOnly(ways, dumps)),
      onto('dump, dump | restore, no edit', () => dumpRestore(ways)),
      onto('dump | edit | restore', () => dumpEditRestore(ways)),
    ],
    SLOW_ROUNDS,
    say,
  )
  const report = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} x ${cpus()[0]?.model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}`,
    node: process.version,
    rrdtool: run('rrdtool', ['--version']).split(' ')[1],
    corpus: { pairs: files.length, bytesPerSide },
    ratios: ratios(fast, slow),
    start: await startFigures(folder, ways, say),
    memory: await memoryFigures(folder, ways, say),
    milliseconds: { fast: Object.fromEntries(fast), slow: Object.fromEntries(slow) },
  }
  const target = new URL(`results/${report.date}.json`, import.meta.url).pathname
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, `${JSON.stringify(report, null, 2)}\n`)
  console.log(JSON.stringify({ ratios: report.ratios, start: report.start, memory: report.memory }, null, 2))
  say(`written to ${target}`)
}

function ratios(fast: Timings, slow: Timings): Record<string, number> {
  const durable = 'rrd-merge, fsync each'
  const times = (timings: Timings, of: string, against: string): number =>
    Number(pairedRatio(timings, of, against).toFixed(2))
  const against = (copy: string, floor: string) => ({ [`${floor} / ${copy}`]: times(fast, floor, copy) })
  return {
    'dump | edit | restore / rrd-merge (>= 100)': times(slow, 'dump | edit | restore', durable),
    'dump, dump | restore, no edit / rrd-merge (>= 50)': times(
      slow,
      'dump, dump | restore, no edit',
      durable,
    ),
    'rrdtool create --source / rrd-merge (>= 8)': times(slow, 'rrdtool create --template --source', durable),
    'rrdtool restore alone / rrd-merge (>= 20)': times(slow, 'rrdtool restore alone', durable),
    'rrd-merge, fsync each / cp -a; sync (<= 2)': times(fast, durable, 'cp -a; sync'),
    'rrd-merge -o OUT, fsync each / cp -a; sync (<= 2)': times(
      fast,
      'rrd-merge -o OUT, fsync each',
      'cp -a; sync',
    ),
    'write + fsync each, no merge / cp -a; sync': times(fast, 'write + fsync each, no merge', 'cp -a; sync'),
    ...against('cp -a; sync', 'read both, replace NEW with fsync, no merge'),
    ...against('cp -a; sync', 'read both, write OUT with fsync, no merge'),
    'rrd-merge, no fsync / cp -a (<= 2)': times(fast, 'rrd-merge, no fsync', 'cp -a'),
    'rrd-merge -o OUT, no fsync / cp -a (<= 2)': times(fast, 'rrd-merge -o OUT, no fsync', 'cp -a'),
    ...against('cp -a', 'read both, replace NEW, no merge'),
    ...against('cp -a', 'read both, write OUT, no merge'),
    'median seconds, fsync each': Number((median(fast.get(durable) ?? []) / 1000).toFixed(3)),
  }
}

function makeDumps({ new: newer, files }: Ways, dumps: string): void {
  for (const file of files) {
    const target = join(dumps, `${file}.xml`)
    mkdirSync(dirname(target), { recursive: true })
    run('rrdtool', ['dump', join(newer, file), target])
  }
}

/** A few files against rrdtool itself: what was timed did the work. */
function expectMerged({ old, new: newer, files }: Ways, work: string): void {
  for (const file of [files[0], files.at(-1)] as string[]) {
    const [before, after] = [join(newer, file), join(work, file)].map((path) => unknowns(path)) as [
      number,
      number,
    ]
    if (after >= before)
      throw new Error(`${file}: ${after} unknown values after the merge, ${before} before; OLD is ${old}`)
  }
}

const unknowns = (path: string): number => run('rrdtool', ['dump', path]).split('<v>NaN</v>').length - 1

try {
  await main()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
