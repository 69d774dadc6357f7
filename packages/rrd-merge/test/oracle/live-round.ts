import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lastRowTime, type Rrd, rrdFromBytes } from '../../src/format/index.ts'

/** What one run of a merge said. */
export interface MergeSaid {
  /** It reported updates that came too late (exit 4, or a warning with path and row times). */
  readonly reported: boolean
  /** It did not replace the file, and said so. */
  readonly gaveUp?: boolean
}

/** Merges `old` into `target`, which is being updated. */
export type MergeOnce = (old: string, target: string) => Promise<MergeSaid>

export interface RoundResult {
  readonly merges: number
  readonly reported: number
  readonly gaveUp: number
  /** Cells that are not what the acknowledged updates and OLD make them. */
  readonly wrong: number
  /** Updates that rrdtool itself refused. */
  readonly refused: number
  readonly milliseconds: number
}

export interface RoundOptions {
  readonly folder: string
  readonly updates?: number
  /** `DS:` and `RRA:` arguments of the files. */
  readonly shape?: readonly string[]
}

const STEP = 60
const START = 1_700_000_040
const OLD_ROWS = 2000

/** Room for 20,000 updates and what OLD has, so that no row is overwritten in the round. */
const SHAPE = ['DS:a:GAUGE:120:U:U', 'RRA:AVERAGE:0.5:1:24000']

const rrdtool = (...args: string[]): string =>
  execFileSync('rrdtool', args, { encoding: 'utf8', maxBuffer: 2 ** 28 })

const create = (file: string, start: number, shape: readonly string[]): void => {
  rrdtool('create', file, '--start', String(start), '--step', String(STEP), ...shape)
}

/** Runs updates through one `rrdtool -`; true for each it acknowledged. */
const runUpdates = async (lines: readonly string[]): Promise<boolean[]> => {
  const child = spawn('rrdtool', ['-'], { stdio: ['pipe', 'pipe', 'inherit'] })
  let answers = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    answers += text
  })
  child.stdin.end(`${lines.join('\n')}\n`)
  await new Promise((done) => child.once('close', done))
  return answers
    .split('\n')
    .filter((line) => /^(OK|ERROR)/.test(line))
    .map((line) => line.startsWith('OK'))
}

const values = (i: number, shape: readonly string[]): string =>
  shape.flatMap((argument, ds) => (argument.startsWith('DS:') ? [`${10_000 + i + ds}`] : [])).join(':')

const open = (file: string): Rrd => rrdFromBytes(new Uint8Array(readFileSync(file)))

/** Cells by time for each archive, so that files whose pointers differ can be compared. */
const rowsByTime = (rrd: Rrd, archive: number): Map<number, Float64Array> => {
  const { rowCount, currentRow, span } = rrd.header.archives[archive] as Rrd['header']['archives'][number]
  const width = rrd.header.dataSources.length
  const last = lastRowTime(rrd.header.archives[archive] as never, rrd.header)
  const rows = new Map<number, Float64Array>()
  for (let age = 0; age < rowCount; age += 1) {
    const row = (currentRow - age + rowCount) % rowCount
    rows.set(last - age * span, (rrd.cells[archive] as Float64Array).subarray(row * width, (row + 1) * width))
  }
  return rows
}

/** Compares with a file that nobody merged while it got the same updates, filled from OLD cell by cell. */
const countWrong = (
  merged: Rrd,
  control: Rrd,
  old: Rrd | undefined,
  skipTimes: ReadonlySet<number>,
): number => {
  let wrong = 0
  for (const [r, archive] of merged.header.archives.entries()) {
    const now = rowsByTime(merged, r)
    const fromOld = old ? rowsByTime(old, r) : new Map<number, Float64Array>()
    for (const [time, row] of rowsByTime(control, r))
      for (const [d, known] of row.entries()) {
        const expected = Number.isNaN(known) ? (fromOld.get(time)?.[d] ?? Number.NaN) : known
        if (
          !Object.is(now.get(time)?.[d] ?? Number.NaN, expected) &&
          !(archive.span === STEP && skipTimes.has(time))
        )
          wrong += 1
      }
  }
  return wrong
}

/**
 * One round: updates back to back through one `rrdtool -`, as fast as it takes them, while `merge` runs again and
 * again until they end. At least one merge comes after them, so that OLD's rows must be there.
 */
export const liveRound = async (merge: MergeOnce, options: RoundOptions): Promise<RoundResult> => {
  const { folder, updates = 20_000, shape = SHAPE } = options
  const [old, target, control] = ['old.rrd', 'new.rrd', 'control.rrd'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  create(old, START - OLD_ROWS * STEP, shape)
  await runUpdates(
    Array.from(
      { length: OLD_ROWS },
      (_, i) => `update ${old} ${START - (OLD_ROWS - 1 - i) * STEP}:${values(-i, shape)}`,
    ),
  )
  create(target, START, shape)
  copyFileSync(target, control)
  const update = (file: string, i: number): string => `update ${file} ${START + i * STEP}:${values(i, shape)}`

  const began = performance.now()
  let over = false
  const answers = runUpdates(Array.from({ length: updates }, (_, i) => update(target, i + 1))).finally(() => {
    over = true
  })
  const said: MergeSaid[] = []
  while (!over) {
    said.push(await merge(old, target))
    await new Promise((next) => setImmediate(next))
  }
  const acknowledged = await answers
  const milliseconds = performance.now() - began
  const last = await merge(old, target)

  await runUpdates(acknowledged.flatMap((ok, i) => (ok ? [update(control, i + 1)] : [])))
  const refusedTimes = new Set(acknowledged.flatMap((ok, i) => (ok ? [] : [START + (i + 1) * STEP])))
  return {
    merges: said.length,
    reported: [...said, last].filter(({ reported }) => reported).length,
    gaveUp: [...said, last].filter(({ gaveUp }) => gaveUp).length,
    wrong: countWrong(open(target), open(control), open(old), refusedTimes),
    refused: refusedTimes.size,
    milliseconds,
  }
}

/** The rule a round passes by. */
export const passes = ({ wrong, reported }: RoundResult): boolean => wrong <= 20 && wrong <= 2 + 2 * reported
