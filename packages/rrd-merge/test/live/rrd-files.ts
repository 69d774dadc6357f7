import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Rrd, rowTime, rrdFromBytes } from '../../src/format/index.ts'

export const START = 1_700_000_040
export const STEP = 60

/** A folder of its own for one test. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'rrd-merge-live-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const rrdtool = (...args: string[]): string =>
  execFileSync('rrdtool', args, { encoding: 'utf8', stdio: 'pipe' })

export const SHAPE = ['DS:a:GAUGE:120:U:U', 'RRA:AVERAGE:0.5:1:50', 'RRA:MAX:0.5:5:20']

export const createRrd = (file: string, shape: readonly string[] = SHAPE): string => {
  rrdtool('create', file, '--start', String(START), '--step', String(STEP), ...shape)
  return file
}

/** The n-th update of a file made by `createRrd`: value n. */
export const update = (file: string, n: number): void => {
  rrdtool('update', file, `${START + n * STEP}:${n}`)
}

export const openRrd = (file: string): Rrd => rrdFromBytes(new Uint8Array(readFileSync(file)))

/** Known cells of an archive's first data source, by the update's number. */
export const knownRows = (file: string, archive = 0): Record<number, number> => {
  const rrd = openRrd(file)
  const rra = rrd.header.archives[archive] as Rrd['header']['archives'][number]
  const width = rrd.header.dataSources.length
  const rows: Record<number, number> = {}
  for (let row = 0; row < rra.rowCount; row += 1) {
    const value = rrd.cells[archive]?.[row * width] as number
    if (!Number.isNaN(value)) rows[(rowTime(rra, rrd.header, row) - START) / STEP] = value
  }
  return rows
}

/** Perl's fcntl, since Node has none: takes a lock, says so, and keeps it until its input ends. */
const LOCKER = `
use Fcntl;
my ($file, $command, $type, $times) = @ARGV;
open(my $handle, '+<', $file) or die $!;
for my $at (0 .. $times - 1) {
  my $whole = $times == 1;
  my $lock = pack('s s x![l!] l! l! i x4', $type, 0, $whole ? 0 : 2 * $at, $whole ? 0 : 1, 0);
  fcntl($handle, $command, $lock) or die "lock: $!";
}
$| = 1;
print "held\\n";
<STDIN>;
`

const COMMANDS = { posix: 6, ofd: 37 } as const
const TYPES = { read: 0, write: 1 } as const

export interface Locker {
  readonly pid: number
  /** Unlocks; resolves when it is done. */
  release(): Promise<void>
}

/** Another process that locks the file: all of it, or `times` single bytes. */
export const lockFile = async (
  file: string,
  kind: keyof typeof COMMANDS,
  access: keyof typeof TYPES,
  times = 1,
): Promise<Locker> => {
  const args = ['-e', LOCKER, file, String(COMMANDS[kind]), String(TYPES[access]), String(times)]
  const child = spawn('perl', args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  onTestFinished(async () => {
    child.stdin.end()
    await ended
  })
  await new Promise<void>((held, failed) => {
    child.stdout.once('data', () => held())
    child.once('close', () => failed(new Error('the locker ended')))
  })
  return {
    pid: child.pid as number,
    release: async () => {
      child.stdin.end()
      await ended
    },
  }
}
