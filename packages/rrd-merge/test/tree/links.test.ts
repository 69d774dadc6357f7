import { linkSync, lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mergeJson, rrdMerge } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { listing, putTree, scratch } from '../support/tree.ts'

const codes = (file: { warnings: readonly { code: string }[] } | undefined): string[] =>
  (file?.warnings ?? []).map(({ code }) => code)

describe('links of a tree', () => {
  const makeLinks = (): string => {
    const folder = scratch()
    putTree(folder, { 'outside/x.rrd': holed(1), 'old/sub/a.rrd': wholeFile(), 'new/sub/a.rrd': holed(1) })
    putTree(folder, {
      'old/file.rrd': wholeFile(),
      'old/out.rrd': wholeFile(),
      'old/dangling.rrd': wholeFile(),
    })
    putTree(folder, { 'old/dir/a.rrd': wholeFile() })
    symlinkSync('sub/a.rrd', join(folder, 'new/file.rrd'))
    symlinkSync('../outside/x.rrd', join(folder, 'new/out.rrd'))
    symlinkSync('nowhere', join(folder, 'new/dangling.rrd'))
    symlinkSync('..', join(folder, 'new/sub/loop.rrd'))
    symlinkSync('sub', join(folder, 'new/dir'))
    return folder
  }

  it('are left and told', () => {
    const folder = makeLinks()
    const outside = listing(join(folder, 'outside'))
    const ran = mergeJson(['old', 'new'], { cwd: folder })
    const told = Object.fromEntries(ran.files.map((file) => [file.path, [file.status, ...codes(file)]]))
    expect(told).toMatchObject({
      'dangling.rrd': ['skipped', 'symlink'],
      // What lies in OLD below a name that is a link in NEW has no folder to go to.
      'dir/a.rrd': ['skipped', 'symlink'],
      'file.rrd': ['skipped', 'symlink'],
      'out.rrd': ['skipped', 'symlink'],
      'sub/a.rrd': ['merged'],
      'sub/loop.rrd': ['skipped', 'symlink'],
    })
    expect(listing(join(folder, 'outside'))).toEqual(outside)
    expect(lstatSync(join(folder, 'new/file.rrd')).isSymbolicLink()).toBe(true)
    expect(readFileSync(join(folder, 'new/sub/a.rrd'))).toEqual(wholeFile())
  })

  it('are followed within the tree with --follow-symlinks', () => {
    const folder = makeLinks()
    const outside = listing(join(folder, 'outside'))
    const ran = mergeJson(['--follow-symlinks', 'old', 'new'], { cwd: folder })
    const told = Object.fromEntries(ran.files.map((file) => [file.path, [file.status, ...codes(file)]]))
    expect(told).toMatchObject({
      'dangling.rrd': ['skipped', 'symlink-outside'],
      'out.rrd': ['skipped', 'symlink-outside'],
      // One file by three names: merged once, at the same time each would replace it under the others.
      'sub/a.rrd': ['merged'],
      'file.rrd': ['skipped', 'symlink-duplicate'],
      'dir/a.rrd': ['skipped', 'symlink-duplicate'],
    })
    expect(listing(join(folder, 'outside'))).toEqual(outside)
    expect(lstatSync(join(folder, 'new/file.rrd')).isSymbolicLink()).toBe(true)
    expect(readFileSync(join(folder, 'new/sub/a.rrd'))).toEqual(wholeFile())
  })

  it('fill the file they lead to where an OLD has only their name', () => {
    const folder = putTree(scratch(), { 'old/link.rrd': wholeFile(), 'new/real.rrd': holed() })
    symlinkSync('real.rrd', join(folder, 'new/link.rrd'))
    expect(rrdMerge(['--follow-symlinks', 'old', 'new'], { cwd: folder }).status).toBe(0)
    expect(readFileSync(join(folder, 'new/real.rrd'))).toEqual(wholeFile())
    expect(lstatSync(join(folder, 'new/link.rrd')).isSymbolicLink()).toBe(true)
  })
})

describe('hard links', () => {
  it('are broken with a warning, and kept with --in-place', () => {
    for (const [args, links, warning] of [
      [[], 1, 'hardlink-broken'],
      [['--in-place'], 2, undefined],
    ] as const) {
      const folder = putTree(scratch(), { 'old/a.rrd': wholeFile(), 'new/a.rrd': holed() })
      linkSync(join(folder, 'new/a.rrd'), join(folder, 'other'))
      const { ino } = statSync(join(folder, 'new/a.rrd'))
      const ran = mergeJson([...args, 'old', 'new'], { cwd: folder })
      expect(codes(ran.files[0])).toEqual(warning ? [warning] : [])
      const after = statSync(join(folder, 'new/a.rrd'))
      expect([after.nlink, after.ino === ino]).toEqual([links, links === 2])
      expect(readFileSync(join(folder, 'new/a.rrd'))).toEqual(wholeFile())
      expect(readFileSync(join(folder, 'other'))).toEqual(links === 2 ? wholeFile() : holed())
    }
  })

  it('between OLD and NEW leave nothing to do', () => {
    const folder = putTree(scratch(), {
      'old/a.rrd': holed(),
      'new/b.rrd': holed(),
      'old/b.rrd': wholeFile(),
    })
    linkSync(join(folder, 'old/a.rrd'), join(folder, 'new/a.rrd'))
    const ran = mergeJson(['old', 'new'], { cwd: folder })
    expect(ran.files.map((file) => [file.status, ...codes(file)])).toEqual([
      ['unchanged', 'same-file'],
      ['merged'],
    ])
    expect(ran.status).toBe(0)
  })
})
