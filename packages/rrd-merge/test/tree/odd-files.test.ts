import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mergeJson, rrdMerge, STRANGER } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { filesBelow, putTree, scratch } from '../support/tree.ts'

const codes = (file: { warnings: readonly { code: string }[] } | undefined): string[] =>
  (file?.warnings ?? []).map(({ code }) => code)

describe('names', () => {
  const ODD = [
    'new\nline.rrd',
    '-n.rrd',
    ' blank .rrd',
    `quo'te"s.rrd`,
    'esc\u001b[31mred.rrd',
    'bidi\u202etxt.rrd',
    `${'x'.repeat(251)}.rrd`,
    `${'ü'.repeat(125)}.rrd`,
    '[a]*?.rrd',
    '日本/語.rrd',
  ]

  it('of every kind are merged, copied, and escaped for a terminal', () => {
    const folder = scratch()
    const half = ODD.filter((_, index) => index % 2 === 0)
    putTree(join(folder, 'old'), Object.fromEntries(ODD.map((name) => [name, wholeFile()])))
    putTree(join(folder, 'new'), Object.fromEntries(half.map((name) => [name, holed()])))
    const ran = mergeJson(['old', 'new'], { cwd: folder })
    expect(ran).toMatchObject({
      status: 0,
      totals: { merged: half.length, copied: ODD.length - half.length },
    })
    expect(filesBelow(join(folder, 'new'))).toEqual(filesBelow(join(folder, 'old')))
    for (const name of ODD) expect(readFileSync(join(folder, 'new', name)), name).toEqual(wholeFile())
    const verbose = rrdMerge(['-v', 'old', 'new'], { cwd: folder })
    expect(`${verbose.stdout}${verbose.stderr}`).not.toMatch(/\p{Cc}(?<!\n)|\u202e/u)
    expect(
      verbose.stdout
        .trimEnd()
        .split('\n')
        .filter((line) => line.includes('line.rrd')),
    ).toHaveLength(1)
  })

  it('that are not UTF-8 have their bytes in the report, merged and copied alike', () => {
    const folder = scratch()
    mkdirSync(join(folder, 'new'))
    const odd = Buffer.concat([Buffer.from('latin-'), Buffer.from([0xe9, 0xff]), Buffer.from('.rrd')])
    const only = Buffer.concat([Buffer.from([0xfe]), Buffer.from('/x.rrd')])
    mkdirSync(Buffer.concat([Buffer.from(`${folder}/old/`), Buffer.from([0xfe])]), { recursive: true })
    const at = (root: string, name: Buffer): Buffer =>
      Buffer.concat([Buffer.from(`${folder}/${root}/`), name])
    for (const name of [odd, only]) writeFileSync(at('old', name), wholeFile())
    writeFileSync(at('new', odd), holed())
    const ran = mergeJson(['old', 'new'], { cwd: folder })
    expect(ran.files.map(({ pathBase64, status }) => [pathBase64, status])).toEqual([
      [odd.toString('base64'), 'merged'],
      [only.toString('base64'), 'copied'],
    ])
    for (const name of [odd, only]) expect(readFileSync(at('new', name))).toEqual(wholeFile())
    // As operands of a single pair too.
    writeFileSync(at('new', odd), holed())
    const words = '"$(printf "old/latin-\\351\\377.rrd")" "$(printf "new/latin-\\351\\377.rrd")"'
    const single = rrdMerge([], { cwd: folder, within: `exec "$@" --json ${words}` })
    const [file] = (JSON.parse(single.stdout) as { files: { pathBase64: string; status: string }[] }).files
    expect(file?.status).toBe('merged')
    expect(Buffer.from(file?.pathBase64 ?? '', 'base64')).toEqual(Buffer.concat([Buffer.from('new/'), odd]))
    expect(readFileSync(at('new', odd))).toEqual(wholeFile())
  })
})

describe('what is no regular file', () => {
  it('stops nothing', () => {
    const folder = putTree(scratch(), { 'old/z.rrd': wholeFile(), 'new/z.rrd': holed() })
    putTree(folder, { 'old/fifo2.rrd': wholeFile(), 'old/dir.rrd': wholeFile(), 'new/dir.rrd/x.txt': '' })
    execFileSync('mkfifo', [join(folder, 'old/fifo.rrd'), join(folder, 'new/fifo2.rrd')])
    const ran = mergeJson(['old', 'new'], { cwd: folder })
    expect(ran.files.map(({ path, status }) => [path, status])).toEqual([
      ['dir.rrd', 'failed'],
      ['fifo.rrd', 'skipped'],
      ['fifo2.rrd', 'skipped'],
      ['z.rrd', 'merged'],
    ])
    expect(ran.files[0]?.error?.message).toMatch(/dir\.rrd.*folder/)
    expect(filesBelow(join(folder, 'new'))).toEqual(['dir.rrd/x.txt', 'fifo2.rrd', 'z.rrd'])
  })

  it('nor does what cannot be read', () => {
    const folder = scratch()
    putTree(folder, { 'old/a.rrd': wholeFile(), 'old/locked/b.rrd': wholeFile(), 'old/z.rrd': wholeFile() })
    putTree(folder, { 'new/a.rrd': holed(), 'new/z.rrd': holed() })
    execFileSync('chown', ['-R', `${STRANGER}:${STRANGER}`, folder])
    chmodSync(join(folder, 'old/a.rrd'), 0)
    chmodSync(join(folder, 'old/locked'), 0)
    const ran = mergeJson(['old', 'new'], { cwd: folder, as: STRANGER })
    expect(ran.status).toBe(1)
    expect(ran.files.map(({ path, status, error }) => [path, status, error?.code])).toEqual([
      ['a.rrd', 'failed', 'EREAD'],
      ['locked', 'failed', 'EREAD'],
      ['z.rrd', 'merged', undefined],
    ])
    chmodSync(join(folder, 'old/locked'), 0o755)
    chmodSync(join(folder, 'old'), 0)
    const root = rrdMerge(['old', 'new'], { cwd: folder, as: STRANGER })
    expect(root).toMatchObject({ status: 1, stderr: expect.stringContaining('permission denied') })
  })
})

describe('modes, owners and attributes', () => {
  it('are kept, of copies and their new folders too', () => {
    const folder = scratch()
    const modes = [0o400, 0o000, 0o640, 0o4755, 0o666]
    for (const mode of modes) {
      const name = mode.toString(8)
      putTree(folder, { [`old/${name}.rrd`]: wholeFile(), [`new/${name}.rrd`]: holed() })
      putTree(folder, { [`old/d${name}/x.rrd`]: wholeFile() })
      for (const path of [`new/${name}.rrd`, `old/d${name}/x.rrd`]) {
        chownSync(join(folder, path), 1234, 4321)
        chmodSync(join(folder, path), mode)
      }
      chownSync(join(folder, `old/d${name}`), 77, 78)
    }
    chmodSync(join(folder, 'old/d640'), 0o2750)
    expect(rrdMerge(['old', 'new'], { cwd: folder }).status).toBe(0)
    for (const mode of modes) {
      const name = mode.toString(8)
      for (const path of [`new/${name}.rrd`, `new/d${name}/x.rrd`]) {
        const { uid, gid, mode: now } = statSync(join(folder, path))
        expect([path, uid, gid, now & 0o7777]).toEqual([path, 1234, 4321, mode])
        expect(readFileSync(join(folder, path))).toEqual(wholeFile())
      }
      const { uid, gid } = statSync(join(folder, `new/d${name}`))
      expect([uid, gid]).toEqual([77, 78])
    }
    expect(statSync(join(folder, 'new/d640')).mode & 0o7777).toBe(0o2750)
  })

  it('that are not the caller’s to give are told, and nothing is opened to anybody new', () => {
    const folder = putTree(scratch(), { 'old.rrd': wholeFile(), 'new.rrd': holed() })
    chownSync(folder, STRANGER, STRANGER)
    chownSync(join(folder, 'new.rrd'), 1234, 4321)
    chmodSync(join(folder, 'new.rrd'), 0o664)
    const ran = mergeJson(['old.rrd', 'new.rrd'], { cwd: folder, as: STRANGER })
    expect([ran.status, ...codes(ran.files[0])]).toEqual([0, 'owner-changed'])
    const { uid, gid, mode } = statSync(join(folder, 'new.rrd'))
    expect([uid, gid, mode & 0o7777]).toEqual([STRANGER, STRANGER, 0o644])
  })

  const attributesOf = (path: string): string =>
    execFileSync('getfattr', ['-h', '-m', '-', '-d', '--absolute-names', path], { encoding: 'utf8' })
      .split('\n')
      .slice(1)
      .join('\n')

  it('extended ones and ACLs are kept, in trees, of single files and of copies', () => {
    const folder = putTree(scratch(), {
      'old/a.rrd': wholeFile(),
      'new/a.rrd': holed(),
      'old/sub/c.rrd': wholeFile(),
    })
    putTree(folder, { 'new.rrd': holed(), 'new/plain.rrd': holed(), 'old/plain.rrd': wholeFile() })
    for (const path of ['new/a.rrd', 'old/sub/c.rrd', 'new.rrd']) {
      execFileSync('setfattr', ['-n', 'user.site', '-v', path, join(folder, path)])
      execFileSync('setfacl', ['-m', 'u:1234:r', join(folder, path)])
    }
    const before = ['new/a.rrd', 'old/sub/c.rrd', 'new.rrd'].map((path) => attributesOf(join(folder, path)))
    expect(before[0]).toContain('user.site')
    expect(rrdMerge(['old', 'new'], { cwd: folder })).toMatchObject({ status: 0, stderr: '' })
    expect(rrdMerge(['old/a.rrd', 'new.rrd'], { cwd: folder })).toMatchObject({ status: 0, stderr: '' })
    expect(['new/a.rrd', 'new/sub/c.rrd', 'new.rrd'].map((path) => attributesOf(join(folder, path)))).toEqual(
      before,
    )
    expect(attributesOf(join(folder, 'new/plain.rrd'))).toBe('')
    expect(existsSync(join(folder, 'new.rrd'))).toBe(true)
  })

  it('are unknown without getfattr, which is said once', () => {
    const folder = scratch()
    for (const name of ['a', 'b', 'c'])
      putTree(folder, { [`old/${name}.rrd`]: wholeFile(), [`new/${name}.rrd`]: holed() })
    mkdirSync(join(folder, 'bin'))
    const ran = mergeJson(['old', 'new'], { cwd: folder, env: { PATH: join(folder, 'bin') } })
    expect([ran.status, ran.warnings?.map(({ code }) => code)]).toEqual([0, ['xattr-unknown']])
    expect(ran.stderr.match(/extended attributes/g)).toHaveLength(1)
  })
})
