/**
 * haproxy-bytes total against what operators use today, in one run: `npm run bench`. Ratios are medians of the rounds'
 * own ratios; raw figures are written to bench/results/.
 *
 * BENCH_LINES (6,000,000), BENCH_ROUNDS (7), BENCH_FOLDER (its logs are kept there for the next run), BENCH_CLI.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import {
  type Method,
  median,
  pairedRatio,
  type Timings,
  timeRounds,
} from '../../../tooling/checks/bench/rounds.ts'
import { type Corpus, CUSTOM_FORMAT, corpusAt } from './corpus.ts'
import { memoryFigures } from './memory.ts'
import { cpuSeconds, run, totalOf } from './processes.ts'

const LINES = Number(process.env.BENCH_LINES ?? 6_000_000)
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7)
/** Those that take seconds. */
const FEW_ROUNDS = Math.min(ROUNDS, 3)

/** Of the day of the corpus. */
const WINDOW = '--since 2026-11-21T12:00 --until 2026-11-21T12:05'

const say = (text: string): void => console.error(text)
const kept = process.env.BENCH_FOLDER
const folder = kept ?? mkdtempSync(join(tmpdir(), 'haproxy-bytes-bench-'))
const file = (name: string): string => join(folder, name)

async function main(): Promise<void> {
  say('writing logs')
  const http = corpusAt(file('http.log'), { lines: LINES, kind: 'http' })
  const custom = corpusAt(file('custom.log'), { lines: LINES, kind: 'custom' })
  const pieces = ['a', 'b'].map((name, number) => ({
    name,
    ...corpusAt(file(`${name}.log`), { lines: LINES / 8, kind: 'http', seed: 6 + number }),
  }))
  for (const { name } of pieces) {
    const log = file(`${name}.log`)
    if (!existsSync(`${log}.gz`)) run('gzip', ['-k', log])
    if (!existsSync(`${log}.zst`)) run('zstd', ['-q', '-k', log])
  }
  say(`${http.lines} lines, ${(http.bytes / 1e9).toFixed(2)} GB`)
  const proof = proveTotals(http)

  const halog = (mode: string): Method => ({
    name: `halog ${mode}`,
    prepare: () => {},
    run: () => void run('sh', ['-c', `halog ${mode} < "${file('http.log')}"`]),
  })
  const shell = (name: string, command: string): Method => ({
    name,
    prepare: () => {},
    run: () => void run('sh', ['-c', command]),
  })
  const total = (name: string, { sum }: Corpus, names: readonly string[], ...args: string[]): Method => {
    let told = 0n
    return {
      name,
      prepare: () => {},
      run: () => {
        told = totalOf([...names.map(file), ...args])
      },
      verify: () => {
        if (told !== sum) throw new Error(`${name}: ${told} bytes, not ${sum}`)
      },
    }
  }
  const both: Corpus = {
    lines: pieces.reduce((all, { lines }) => all + lines, 0),
    bytes: pieces.reduce((all, { bytes }) => all + bytes, 0),
    sum: pieces.reduce((all, { sum }) => all + sum, 0n),
  }
  const list = (ending: string): string => pieces.map(({ name }) => `"${file(name)}.${ending}"`).join(' ')
  const fast = await timeRounds(
    [
      total('total, 2 threads', http, ['http.log'], '--threads', '2'),
      halog('-srv'),
      total('total, 1 thread', http, ['http.log'], '--threads', '1'),
      total(
        'total --by backend,server, 2 threads',
        http,
        ['http.log'],
        '--by',
        'backend,server',
        '--threads',
        '2',
      ),
      total('total, custom log-format', custom, ['custom.log'], '--format', CUSTOM_FORMAT),
      shell('a window of 5 minutes', `"$NODE" "$CLI" total ${WINDOW} "${file('http.log')}"`),
      shell('the same without a search', `"$NODE" "$CLI" total ${WINDOW} --no-seek "${file('http.log')}"`),
      shell('node -e 0', '"$NODE" -e 0'),
      shell('wc -l', `wc -l < "${file('http.log')}"`),
      total('total, 2 x gz', both, ['a.log.gz', 'b.log.gz']),
      shell('gzip -dc | wc -l', `gzip -dc ${list('log.gz')} | wc -l`),
      total('total, 2 x zst', both, ['a.log.zst', 'b.log.zst']),
      shell('zstd -dc | wc -l', `zstd -dcq ${list('log.zst')} | wc -l`),
    ],
    ROUNDS,
    say,
    true,
  )
  const slow = await timeRounds(
    [total('total, 2 threads', http, ['http.log'], '--threads', '2'), halog('-ubt')],
    FEW_ROUNDS,
    say,
  )
  const report = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} x ${cpus()[0]?.model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}`,
    /** Of the minutes before: other work on the machine shows here. */
    load: loadavg(),
    node: process.version,
    haproxy: run('haproxy', ['-v']).split(' ')[2],
    corpus: { lines: http.lines, bytes: http.bytes, customBytes: custom.bytes, compressedBytes: both.bytes },
    proof,
    ratios: ratios(fast, slow, custom.bytes / http.bytes),
    processorSeconds: processorSeconds(),
    memory: memoryFigures(folder, say),
    milliseconds: { fast: Object.fromEntries(fast), slow: Object.fromEntries(slow) },
  }
  const target = new URL(`results/${report.date}.json`, import.meta.url).pathname
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, `${JSON.stringify(report, null, 2)}\n`)
  console.log(JSON.stringify({ ...report, milliseconds: undefined }, null, 2))
  say(`written to ${target}`)
}

/** Every program that tells bytes tells the same. */
function proveTotals({ sum, lines }: Corpus): Record<string, string> {
  const log = file('http.log')
  const awk = run('sh', ['-c', `awk '{s+=$12} END {printf "%.0f %d", s, NR}' "${log}"`])
  const url = run('sh', ['-c', `halog -ubt < "${log}" | awk '!/^#/ {s+=$8} END {printf "%.0f", s}'`])
  const own = String(totalOf([log]))
  for (const told of [awk.split(' ')[0], url, own])
    if (told !== String(sum)) throw new Error(`${told} bytes are not ${sum}`)
  return { generator: `${sum} ${lines}`, awk, 'halog -ubt': url, 'haproxy-bytes': own }
}

function ratios(fast: Timings, slow: Timings, custom: number): Record<string, number> {
  const times = (timings: Timings, of: string, against: string): number => pairedRatio(timings, of, against)
  const rounded = (value: number): number => Number(value.toFixed(2))
  return {
    'halog -srv / total, 2 threads (>= 2.2)': rounded(times(fast, 'halog -srv', 'total, 2 threads')),
    'halog -ubt / total, 2 threads (>= 5)': rounded(times(slow, 'halog -ubt', 'total, 2 threads')),
    'halog -srv / total, 1 thread (>= 1.5)': rounded(times(fast, 'halog -srv', 'total, 1 thread')),
    'halog -srv / total, custom log-format, per byte of log (>= 0.7)': rounded(
      times(fast, 'halog -srv', 'total, custom log-format') * custom,
    ),
    'total, 2 x gz / gzip -dc | wc -l (<= 0.6)': rounded(times(fast, 'total, 2 x gz', 'gzip -dc | wc -l')),
    'total, 2 x zst / zstd -dc | wc -l (<= 1.25)': rounded(times(fast, 'total, 2 x zst', 'zstd -dc | wc -l')),
    'no search / a window of 5 minutes, net of node -e 0 (>= 20)': rounded(
      net(fast, 'the same without a search') / net(fast, 'a window of 5 minutes'),
    ),
    'total, 2 threads / wc -l': rounded(times(fast, 'total, 2 threads', 'wc -l')),
    'median seconds, 2 threads': rounded(median(fast.get('total, 2 threads') ?? []) / 1000),
  }
}

/** Median beyond the start of Node, ms. */
const net = (timings: Timings, name: string): number =>
  median(timings.get(name) ?? []) - median(timings.get('node -e 0') ?? [])

/** What a busy machine doesn't blur: user and system time, the least of some runs. */
function processorSeconds(): Record<string, number> {
  const log = file('http.log')
  const least = (command: string): number =>
    Math.min(...Array.from({ length: FEW_ROUNDS }, () => cpuSeconds(command)))
  return {
    'halog -srv': least(`halog -srv < "${log}" > /dev/null`),
    'halog -ubt': least(`halog -ubt < "${log}" > /dev/null`),
    'total, 1 thread': least(`"$NODE" "$CLI" total "${log}" --threads 1 > /dev/null`),
    'total, 2 threads': least(`"$NODE" "$CLI" total "${log}" --threads 2 > /dev/null`),
    'wc -l': least(`wc -l < "${log}" > /dev/null`),
  }
}

try {
  await main()
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true, force: true })
}
