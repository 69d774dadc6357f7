import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mergeJson, rrdMerge } from '../support/cli.ts'
import { HOLES, holed, newerFile, wholeFile } from '../support/sample-pair.ts'
import { filesBelow, listing, putTree, scratch } from '../support/tree.ts'

/** A tree with a file of every kind. */
function makeTrees(): string {
  const folder = scratch()
  putTree(join(folder, 'old'), {
    'both.rrd': wholeFile(),
    'same.rrd': wholeFile(),
    'sub/both.rrd': wholeFile(),
    'only/old.rrd': wholeFile(),
    'only/deep/er/old.rrd': wholeFile(),
    'truncated.rrd': wholeFile().subarray(0, 2000),
    'garbage.rrd': 'no rrd at all',
    'empty.rrd': '',
    'newer.rrd': newerFile(),
    'notes.txt': 'text',
  })
  putTree(join(folder, 'new'), {
    'both.rrd': holed(1),
    'same.rrd': wholeFile(),
    'sub/both.rrd': holed(2),
    'only-new.rrd': holed(3),
    'truncated.rrd': holed(4),
    'garbage.rrd': holed(5),
    'empty.rrd': holed(6),
    'newer.rrd': holed(7),
  })
  mkdirSync(join(folder, 'old/folder.rrd'))
  return folder
}

const OUTCOMES = [
  ['both.rrd', 'merged', HOLES],
  ['empty.rrd', 'failed', 0],
  ['garbage.rrd', 'failed', 0],
  ['newer.rrd', 'failed', 0],
  ['only-new.rrd', 'unchanged', 0],
  ['only/deep/er/old.rrd', 'copied', 0],
  ['only/old.rrd', 'copied', 0],
  ['same.rrd', 'unchanged', 0],
  ['sub/both.rrd', 'merged', HOLES],
  ['truncated.rrd', 'failed', 0],
]

const TOTALS = { merged: 2, unchanged: 2, copied: 2, skipped: 0, failed: 4, filled: 2 * HOLES }

describe('a tree', () => {
  it('is told by a dry run as it is then done; a second run writes nothing; OLD is never written', () => {
    const folder = makeTrees()
    const before = listing(folder)
    const dry = mergeJson(['-n', 'old', 'new'], { cwd: folder })
    expect(listing(folder)).toEqual(before)
    expect(dry.files.map(({ path, status, filled }) => [path, status, filled])).toEqual(OUTCOMES)
    expect([dry.status, dry.totals]).toEqual([1, TOTALS])

    const old = listing(join(folder, 'old'))
    const real = mergeJson(['old', 'new'], { cwd: folder })
    const comparable = ({ files, totals, status }: typeof real) => ({
      status,
      totals,
      files: files.map((file) => ({ ...file, ms: 0 })),
    })
    expect(comparable(real)).toEqual(comparable(dry))
    expect(listing(join(folder, 'old'))).toEqual(old)
    for (const path of ['both.rrd', 'same.rrd', 'sub/both.rrd', 'only/old.rrd', 'only/deep/er/old.rrd']) {
      expect(readFileSync(join(folder, 'new', path)), path).toEqual(wholeFile())
    }
    const untouched = { 'only-new': 3, truncated: 4, garbage: 5, empty: 6, newer: 7 }
    for (const [name, seed] of Object.entries(untouched)) {
      expect(readFileSync(join(folder, `new/${name}.rrd`)), name).toEqual(holed(seed))
    }
    expect(filesBelow(join(folder, 'new'))).toEqual(OUTCOMES.map(([path]) => path))

    const after = listing(folder)
    const second = mergeJson(['old', 'new'], { cwd: folder })
    expect(second.totals).toMatchObject({ merged: 0, copied: 0, unchanged: 6, failed: 4 })
    expect(listing(folder)).toEqual(after)
  })

  it('goes to another folder with -o, all of it, and NEW stays', () => {
    const folder = makeTrees()
    const inputs = (): string[] => [...listing(join(folder, 'old')), ...listing(join(folder, 'new'))]
    const before = inputs()
    const ran = mergeJson(['old', 'new', '-o', 'out/'], { cwd: folder })
    expect(ran.totals).toEqual(TOTALS)
    expect(inputs()).toEqual(before)
    const written = OUTCOMES.filter(([, status]) => status !== 'failed').map(([path]) => path)
    expect(filesBelow(join(folder, 'out'))).toEqual(written)
    expect(readFileSync(join(folder, 'out/both.rrd'))).toEqual(wholeFile())
    expect(readFileSync(join(folder, 'out/only-new.rrd'))).toEqual(holed(3))
  })

  it('named as its own -o is merged as without', () => {
    const folder = makeTrees()
    const ran = mergeJson(['old', 'new', '-o', 'new'], { cwd: folder })
    expect(ran.totals).toEqual(TOTALS)
    const after = listing(folder)
    mergeJson(['old', 'new', '-o', 'new/.'], { cwd: folder })
    expect(listing(folder)).toEqual(after)
  })

  it('leaves what only OLD has with --only-common', () => {
    const folder = makeTrees()
    const ran = mergeJson(['--only-common', 'old', 'new'], { cwd: folder })
    expect(ran.totals).toMatchObject({ merged: 2, copied: 0, skipped: 2 })
    expect(filesBelow(join(folder, 'new'))).not.toContain('only/old.rrd')
  })

  it('takes other names with --include and leaves some with --exclude', () => {
    const folder = makeTrees()
    putTree(folder, { 'old/x.db': wholeFile(), 'new/x.db': holed(), 'new/both.rrd': holed(1) })
    const ran = mergeJson(['--include', '*.db', '--exclude', 'only', '--exclude', 'both*', 'old', 'new'], {
      cwd: folder,
    })
    const paths = ran.files.map(({ path }) => path)
    expect(paths).toContain('x.db')
    expect(paths.filter((path) => /only\/|both/.test(path))).toEqual([])
    expect(readFileSync(join(folder, 'new/x.db'))).toEqual(wholeFile())
  })

  it('takes the first OLD that knows a cell', () => {
    const folder = scratch()
    // The second knows all cells, but other values: only what the first lacks may come from it.
    const first = holed(2)
    const second = wholeFile()
    const at = second.length - 700 * 8
    for (let cell = 0; cell < 700; cell++) second.writeDoubleLE(-1000 - cell, at + cell * 8)
    putTree(folder, { 'a/x.rrd': first, 'b/x.rrd': second, 'new/x.rrd': holed(1), 'b/only.rrd': wholeFile() })
    expect(rrdMerge(['a', 'b', 'new'], { cwd: folder }).status).toBe(0)
    const merged = readFileSync(join(folder, 'new/x.rrd'))
    const target = holed(1)
    const counts = { target: 0, first: 0, second: 0 }
    for (let cell = at; cell < merged.length; cell += 8) {
      const [was, from] = [target.readDoubleLE(cell), first.readDoubleLE(cell)]
      const source = Number.isNaN(was) ? (Number.isNaN(from) ? 'second' : 'first') : 'target'
      const expected = { target: was, first: from, second: second.readDoubleLE(cell) }[source]
      expect(merged.readDoubleLE(cell)).toBe(expected)
      counts[source]++
    }
    expect(Object.values(counts).every((count) => count > 50)).toBe(true)
    expect(readFileSync(join(folder, 'new/only.rrd'))).toEqual(wholeFile())
  })
})

describe('the report of a tree', () => {
  it('is one line a file and the totals with --ndjson, in the order of the names’ bytes', () => {
    const folder = makeTrees()
    const lines = rrdMerge(['-n', '--ndjson', 'old', 'new'], { cwd: folder }).stdout.trimEnd().split('\n')
    const rows = lines.map((line) => JSON.parse(line) as { schema: string; path?: string; totals?: object })
    expect(rows.slice(0, -1).map(({ path }) => path)).toEqual(OUTCOMES.map(([path]) => path))
    expect(rows.at(-1)).toEqual({ schema: 'rrd-merge/merge-totals@1', totals: TOTALS })
  })

  it('has a line for errors on stderr, alone with -q, as JSON with --log-format json', () => {
    const folder = makeTrees()
    symlinkSync('both.rrd', join(folder, 'new/link.rrd'))
    const plain = rrdMerge(['-n', 'old', 'new'], { cwd: folder })
    expect(plain.stdout).toContain('nothing was written: 2 to merge, 2 to copy')
    expect(plain.stderr).toMatch(/^rrd-merge: warning: .*symbolic link/m)
    const quiet = rrdMerge(['-q', '-n', 'old', 'new'], { cwd: folder })
    expect(
      quiet.stderr
        .trimEnd()
        .split('\n')
        .filter((line) => !/^rrd-merge: (error|hint): /.test(line)),
    ).toEqual([])
    expect(quiet.stderr.match(/rrd-merge: error: /g)).toHaveLength(4)
    const rows = rrdMerge(['-n', '--log-format', 'json', 'old', 'new'], { cwd: folder })
      .stderr.trimEnd()
      .split('\n')
    expect(rows.map((row) => typeof (JSON.parse(row) as { msg: string }).msg)).not.toContain('undefined')
    const verbose = rrdMerge(['-v', '-n', 'old', 'new'], { cwd: folder })
    expect(verbose.stdout).toContain('unchanged  only-new.rrd')
    expect(verbose.stdout).toMatch(/AVERAGE +60 s x 200/)
  })
})
