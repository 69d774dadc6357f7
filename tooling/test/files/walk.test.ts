import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  beginReplacement,
  type FileName,
  fileNameText,
  type NamePatterns,
  nameFilter,
  type WalkOptions,
  walk,
} from '../../src/files/index.ts'
import { open, run, runAs, STRANGER, scratch, script } from './support.ts'

function tree(files: readonly (string | Buffer)[]): string {
  const root = scratch()
  for (const file of files) {
    const full = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(file)])
    fs.mkdirSync(full.subarray(0, full.lastIndexOf(0x2f)), { recursive: true })
    fs.writeFileSync(full, '')
  }
  return root
}

function walked(root: string, options: WalkOptions = {}): string[] {
  return [...walk(open(root), options)].map((found) =>
    found.kind === 'skipped'
      ? `${fileNameText(found.path)}: ${found.reason}`
      : `${fileNameText(found.path)}${found.realPath ? ` -> ${fileNameText(found.realPath)}` : ''}`,
  )
}

const all: NamePatterns = { include: [], exclude: [] }

describe('a walk', () => {
  it('goes depth first in the order of bytes, whatever the names', () => {
    const odd = Buffer.from([0x6f, 0xff, 0x2f, 0x78])
    const root = tree([
      'b/x',
      'a/y',
      'a/b/z',
      'B',
      'a.b',
      '-dash',
      '.hidden',
      'new\nline/x',
      '\u{1f600}',
      '\uffee',
      odd,
    ])
    expect(walked(root)).toEqual([
      '-dash',
      '.hidden',
      'B',
      'a/b/z',
      'a/y',
      'a.b',
      'b/x',
      'new\nline/x',
      'o\udcff/x',
      '\uffee',
      '\u{1f600}',
    ])
    const found = [...walk(open(root))].find(({ path: at }) => typeof at !== 'string')
    expect(found?.path).toEqual(odd)
  })

  it('gives handles through which each file is reached', () => {
    const root = tree(['a/b/c', 'd'])
    for (const found of walk(open(root))) {
      if (found.kind === 'file') fs.writeFileSync(found.folder.entry(found.name), found.path)
    }
    expect(fs.readFileSync(path.join(root, 'a/b/c'), 'utf8')).toBe('a/b/c')
    expect(fs.readFileSync(path.join(root, 'd'), 'utf8')).toBe('d')
  })

  it('reports links and what is no file, and crosses neither', () => {
    const root = tree(['a/x.rrd', 'b/y.rrd'])
    fs.symlinkSync('../b', path.join(root, 'a/folder'))
    fs.symlinkSync('x.rrd', path.join(root, 'a/link.rrd'))
    run('mkfifo', [path.join(root, 'a/pipe.rrd')])
    expect(walked(root)).toEqual([
      'a/folder: symlink',
      'a/link.rrd: symlink',
      'a/pipe.rrd: not-regular',
      'a/x.rrd',
      'b/y.rrd',
    ])
    expect(walked(root, { filter: nameFilter({ include: ['x*'], exclude: [] }) })).toEqual(['a/x.rrd'])
  })

  it('follows links to what lies under the root, once, and never out of it', () => {
    const root = tree(['a/x.rrd', 'b/y.rrd', 'b/c/z.rrd', 'data.bin'])
    const outside = tree(['secret.rrd'])
    const links: [string, string][] = [
      ['a/folder', '../b'],
      ['a/again', '../b'],
      ['a/file.rrd', '../data.bin'],
      ['b/c/up', '../../b'],
      ['b/root', '..'],
      ['out.rrd', path.join(outside, 'secret.rrd')],
      ['out', outside],
      ['dangling.rrd', 'none'],
      ['self', 'self'],
    ]
    for (const [link, target] of links) fs.symlinkSync(target, path.join(root, link))
    expect(walked(root, { followSymlinks: true })).toEqual([
      'a/x.rrd',
      'b/c/z.rrd',
      'b/y.rrd',
      'data.bin',
      'a/again/c/z.rrd -> b/c/z.rrd',
      'a/again/y.rrd -> b/y.rrd',
      'a/file.rrd -> data.bin',
      'a/folder: symlink-loop',
      'b/c/up: symlink-loop',
      'b/root: symlink-loop',
      'dangling.rrd: symlink-outside',
      'out: symlink-outside',
      'out.rrd: symlink-outside',
      'self: symlink-outside',
      'a/again/c/up: symlink-loop',
      'a/again/root: symlink-loop',
    ])
  })

  it('reports a folder that it may not read, and goes on', () => {
    const root = tree(['a/x', 'closed/y', 'z'])
    fs.chmodSync(path.join(root, 'closed'), 0o700)
    const code = `for (const found of files.walk(files.resolveFolder(argv[0])))
      console.log(found.path, found.kind, found.reason, found.error && found.error.code)`
    expect(runAs(STRANGER, code, [root]).stdout.split('\n')).toEqual([
      'a/x file undefined undefined',
      'closed skipped unreadable denied',
      'z file undefined undefined',
      '',
    ])
  })

  it('ends at a depth, and says so', () => {
    const root = tree([`${'d/'.repeat(300)}x`, 'y'])
    expect(walked(root)).toEqual([`${'d/'.repeat(256)}d: too-deep`, 'y'])
    expect(walked(root, { maxDepth: 1 })).toEqual(['d/d: too-deep', 'y'])
    expect(walked(root, { maxDepth: 300 })).toEqual([`${'d/'.repeat(300)}x`, 'y'])
  })

  it('does not take for files what a run of the tool itself has there', () => {
    const root = tree(['a/x', 'a/x.tool-undo', 'a/x.other-undo'])
    const handle = open(path.join(root, 'a'))
    const replacement = beginReplacement(handle, 'x', { tool: 'tool' })
    const listed: string[] = []
    const onFolder: WalkOptions['onFolder'] = (folder, at, entries) => {
      listed.push(`${at}: ${entries.length} in ${fs.fstatSync(folder.fd).ino === folder.stats.ino}`)
    }
    expect(walked(root, { tool: 'tool', onFolder })).toEqual(['a/x', 'a/x.other-undo'])
    expect(listed).toEqual([': 1 in true', 'a: 4 in true'])
    expect(walked(root)).toHaveLength(4)
    replacement.discard()
  })

  it('closes what it opened, also if it is left early', () => {
    const root = tree(['a/b/c/x', 'a/b/y', 'z'])
    const handle = open(root)
    const count = (): number => fs.readdirSync('/proc/self/fd').length
    const before = count()
    for (const found of walk(handle)) if (found.kind === 'file') break
    expect(count()).toBe(before)
    expect([...walk(handle)]).toHaveLength(3)
    expect(count()).toBe(before)
  })

  it('of wide trees needs few descriptors', () => {
    const files = Array.from({ length: 400 }, (_, index) => `d${index}/x`)
    const root = tree(files)
    const code = script('console.log([...files.walk(files.resolveFolder(argv[0]))].length)')
    const limited = ['-c', 'ulimit -n 40 && exec "$@"', 'sh', process.execPath, '-e', code]
    expect(run('sh', [...limited, root]).stdout).toBe('400\n')
  })
})

describe('patterns', () => {
  const cases: [pattern: string, path: FileName, matches: boolean][] = [
    ['*.rrd', 'x.rrd', true],
    ['*.rrd', 'a/b/x.rrd', true],
    ['*.rrd', 'a/.x.rrd', true],
    ['*.rrd', 'x.rrd.bak', false],
    ['*.rrd', Buffer.from([0x61, 0x2f, 0xff, 0x2e, 0x72, 0x72, 0x64]), true],
    ['*.rrd', 'new\nline/x\n.rrd', true],
    ['**/*.rrd', 'new\nline/x.rrd', true],
    ['/*.rrd', 'a/x.rrd', false],
    ['/*.rrd', 'x.rrd', true],
    ['./a/*.rrd', 'a/x.rrd', true],
    ['a/*.rrd', 'a/b/x.rrd', false],
    ['a/**', 'a/b/x.rrd', true],
    ['**/b/*', 'a/b/x.rrd', true],
    ['host[12]/*', 'host1/x', true],
    ['host[12]/*', 'host3/x', false],
    ['*.{rrd,RRD}', 'a/X.RRD', true],
    ['x?.rrd', 'xy.rrd', true],
    ['(a).rrd', '(a).rrd', true],
    ['-rf', '-rf', true],
  ]
  for (const [pattern, file, matches] of cases) {
    it(`${pattern} ${matches ? 'matches' : 'does not match'} ${JSON.stringify(file.toString())}`, () => {
      const name = Buffer.from(file)
      const base = name.subarray(name.lastIndexOf(0x2f) + 1)
      const baseName = typeof file === 'string' ? base.toString() : base
      expect(nameFilter({ include: [pattern], exclude: [] }).takesFile(file, baseName)).toBe(matches)
      expect(nameFilter({ include: [], exclude: [pattern] }).takesFile(file, baseName)).toBe(!matches)
    })
  }

  it('that exclude a folder keep the walk out of it', () => {
    const root = tree(['a/x', 'a/keep/x', 'b/a/x', 'b/y'])
    expect(walked(root, { filter: nameFilter({ ...all, exclude: ['a'] }) })).toEqual(['b/y'])
    expect(walked(root, { filter: nameFilter({ ...all, exclude: ['/a/'] }) })).toEqual(['b/a/x', 'b/y'])
    expect(walked(root, { filter: nameFilter({ include: ['x'], exclude: ['a/keep'] }) })).toEqual([
      'a/x',
      'b/a/x',
    ])
  })
})
