import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mergeJson, rrdMerge, STRANGER } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { filesBelow, listing, putTree, scratch } from '../support/tree.ts'

const give = (...paths: readonly string[]): void => {
  for (const path of paths) chownSync(path, STRANGER, STRANGER)
}

describe('root in folders where others can write', () => {
  it('refuses a world-writable one without the sticky bit, unless told otherwise', () => {
    const folder = putTree(scratch(), {
      'old/a.rrd': wholeFile(),
      'new/a.rrd': holed(),
      'old/sub/b.rrd': wholeFile(),
    })
    chmodSync(join(folder, 'new'), 0o777)
    const before = listing(join(folder, 'new'))
    for (const args of [
      ['old', 'new'],
      ['--in-place', 'old', 'new'],
      ['old/a.rrd', 'new/a.rrd'],
      ['old/a.rrd', 'old/sub/b.rrd', '-o', 'new/c.rrd'],
    ]) {
      const ran = rrdMerge(args, { cwd: folder })
      expect([args, ran.status]).toEqual([args, 5])
      expect(ran.stderr).toContain('--allow-unsafe-folder')
    }
    expect(listing(join(folder, 'new'))).toEqual(before)
    expect(rrdMerge(['--allow-unsafe-folder', 'old', 'new'], { cwd: folder }).status).toBe(0)
    expect(filesBelow(join(folder, 'new'))).toEqual(['a.rrd', 'sub/b.rrd'])
  })

  it('takes one with the sticky bit for its own files alone', () => {
    const folder = putTree(scratch(), { 'old/a.rrd': wholeFile(), 'new/a.rrd': holed() })
    putTree(folder, { 'old/b.rrd': wholeFile(), 'new/b.rrd': holed() })
    chmodSync(join(folder, 'new'), 0o1777)
    give(join(folder, 'new/b.rrd'))
    const ran = mergeJson(['old', 'new'], { cwd: folder })
    expect([ran.status, ran.files.map(({ status }) => status)]).toEqual([5, ['merged', 'failed']])
    expect(readFileSync(join(folder, 'new/b.rrd'))).toEqual(holed())
  })

  it('makes no OUT and no folder in one', () => {
    const folder = putTree(scratch(), { 'old/sub/a.rrd': wholeFile(), 'new/b.rrd': holed(), 'open/x': '' })
    chmodSync(join(folder, 'open'), 0o777)
    expect(rrdMerge(['old', 'new', '-o', 'open/out'], { cwd: folder }).status).toBe(5)
    expect(filesBelow(join(folder, 'open'))).toEqual(['x'])
    chmodSync(join(folder, 'new'), 0o777)
    expect(rrdMerge(['old', 'new'], { cwd: folder }).status).toBe(5)
    expect(existsSync(join(folder, 'new/sub'))).toBe(false)
  })

  it('follows no link of an operand that lies in another user’s folder', () => {
    const folder = putTree(scratch(), { 'old.rrd': wholeFile(), 'precious/new.rrd': holed(), 'theirs/x': '' })
    symlinkSync('../precious/new.rrd', join(folder, 'theirs/new.rrd'))
    symlinkSync('../precious', join(folder, 'theirs/tree'))
    give(join(folder, 'theirs'))
    const before = listing(join(folder, 'precious'))
    for (const path of ['theirs/new.rrd', 'theirs/tree/new.rrd']) {
      const ran = rrdMerge(['old.rrd', path], { cwd: folder })
      expect([path, ran.status === 0, ran.stderr]).toEqual([
        path,
        false,
        expect.stringContaining('symbolic link'),
      ])
    }
    expect(listing(join(folder, 'precious'))).toEqual(before)
    // In root's own folder it is the operator's word: what the link leads to is replaced, and the link stays.
    symlinkSync('precious/new.rrd', join(folder, 'link.rrd'))
    expect(rrdMerge(['old.rrd', 'link.rrd'], { cwd: folder }).status).toBe(0)
    expect(readFileSync(join(folder, 'precious/new.rrd'))).toEqual(wholeFile())
  })

  it('is not led astray by what others planted under the names it uses', () => {
    const folder = putTree(scratch(), {
      'old/a.rrd': wholeFile(),
      'theirs/a.rrd': holed(),
      'precious/x': 'precious',
    })
    putTree(folder, { 'old/sub/b.rrd': wholeFile(), 'old/c.rrd': wholeFile() })
    const precious = join(folder, 'precious/x')
    symlinkSync(precious, join(folder, 'theirs/a.rrd.bak'))
    symlinkSync(precious, join(folder, 'theirs/a.rrd.rrd-merge-undo'))
    symlinkSync(precious, join(folder, 'theirs/c.rrd'))
    symlinkSync(join(folder, 'precious'), join(folder, 'theirs/sub'))
    give(join(folder, 'theirs'), join(folder, 'theirs/a.rrd'))
    const before = listing(join(folder, 'precious'))
    mergeJson(['--in-place', 'old', 'theirs'], { cwd: folder })
    const ran = mergeJson(['--backup', 'old', 'theirs'], { cwd: folder })
    expect(ran.status).toBeGreaterThan(0)
    expect(ran.files.map(({ error }) => error?.code)).not.toContain('BUG')
    expect(listing(join(folder, 'precious'))).toEqual(before)
  })
})

/** Swaps folders and files of a tree for links to a folder of root's, as fast as it can, until it is killed. */
const SWAP = `
  const fs = require('node:fs')
  const attempt = (action) => { try { action() } catch {} }
  process.chdir(process.argv[1])
  const precious = process.argv[2]
  console.log('go')
  for (;;) for (const name of ['d0', 'd1', 'd2', 'fresh']) {
    attempt(() => fs.renameSync(name, 'aside'))
    attempt(() => fs.symlinkSync(precious, name))
    attempt(() => fs.unlinkSync(name))
    attempt(() => fs.renameSync('aside', name))
    attempt(() => fs.renameSync(name + '/3.rrd', name + '/aside.rrd'))
    attempt(() => fs.symlinkSync(precious + '/3.rrd', name + '/3.rrd'))
    attempt(() => fs.lstatSync(name + '/3.rrd').isSymbolicLink() && fs.unlinkSync(name + '/3.rrd'))
    attempt(() => fs.renameSync(name + '/aside.rrd', name + '/3.rrd'))
    attempt(() => fs.rmdirSync('fresh'))
  }`

describe('root in a tree whose owner swaps folders for links meanwhile', () => {
  it.each([[[]], [['--follow-symlinks']], [['--in-place']], [['--backup']]])(
    'writes nothing elsewhere: %j',
    async (args) => {
      const folder = scratch()
      const files = Array.from({ length: 30 }, (_, index) => `d${index % 3}/${index}.rrd`)
      putTree(
        join(folder, 'old'),
        Object.fromEntries([...files, 'fresh/3.rrd'].map((path) => [path, wholeFile()])),
      )
      putTree(join(folder, 'precious'), { '3.rrd': holed(), '4.rrd': holed(), 'x.rrd': 'precious' })
      const theirs = putTree(join(folder, 'theirs'), {})
      for (const name of ['d0', 'd1', 'd2']) mkdirSync(join(theirs, name))
      give(theirs, ...['d0', 'd1', 'd2'].map((name) => join(theirs, name)))
      const before = listing(join(folder, 'precious'))
      const reset = (): void => {
        for (const [index, path] of files.entries()) {
          try {
            writeFileSync(join(theirs, path), holed(index), { flag: 'wx' })
          } catch {
            // Swapped at this moment.
          }
        }
      }
      reset()
      const who = [`--reuid=${STRANGER}`, `--regid=${STRANGER}`, '--clear-groups']
      const attacker = spawn(
        'setpriv',
        [...who, process.execPath, '-e', SWAP, theirs, join(folder, 'precious')],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      )
      try {
        await once(attacker.stdout, 'data')
        let merged = 0
        for (let round = 0; round < 3; round++) {
          const ran = mergeJson(['--durability', 'none', ...args, 'old', 'theirs'], { cwd: folder })
          merged += (ran.totals.merged ?? 0) + (ran.totals.copied ?? 0)
          expect(ran.files.filter(({ error }) => error?.code === 'BUG')).toEqual([])
        }
        expect(merged).toBeGreaterThan(0)
      } finally {
        attacker.kill('SIGKILL')
        await once(attacker, 'close')
      }
      expect(listing(join(folder, 'precious'))).toEqual(before)
      expect(statSync(join(folder, 'precious')).uid).toBe(0)
    },
  )
})
