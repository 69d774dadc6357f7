/**
 * qcow2-check against qemu-img, in one run: `npm run bench`, after a build. Ratios are medians of the rounds' own ratios;
 * raw figures are written to bench/results/.
 *
 * BENCH_ROUNDS (7), BENCH_SLOW_ROUNDS (2), BENCH_FOLDER.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, release, tmpdir, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { type Method, pairedRatio, type Timings, timeRounds } from '../../../tooling/checks/bench/rounds.ts'
import { type Images, makeImages } from './images.ts'
import { bytesRead, CLI, end, peakMemory, qcow2Check, run } from './processes.ts'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7)
const SLOW_ROUNDS = Number(process.env.BENCH_SLOW_ROUNDS ?? 2)
/** Short runs are noisy: many of them. */
const START_ROUNDS = 31

const say = (text: string): void => console.error(text)
const nothing = (): void => {}
const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'qcow2-check-bench-'))
const timings: Record<string, Record<string, readonly number[]>> = {}
const ratios: Record<string, number> = {}

/** Times pairs and notes the ratio of the first to the second, under a name that says what it is held to. */
async function pair(
  name: string,
  first: Method,
  second: Method,
  rounds: number,
  warmUp = true,
): Promise<void> {
  const taken: Timings = await timeRounds([first, second], rounds, say, warmUp)
  timings[name] = { ...timings[name], ...Object.fromEntries(taken) }
  ratios[name] = Number(pairedRatio(taken, first.name, second.name).toFixed(2))
  say(`${name}: ${ratios[name]}`)
}

const ours = (path: string): Method => ({
  name: 'qcow2-check',
  prepare: nothing,
  run: () => void qcow2Check(path),
})
const theirs = (path: string): Method => ({
  name: 'qemu-img check',
  prepare: nothing,
  run: () => void run('qemu-img', ['check', path]),
})
const tuned = (path: string): Method => ({
  name: 'qemu-img check, refcount-cache-size=64M',
  prepare: nothing,
  run: () =>
    void run('qemu-img', [
      'check',
      '--image-opts',
      `driver=qcow2,refcount-cache-size=64M,file.filename=${path}`,
    ]),
})

async function checks(images: Images): Promise<void> {
  await pair('100 GiB contiguous', theirs(images.contiguous), ours(images.contiguous), ROUNDS)
  await pair(
    '100 GiB fragmented (>= 150)',
    theirs(images.fragmented),
    ours(images.fragmented),
    SLOW_ROUNDS,
    false,
  )
  await pair(
    '100 GiB fragmented, tuned cache (>= 1)',
    tuned(images.fragmented),
    ours(images.fragmented),
    ROUNDS,
  )
  await pair('1 TiB contiguous (>= 3)', theirs(images.terabyte), ours(images.terabyte), ROUNDS)
  await pair('1 TiB contiguous, tuned cache', tuned(images.terabyte), ours(images.terabyte), ROUNDS)
  await pair('40 GiB, clusters of 4k (>= 6)', theirs(images.small), ours(images.small), ROUNDS)
  await pair('40 GiB, clusters of 4k, tuned cache', tuned(images.small), ours(images.small), ROUNDS)
  await pair('100 GiB, 8 snapshots (>= 3)', theirs(images.snapshots), ours(images.snapshots), ROUNDS)
  await pair('100 GiB, 8 snapshots, tuned cache', tuned(images.snapshots), ours(images.snapshots), ROUNDS)
}

async function fleet({ fleet: files }: Images): Promise<void> {
  const all = { name: 'qcow2-check', prepare: nothing, run: () => void qcow2Check('-q', ...files) }
  const list = join(folder, 'fleet.list')
  writeFileSync(list, files.map((file) => `${file}\0`).join(''))
  const jobs = String(cpus().length)
  const xargs = {
    name: `xargs -P${jobs} qemu-img check`,
    prepare: nothing,
    run: () => void run('xargs', ['-0', '-a', list, '-n1', `-P${jobs}`, 'qemu-img', 'check', '-q']),
  }
  await pair('400 small images (>= 4.5)', xargs, all, ROUNDS)
}

async function repairs({ leaks, halfDeleted }: Images): Promise<void> {
  await repair('1.6M leaked refcounts (>= 100)', leaks)
  await repair('1.6M refcounts of 2, COPIED missing', halfDeleted)
}

async function repair(name: string, image: string): Promise<void> {
  const work = join(folder, 'work.qcow2')
  const undo = join(folder, 'work.undo')
  const prepare = (): void => {
    rmSync(undo, { force: true })
    run('cp', ['--sparse=always', image, work])
    run('sync', [])
  }
  /** A fast repair that leaves something is none. */
  const verify = (): void => void run('qemu-img', ['check', '-q', work])
  const qemu = {
    name: 'qemu-img check -r all',
    prepare,
    verify,
    run: () => void end('qemu-img', ['check', '-r', 'all', work]),
  }
  const ours = {
    name: 'qcow2-check repair',
    prepare,
    verify,
    run: () => void qcow2Check('repair', work, '--undo-file', undo),
  }
  await pair(name, qemu, ours, SLOW_ROUNDS, false)
}

async function starts({ tiny }: Images): Promise<void> {
  const bare = { name: 'node -e 0', prepare: nothing, run: () => void run(process.execPath, ['-e', '0']) }
  await pair('a tiny image / node -e 0 (<= 1.6)', ours(tiny), bare, START_ROUNDS)
  const help = { name: '--help', prepare: nothing, run: () => void qcow2Check('--help') }
  await pair('--help / node -e 0 (<= 1.6)', help, bare, START_ROUNDS)
}

function amounts({ terabyte }: Images): Record<string, number> {
  const mib = (bytes: number): number => Number((bytes / 2 ** 20).toFixed(1))
  const bare = peakMemory(['-e', '0'])
  const whole = peakMemory([CLI, terabyte])
  const read = bytesRead([CLI, terabyte], terabyte)
  // L1, L2 and refcount tables, refcount blocks and the header: all that the file holds.
  const metadata = Number(run('stat', ['-c', '%b', terabyte])) * 512
  return {
    'node -e 0, MiB': mib(bare),
    '1 TiB, MiB': mib(whole),
    'more than node, MiB (<= 24)': mib(whole - bare),
    'metadata of 1 TiB, MiB': mib(metadata),
    'read of it, MiB': mib(read),
    'read / metadata (<= 1.05)': Number((read / metadata).toFixed(3)),
  }
}

async function main(): Promise<void> {
  const images = makeImages(folder, say)
  await checks(images)
  await fleet(images)
  await starts(images)
  await repairs(images)
  const report = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    node: process.version,
    qemu: /version (\S+)/.exec(run('qemu-img', ['--version']))?.[1] ?? '',
    ratios,
    amounts: amounts(images),
    milliseconds: timings,
  }
  const target = new URL(`results/${report.date}.json`, import.meta.url).pathname
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, `${JSON.stringify(report, null, 2)}\n`)
  console.log(JSON.stringify({ ratios, amounts: report.amounts }, null, 2))
  say(`written to ${target}`)
}

try {
  await main()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
