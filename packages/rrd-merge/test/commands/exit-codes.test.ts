import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mergeJson, type RunOptions, rrdMerge, STRANGER } from '../support/cli.ts'
import { HOLES, holed, newerFile, wholeFile } from '../support/sample-pair.ts'
import { listing, putTree, scratch } from '../support/tree.ts'

const truncated = (): Buffer => wholeFile().subarray(0, 3000)

describe('a single pair', () => {
  it.each([
    ['merged', wholeFile(), holed(), 0, 'merged', undefined],
    ['nothing to do', wholeFile(), wholeFile(), 0, 'unchanged', undefined],
    ['OLD truncated', truncated(), holed(), 1, 'failed', 'ETRUNC'],
    ['NEW truncated', wholeFile(), truncated(), 1, 'failed', 'ETRUNC'],
    ['OLD no RRD', Buffer.from('garbage, no RRD'), holed(), 1, 'failed', 'ENOTRRD'],
    ['NEW no RRD', wholeFile(), Buffer.alloc(4096, 7), 1, 'failed', 'ENOTRRD'],
    ['OLD empty', Buffer.alloc(0), holed(), 1, 'failed', undefined],
    ['NEW empty', wholeFile(), Buffer.alloc(0), 1, 'failed', undefined],
    ['OLD newer', newerFile(), holed(), 1, 'failed', 'ESWAPPED'],
  ] as const)('%s', (_, old, target, status, outcome, code) => {
    const folder = putTree(scratch(), { 'old.rrd': old, 'new.rrd': target })
    const before = listing(folder)
    const ran = mergeJson(['old.rrd', 'new.rrd'], { cwd: folder })
    expect([ran.status, ran.files[0]?.status]).toEqual([status, outcome])
    expect(ran.totals).toMatchObject({ [outcome]: 1, filled: outcome === 'merged' ? HOLES : 0 })
    if (code !== undefined) expect(ran.files[0]?.error?.code).toBe(code)
    if (outcome === 'merged') expect(readFileSync(join(folder, 'new.rrd'))).toEqual(wholeFile())
    else expect(listing(folder)).toEqual(before)
    if (outcome === 'failed') expect(ran.stderr).toMatch(/^rrd-merge: error: .*(old|new)\.rrd/)
  })

  it('names both dates where the roles look swapped, and --allow-newer-old fills', () => {
    const folder = putTree(scratch(), { 'old.rrd': newerFile(), 'new.rrd': holed() })
    const ran = rrdMerge(['old.rrd', 'new.rrd'], { cwd: folder })
    expect(ran.stderr).toContain('swapped?')
    expect(ran.stderr.match(/2023-11-\d\d/g)?.length).toBeGreaterThanOrEqual(2)
    expect(rrdMerge(['--allow-newer-old', 'old.rrd', 'new.rrd'], { cwd: folder }).status).toBe(0)
    expect(readFileSync(join(folder, 'new.rrd'))).not.toEqual(holed())
  })

  it('5 where it cannot be written, with the target untouched and nothing left', () => {
    const folder = putTree(scratch(), { 'old.rrd': wholeFile(), 'ro/new.rrd': holed() })
    chmodSync(join(folder, 'ro'), 0o555)
    const before = listing(folder)
    const options: RunOptions = { cwd: folder, as: STRANGER }
    const ran = mergeJson(['old.rrd', 'ro/new.rrd'], options)
    expect([ran.status, ran.files[0]?.error?.code]).toEqual([5, 'EWRITE'])
    expect(ran.stderr).toMatch(/^rrd-merge: error: ro\/new\.rrd: .*(denied|permission)/i)
    expect(rrdMerge(['-o', 'ro/out.rrd', 'old.rrd', 'ro/new.rrd'], options).status).toBe(5)
    expect(rrdMerge(['--in-place', 'old.rrd', 'ro/new.rrd'], options).status).toBe(5)
    expect(listing(folder)).toEqual(before)
  })

  it('1 where a file cannot be read', () => {
    const folder = putTree(scratch(), { 'old.rrd': wholeFile(), 'new.rrd': holed() })
    chmodSync(join(folder, 'old.rrd'), 0)
    const ran = mergeJson(['old.rrd', 'new.rrd'], { cwd: folder, as: STRANGER })
    expect([ran.status, ran.files[0]?.error?.code]).toEqual([1, 'EREAD'])
  })
})

describe('a tree', () => {
  it('3 where nothing matches, with a reason', () => {
    const folder = scratch()
    putTree(folder, { 'old/x.txt': 'no', 'new/y.rrd': holed() })
    symlinkSync('y.rrd', join(folder, 'new/z.rrd'))
    const ran = mergeJson(['old', 'new'], { cwd: folder })
    expect(ran.status).toBe(3)
    expect(ran.stderr).toContain('nothing matched')
    expect(ran.totals).toMatchObject({ unchanged: 1, skipped: 1 })
    putTree(folder, { 'old/only-old.rrd': wholeFile() })
    expect(rrdMerge(['--only-common', 'old', 'new'], { cwd: folder }).status).toBe(3)
    mkdirSync(join(folder, 'empty'))
    expect(rrdMerge(['empty', 'new'], { cwd: folder }).status).toBe(3)
  })

  it('1 where some fail, the rest is done', () => {
    const folder = scratch()
    putTree(join(folder, 'old'), { 'a.rrd': wholeFile(), 'b.rrd': truncated(), 'c.rrd': newerFile() })
    putTree(join(folder, 'new'), { 'a.rrd': holed(), 'b.rrd': holed(), 'c.rrd': holed() })
    const ran = mergeJson(['old', 'new'], { cwd: folder })
    expect(ran.status).toBe(1)
    expect(ran.files.map(({ path, status }) => [path, status])).toEqual([
      ['a.rrd', 'merged'],
      ['b.rrd', 'failed'],
      ['c.rrd', 'failed'],
    ])
    expect(ran.totals).toEqual({ merged: 1, unchanged: 0, copied: 0, skipped: 0, failed: 2, filled: HOLES })
    expect(ran.files[2]?.error?.code).toBe('ESWAPPED')
  })

  it('5 beats 1', () => {
    const folder = scratch()
    putTree(join(folder, 'old'), { 'a.rrd': truncated(), 'sub/b.rrd': wholeFile(), 'z.rrd': truncated() })
    putTree(join(folder, 'new'), { 'a.rrd': holed(), 'sub/b.rrd': holed(), 'z.rrd': holed() })
    chmodSync(join(folder, 'new/sub'), 0o555)
    const ran = mergeJson(['old', 'new'], { cwd: folder, as: STRANGER })
    expect(ran.status).toBe(5)
    expect(ran.files.map(({ error }) => error?.code)).toEqual(['ETRUNC', 'EWRITE', 'ETRUNC'])
  })

  it('2 where a folder is missing or they lie in each other, and OLD is not touched', () => {
    const folder = scratch()
    putTree(folder, { 'old/a.rrd': wholeFile(), 'old/sub/a.rrd': wholeFile(), 'new/a.rrd': holed() })
    symlinkSync('old', join(folder, 'link'))
    const before = listing(folder)
    for (const args of [
      ['old', 'nowhere'],
      ['nowhere', 'new'],
      ['old', 'old/sub'],
      ['old/sub', 'old'],
      ['link', 'old'],
      ['old', 'old', 'new'],
      ['old', 'new', '-o', 'old'],
      ['old', 'new', '-o', 'old/out'],
      ['old', 'new', '-o', 'link/out'],
      ['old', 'new', '-o', 'new/out'],
      ['old', 'new', '-o', '.'],
    ]) {
      const ran = rrdMerge(args, { cwd: folder })
      expect(ran.status, args.join(' ')).toBe(2)
      expect(ran.stderr, args.join(' ')).toMatch(/^rrd-merge: error: /)
    }
    expect(listing(folder)).toEqual(before)
  })

  it('5 where OUT cannot be made', () => {
    const folder = putTree(scratch(), { 'old/a.rrd': wholeFile(), 'new/a.rrd': holed(), 'file/x': '' })
    const ran = rrdMerge(['old', 'new', '-o', 'out'], { cwd: folder, as: STRANGER })
    expect(ran).toMatchObject({ status: 5, stderr: expect.stringContaining('out: cannot make the folder') })
  })
})
