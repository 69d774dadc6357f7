import { spawnSync } from 'node:child_process'

/** A run of a file that takes no room and reads as zeros, bytes. */
export interface Hole {
  readonly offset: number
  readonly length: number
}

/** SEEK_DATA and SEEK_HOLE of lseek(2) on Linux. */
const [DATA, HOLE] = [3, 4]

const PERL = `use Errno; open(my $file, '<&=', 3) or exit 1; my ($end, $least) = @ARGV; my $at = 0;
while ($at < $end) {
  my $data = sysseek($file, $at, ${DATA});
  if (!defined $data) { exit 1 if !$!{ENXIO}; $data = $end }
  $data = $end if $data > $end;
  print $at, ' ', $data - $at, "\\n" if $data - $at >= $least;
  last if $data >= $end;
  $at = sysseek($file, $data, ${HOLE}) or exit 1;
}`

const PYTHON = `import errno, os, sys
end, least, at = int(sys.argv[1]), int(sys.argv[2]), 0
while at < end:
    try:
        data = min(os.lseek(3, at, ${DATA}), end)
    except OSError as error:
        if error.errno != errno.ENXIO:
            sys.exit(1)
        data = end
    if data - at >= least:
        print(at, data - at)
    if data >= end:
        break
    at = os.lseek(3, data, ${HOLE})`

const FINDERS: readonly (readonly [program: string, ...args: string[]])[] = [
  ['perl', '-e', PERL],
  ['python3', '-I', '-c', PYTHON],
]

/**
 * The holes of a file, ascending. Reading a hole costs as much as reading data (1 GB/s and the page cache), asking for
 * it nothing; but Node has no lseek(2), so another program asks, on the descriptor that it inherits. Its file position
 * moves: read by position only.
 *
 * @param fd open for reading
 * @param size of the file, bytes
 * @param least length of a hole that is worth knowing, bytes
 * @returns undefined where it can't be found out: no such program, or no such call
 */
export function findHoles(fd: number, size: number, least: number): readonly Hole[] | undefined {
  for (const [program, ...args] of FINDERS) {
    const { status, stdout } = spawnSync(program, [...args, String(size), String(least)], {
      stdio: ['ignore', 'pipe', 'ignore', fd],
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      encoding: 'latin1',
      maxBuffer: 2 ** 28,
    })
    if (status !== 0) continue
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [offset = 0, length = 0] = line.split(' ').map(Number)
        return { offset, length }
      })
  }
  return undefined
}
