import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beginReplacement, resolveFolder } from '@nightshift/tooling/files'
import { describe, expect, it } from 'vitest'
import { verifyReplacement } from '../../src/file/verify.ts'
import { mergeFile, mergeTree } from '../../src/index.ts'
import { mergeJson, rrdMerge } from '../support/cli.ts'
import { HOLES, holed, wholeFile } from '../support/sample-pair.ts'
import { listing, putTree, scratch } from '../support/tree.ts'

const pair = (): string => putTree(scratch(), { 'old.rrd': wholeFile(), 'new.rrd': holed() })

describe('a backup', () => {
  it('holds NEW as it was, is never overwritten, and is made only where something is written', () => {
    const folder = pair()
    utimesSync(join(folder, 'new.rrd'), 1_600_000_000, 1_600_000_000)
    const run = (...args: string[]) => mergeJson([...args, 'old.rrd', 'new.rrd'], { cwd: folder })
    expect(run('--backup').files[0]?.warnings.map(({ code }) => code)).toContain('backup')
    expect(readFileSync(join(folder, 'new.rrd.bak'))).toEqual(holed())
    expect(statSync(join(folder, 'new.rrd.bak')).mtimeMs).toBe(1_600_000_000_000)
    run('--backup')
    expect(readdirSync(folder).sort()).toEqual(['new.rrd', 'new.rrd.bak', 'old.rrd'])
    writeFileSync(join(folder, 'new.rrd'), holed(5))
    run('--backup')
    expect(readFileSync(join(folder, 'new.rrd.bak'))).toEqual(holed())
    expect(readFileSync(join(folder, 'new.rrd.bak.2'))).toEqual(holed(5))
    writeFileSync(join(folder, 'new.rrd'), holed(6))
    run('--in-place', '--backup-suffix', '~')
    expect(readFileSync(join(folder, 'new.rrd~'))).toEqual(holed(6))
    expect(readFileSync(join(folder, 'new.rrd'))).toEqual(wholeFile())
  })

  it('under a suffix that is no suffix is refused, nothing written', () => {
    for (const suffix of ['', '/../x', 'a/b']) {
      const folder = pair()
      const before = listing(folder)
      const ran = rrdMerge([`--backup-suffix=${suffix}`, 'old.rrd', 'new.rrd'], { cwd: folder })
      expect(ran.status, suffix).toBe(2)
      expect(listing(folder)).toEqual(before)
    }
  })
})

describe('-o', () => {
  it('writes a new file, replaces one, and keeps what that one had', () => {
    const folder = pair()
    const inputs = listing(join(folder, 'new.rrd'))
    const run = () => mergeJson(['old.rrd', 'new.rrd', '-o', 'out.rrd'], { cwd: folder })
    expect([run().status, run().files[0]?.filled]).toEqual([0, HOLES])
    expect(readFileSync(join(folder, 'out.rrd'))).toEqual(wholeFile())
    // What is there already is not written again; anything else is replaced, with the mode it has.
    const written = listing(join(folder, 'out.rrd'))
    run()
    expect(listing(join(folder, 'out.rrd'))).toEqual(written)
    writeFileSync(join(folder, 'out.rrd'), 'something else')
    chmodSync(join(folder, 'out.rrd'), 0o600)
    run()
    expect(readFileSync(join(folder, 'out.rrd'))).toEqual(wholeFile())
    expect(statSync(join(folder, 'out.rrd')).mode & 0o777).toBe(0o600)
    expect(listing(join(folder, 'new.rrd'))).toEqual(inputs)
    // NEW named as its own output is merged as without.
    expect(mergeJson(['old.rrd', 'new.rrd', '-o', './new.rrd'], { cwd: folder }).status).toBe(0)
    const { ino } = statSync(join(folder, 'new.rrd'))
    mergeJson(['old.rrd', 'new.rrd', '-o', 'new.rrd'], { cwd: folder })
    expect(statSync(join(folder, 'new.rrd')).ino).toBe(ino)
  })
})

describe('a second run writes nothing', () => {
  it.each([[[]], [['--in-place', '--verify']], [['--backup']], [['--durability', 'none', '--verify']]])(
    '%j',
    (args) => {
      const folder = pair()
      expect(mergeJson([...args, 'old.rrd', 'new.rrd'], { cwd: folder }).totals.merged).toBe(1)
      expect(readFileSync(join(folder, 'new.rrd'))).toEqual(wholeFile())
      const before = listing(folder)
      expect(mergeJson([...args, 'old.rrd', 'new.rrd'], { cwd: folder }).totals.unchanged).toBe(1)
      expect(listing(folder)).toEqual(before)
    },
  )
})

describe('--verify', () => {
  const staged = (bytes: Uint8Array) => {
    const folder = resolveFolder(scratch())
    const replacement = beginReplacement(folder, 'x.rrd', { tool: 'rrd-merge', keepOpen: true })
    replacement.write(bytes)
    return replacement
  }

  it('accepts what was written, with rrdtool and without', async () => {
    for (const program of ['rrdtool', '/nonexistent/rrdtool']) {
      await expect(verifyReplacement(staged(wholeFile()), wholeFile(), program)).resolves.toBeUndefined()
    }
  })

  it('refuses a flipped bit, a missing end, and what rrdtool reads otherwise', async () => {
    const flipped = wholeFile()
    flipped.writeUInt8(flipped.readUInt8(7000) ^ 1, 7000)
    for (const [stored, written] of [
      [flipped, wholeFile()],
      [wholeFile().subarray(0, -8), wholeFile()],
    ] as const) {
      await expect(verifyReplacement(staged(stored), written, 'rrdtool')).rejects.toMatchObject({
        code: 'EWRITE',
      })
    }
    const liar = join(scratch(), 'rrdtool')
    writeFileSync(
      liar,
      '#!/bin/sh\nrrdtool "$1" "$2" | sed "s/<v>1.0000000000e+00/<v>2.0000000000e+00/" >"$3"\n',
      {
        mode: 0o755,
      },
    )
    await expect(verifyReplacement(staged(wholeFile()), wholeFile(), liar)).rejects.toMatchObject({
      code: 'EWRITE',
    })
  })

  it('leaves target and folder as they were where it refuses', () => {
    const folder = pair()
    const liar = join(folder, 'liar')
    writeFileSync(
      liar,
      '#!/bin/sh\nrrdtool "$1" "$2" | sed "s/<v>1.0000000000e+00/<v>2.0000000000e+00/" >"$3"\n',
      {
        mode: 0o755,
      },
    )
    const before = listing(join(folder, 'new.rrd'))
    const ran = mergeJson(['--verify', '--backup', '--rrdtool', './liar', 'old.rrd', 'new.rrd'], {
      cwd: folder,
    })
    expect([ran.status, ran.files[0]?.error?.code]).toEqual([5, 'EWRITE'])
    expect(listing(join(folder, 'new.rrd'))).toEqual(before)
    expect(readdirSync(folder).sort()).toEqual(['liar', 'new.rrd', 'old.rrd'])
  })
})

describe('what killed runs left', () => {
  const DEAD = '.new.rrd.rrd-merge-999999999-1-000000-0123456789abcdef.tmp'

  it('is cleared away, strangers’ files of like names are left', () => {
    const folder = pair()
    const kept = [
      '.new.rrd.rrd-merge-x.tmp',
      '.new.rrd.other-999999999-1-000000-0123456789abcdef.tmp',
      'new.rrd.tmp',
    ]
    for (const name of [DEAD, ...kept]) writeFileSync(join(folder, name), 'x')
    // Made on this machine, in this boot, by a process that is gone: as a killed run leaves it.
    const own = beginReplacement(resolveFolder(folder), 'new.rrd', { tool: 'rrd-merge' })
    const parts = /-(\d+)-(\w+)-(\w+)-(\w+)\.tmp$/.exec(String(own.temporary))
    const dead = String(own.temporary).replace(`-${parts?.[1]}-`, '-999999999-')
    own.discard()
    writeFileSync(join(folder, dead), 'x')
    expect(rrdMerge(['old.rrd', 'new.rrd'], { cwd: folder }).status).toBe(0)
    expect(existsSync(join(folder, dead))).toBe(false)
    for (const name of kept) expect(existsSync(join(folder, name)), name).toBe(true)
  })

  it('in place is told by a dry run, which leaves it', () => {
    const folder = pair()
    writeFileSync(join(folder, 'new.rrd.rrd-merge-undo'), '', { mode: 0o600 })
    const dry = mergeJson(['-n', 'old.rrd', 'new.rrd'], { cwd: folder })
    expect(dry.files[0]?.warnings.map(({ code }) => code)).toContain('journal-found')
    expect(existsSync(join(folder, 'new.rrd.rrd-merge-undo'))).toBe(true)
    const ran = mergeJson(['old.rrd', 'new.rrd'], { cwd: folder })
    expect(ran.files[0]?.warnings.map(({ code }) => code)).toContain('journal-recovered')
    expect(readdirSync(folder).sort()).toEqual(['new.rrd', 'old.rrd'])
  })

  it('of a damaged journal is a refusal of that file, in a tree too', () => {
    const folder = scratch()
    for (const name of ['a', 'b'])
      putTree(folder, { [`old/${name}.rrd`]: wholeFile(), [`new/${name}.rrd`]: holed() })
    // Another user's journal is none of ours.
    writeFileSync(join(folder, 'new/a.rrd.rrd-merge-undo'), Buffer.alloc(5000, 0xff))
    const ran = mergeJson(['old', 'new'], { cwd: folder })
    expect(ran.files.map(({ status, error }) => [status, error?.code === 'BUG'])).toEqual([
      [expect.stringMatching(/failed|merged/), false],
      ['merged', false],
    ])
  })
})

describe('the library', () => {
  it('merges a file and a tree, throws typed errors, and stops when asked to', async () => {
    const folder = pair()
    const [old, target] = [join(folder, 'old.rrd'), join(folder, 'new.rrd')]
    const report = await mergeFile(old, target)
    expect([report.status, report.filled]).toEqual(['merged', HOLES])
    await expect(mergeFile(old, join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'EMISSING' })
    await expect(mergeFile(target, target)).rejects.toMatchObject({ name: 'RrdError' })
    const stop = AbortSignal.abort(new Error('enough'))
    await expect(mergeFile(old, target, { signal: stop })).rejects.toThrow('enough')
    putTree(folder, {
      'o/a.rrd': wholeFile(),
      'o/b.rrd': wholeFile(),
      'n/a.rrd': holed(),
      'n/b.rrd': holed(),
    })
    const open = (): number => readdirSync('/proc/self/fd').length
    const before = open()
    const seen: string[] = []
    for await (const { path, status } of mergeTree(join(folder, 'o'), join(folder, 'n')))
      seen.push(`${path} ${status}`)
    expect(seen).toEqual(['a.rrd merged', 'b.rrd merged'])
    for await (const _ of mergeTree([join(folder, 'o')], join(folder, 'n'))) break
    const aborted = mergeTree(join(folder, 'o'), join(folder, 'n'), { signal: stop })
    await expect(aborted.next()).rejects.toThrow('enough')
    expect(open()).toBe(before)
  })
})
