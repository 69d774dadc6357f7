import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mergeJson, type ReportDocument, type ReportedFile } from '../support/cli.ts'
import { HOLES, holed, wholeFile } from '../support/sample-pair.ts'
import { filesBelow, putTree, scratch } from '../support/tree.ts'

const FILES = 240

function makeTree(): string {
  const folder = scratch()
  const paths = Array.from({ length: FILES }, (_, index) => `d${index % 9}/${index % 4}/f${index}.rrd`)
  const bad = (index: number): boolean => index % 50 === 7
  putTree(
    join(folder, 'old'),
    Object.fromEntries(paths.map((path, index) => [path, bad(index) ? 'garbage' : wholeFile()])),
  )
  const common = paths.filter((_, index) => index % 10 !== 3)
  putTree(join(folder, 'new'), Object.fromEntries(common.map((path) => [path, holed()])))
  putTree(folder, { 'new/only.rrd': holed() })
  return folder
}

const outcomes = ({ files }: ReportDocument): ReportedFile[] =>
  files.map((file) => ({ ...file, ms: 0 }) as ReportedFile)

interface Outcome {
  readonly status: number | null
  readonly totals: ReportDocument['totals']
  readonly report: readonly ReportedFile[]
  readonly files: readonly [string, string][]
}

const contents = (folder: string): [string, string][] =>
  filesBelow(folder).map((path) => [path, readFileSync(join(folder, path), 'latin1')])

describe('a tree shared out', () => {
  it('to threads gives the same files and the same report in the same order', () => {
    const runs = [
      ['--jobs', '1'],
      ['--jobs', '2'],
      ['--jobs', '7', '--durability', 'batch'],
      ['--durability', 'none'],
    ]
    const [first, ...others] = runs.map((args): Outcome => {
      const folder = makeTree()
      const ran = mergeJson([...args, 'old', 'new'], { cwd: folder })
      return {
        status: ran.status,
        totals: ran.totals,
        report: outcomes(ran),
        files: contents(join(folder, 'new')),
      }
    })
    expect(first?.totals).toEqual({
      merged: 211,
      unchanged: 1,
      copied: 24,
      skipped: 0,
      failed: 5,
      filled: 211 * HOLES,
    })
    const paths = (first?.report ?? []).map(({ path }) => Buffer.from(path))
    expect(paths).toEqual(paths.toSorted(Buffer.compare))
    for (const other of others) expect(other).toEqual(first)
  })

  it('in shards is done once, whole', () => {
    const folder = makeTree()
    const shards = [0, 1, 2].map((index) =>
      mergeJson(['--shard', `${index}/3`, 'old', 'new'], { cwd: folder }),
    )
    const paths = shards.map(({ files }) => files.map(({ path }) => path))
    for (const shard of paths) expect(shard.length).toBeGreaterThan(FILES / 5)
    const whole = makeTree()
    const { files } = mergeJson(['old', 'new'], { cwd: whole })
    expect(paths.flat().sort()).toEqual(files.map(({ path }) => path).sort())
    expect(contents(join(folder, 'new'))).toEqual(contents(join(whole, 'new')))
  })

  it.each([64, 100, 256])('fits into a limit of %i open files, however many folders there are', (limit) => {
    const folder = scratch()
    const paths = Array.from({ length: 300 }, (_, index) => `a${index}/b/c/${index % 7}/x.rrd`)
    putTree(join(folder, 'old'), Object.fromEntries(paths.map((path) => [path, wholeFile()])))
    const common = paths.filter((_, index) => index % 3 !== 0)
    putTree(join(folder, 'new'), Object.fromEntries(common.map((path) => [path, holed()])))
    const options = { cwd: folder, within: `ulimit -n ${limit}; exec "$@"` }
    const ran = mergeJson(['--jobs', '4', '--durability', 'batch', '--backup', 'old', 'new'], options)
    expect([ran.stderr, ran.totals]).toEqual([
      '',
      expect.objectContaining({ merged: 200, copied: 100, failed: 0 }),
    ])
    for (const path of paths) expect(readFileSync(join(folder, 'new', path)).equals(wholeFile())).toBe(true)
  })

  it('as deep as a path may be is merged', () => {
    const folder = scratch()
    const deep = `${Array.from({ length: 120 }, (_, index) => `d${index}`).join('/')}/x.rrd`
    putTree(folder, { [`old/${deep}`]: wholeFile(), [`new/${deep}`]: holed(), 'old/z.rrd': wholeFile() })
    expect(mergeJson(['old', 'new'], { cwd: folder }).totals).toMatchObject({ merged: 1, copied: 1 })
    expect(readFileSync(join(folder, 'new', deep))).toEqual(wholeFile())
  })
})
