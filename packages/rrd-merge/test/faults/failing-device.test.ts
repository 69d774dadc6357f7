import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rrdMerge } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { filesBelow, putTree, scratch } from '../support/tree.ts'

function makeTree(): string {
  const folder = scratch()
  for (const name of ['a', 'b', 'c'])
    putTree(folder, { [`old/${name}.rrd`]: wholeFile(), [`new/${name}.rrd`]: holed() })
  return folder
}

/** Runs the tool under strace, which makes a system call fail as a failing device does. */
const failing = (folder: string, fault: string, args: readonly string[], on = '') =>
  rrdMerge(args, {
    cwd: folder,
    within: `exec strace -f -qq -o trace.txt ${on} -e trace=${fault.split(':')[0]} -e inject=${fault} "$@"`,
  })

/** The error names the file it is about, by its whole path. */
const TARGET = /^rrd-merge: error: new\/a\.rrd: /

describe('a device that fails', () => {
  it.each([
    ['fsync:error=EIO', ['old', 'new'], TARGET],
    ['fsync:error=EIO', ['old/a.rrd', 'new/a.rrd'], TARGET],
    [
      'fsync:error=EIO',
      ['--in-place', 'old', 'new'],
      /^rrd-merge: error: a\.rrd: new\/a\.rrd\.rrd-merge-undo: /,
    ],
    // The journal and its folder are synced by then: what was written is rolled back.
    ['fsync:error=EIO:when=4', ['--in-place', 'old/a.rrd', 'new/a.rrd'], TARGET],
    ['pwrite64:error=EIO', ['old', 'new'], TARGET],
    ['pwrite64:error=ENOSPC', ['--backup', 'old', 'new'], TARGET],
    ['rename:error=EIO', ['--durability', 'none', 'old', 'new'], TARGET],
  ] as const)('on writing (%s, %j): 5, every target as before, nothing left', (fault, args, says) => {
    const folder = makeTree()
    const ran = failing(folder, fault, args)
    expect([ran.status, ran.stderr]).toEqual([5, expect.stringMatching(says)])
    expect(ran.stderr).not.toContain('internal error')
    for (const name of ['a', 'b', 'c']) {
      expect(readFileSync(join(folder, `new/${name}.rrd`)), name).toEqual(holed())
    }
    expect(filesBelow(join(folder, 'new'))).toEqual(['a.rrd', 'b.rrd', 'c.rrd'])
  })

  it('on reading: that file fails, the others are merged', () => {
    const folder = makeTree()
    const ran = failing(
      folder,
      'pread64:error=EIO:when=2+',
      ['old', 'new'],
      `-P '${join(folder, 'old/b.rrd')}'`,
    )
    expect([ran.status, ran.stderr]).toEqual([
      1,
      expect.stringMatching(/^rrd-merge: error: .*\.rrd: cannot read: /),
    ])
    expect(ran.stdout).toMatch(/^2 merged.* 1 failed/)
  })

  it.each(['each', 'batch'])('on syncing a folder (%s): 5, for the names in it may be lost', (durability) => {
    const folder = makeTree()
    const only = `-P '${join(folder, 'new')}'`
    const ran = failing(folder, 'fsync:error=EIO', ['--durability', durability, 'old', 'new'], only)
    expect(ran.status).toBe(5)
    expect(ran.stderr).toContain('new: cannot sync the folder: ')
    for (const name of ['a', 'b', 'c']) {
      expect(readFileSync(join(folder, `new/${name}.rrd`)), name).not.toEqual(holed())
    }
  })
})
