import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { rrdMerge } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { putTree, scratch } from '../support/tree.ts'

/**
 * A small file system at disk/ for the run, with new/ copied into it and filled to the last page; afterwards what is on
 * it is copied to after/.
 */
const SMALL_DISK = `
  mkdir disk && mount -t tmpfs -o size=$DISK_SIZE tmpfs disk && cp -a new disk/ &&
  if [ -n "$FILL" ]; then head -c 10000000 /dev/zero > disk/filling 2> filled.txt; fi
  "$@"; code=$?; rm -f disk/filling; cp -a disk/. after/; exit $code`

const onSmallDisk = (folder: string, args: readonly string[], env: Record<string, string>) =>
  rrdMerge(args, { cwd: folder, namespace: true, within: SMALL_DISK, env: { DISK_SIZE: '400k', ...env } })

const names = (folder: string): string[] =>
  execFileSync('find', ['.', '-type', 'f'], { cwd: folder, encoding: 'utf8' }).trim().split('\n').sort()

it.each<[string[]]>([
  [['old', 'disk/new']],
  [['--durability', 'batch', 'old', 'disk/new']],
  [['--durability', 'none', '--jobs', '2', 'old', 'disk/new']],
  [['--backup', 'old', 'disk/new']],
  [['--in-place', 'old', 'disk/new']],
  [['old/a.rrd', 'disk/new/a.rrd']],
  [['old', 'new', '-o', 'disk/new/out']],
])('a full disk: %j leaves the target as it was, says so, and ends in 5', (args) => {
  const folder = scratch()
  for (const name of ['a', 'b', 'c']) {
    putTree(folder, { [`old/${name}.rrd`]: wholeFile(), [`new/${name}.rrd`]: holed(), 'after/x': '' })
  }
  const ran = onSmallDisk(folder, args, { FILL: '1' })
  expect([ran.status, ran.stderr]).toEqual([5, expect.stringMatching(/no space left/i)])
  for (const name of ['a', 'b', 'c'])
    expect(readFileSync(join(folder, `after/new/${name}.rrd`))).toEqual(holed())
  expect(names(join(folder, 'after'))).toEqual(['./new/a.rrd', './new/b.rrd', './new/c.rrd', './x'])
})

it('a disk that fills up in mid-tree: what fits is merged, the rest is as it was', () => {
  const folder = scratch()
  const files = Array.from({ length: 40 }, (_, index) => `${index}.rrd`)
  for (const name of files) putTree(folder, { [`old/${name}`]: wholeFile(), 'new/x.txt': '', 'after/x': '' })
  // Copies of 40 files of two pages each do not fit into 40 pages.
  const ran = onSmallDisk(folder, ['--json', 'old', 'disk/new'], { DISK_SIZE: '160k' })
  const { totals } = JSON.parse(ran.stdout) as { totals: { copied: number; failed: number } }
  expect(ran.status).toBe(5)
  expect(totals.copied).toBeGreaterThan(5)
  expect(totals.failed).toBe(40 - totals.copied)
  const made = names(join(folder, 'after/new')).filter((name) => name !== './x.txt')
  expect(made).toHaveLength(totals.copied)
  for (const name of made) expect(readFileSync(join(folder, 'after/new', name))).toEqual(wholeFile())
})

it('a read-only file system: 5 and nothing changed; what has nothing to be done is no failure', () => {
  const folder = putTree(scratch(), {
    'old/a.rrd': wholeFile(),
    'new/a.rrd': holed(),
    'old/b.rrd': wholeFile(),
  })
  putTree(folder, { 'new/b.rrd': wholeFile() })
  const within = 'mount --bind new new && mount -o remount,ro,bind new && exec "$@"'
  for (const args of [
    ['old', 'new'],
    ['--in-place', 'old', 'new'],
    ['old/a.rrd', 'new/a.rrd'],
  ]) {
    const ran = rrdMerge(args, { cwd: folder, namespace: true, within })
    expect([args, ran.status, ran.stderr]).toEqual([args, 5, expect.stringMatching(/a\.rrd: .*read-only/)])
    expect(ran.stderr).not.toContain('b.rrd')
  }
  expect(rrdMerge(['old/b.rrd', 'new/b.rrd'], { cwd: folder, namespace: true, within }).status).toBe(0)
  expect(readFileSync(join(folder, 'new/a.rrd'))).toEqual(holed())
})
