import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mergeJson, rrdMerge } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { listing, putTree, scratch } from '../support/tree.ts'

const FILES = { 'old.rrd': wholeFile(), 'new.rrd': holed(), 'olds/x.rrd': wholeFile(), 'news/x.rrd': holed() }
const PAIR = ['old.rrd', 'new.rrd']
const TREES = ['olds', 'news']

/** What can't be meant, and a word of what is said. */
const REFUSED: readonly (readonly [readonly string[], RegExp])[] = [
  [['--from', '@2000', '--to', '@1000', ...PAIR], /from 2000 is after to 1000/],
  [['--from', '@2000', '--to', '@1000', ...TREES], /from 2000 is after to 1000/],
  [['--granularity', 'row', '--policy', 'sum', ...PAIR], /granularity row/],
  [['--cut', '@2000', '--policy', 'avg', ...TREES], /cut and policy avg/],
  [['--nan', 'propagate', ...PAIR], /nan propagate is for/],
  [['--nan', 'propagate', '--policy', 'max', ...TREES], /nan propagate is for/],
  [['--map-ds', 'in=a', '--map-ds', 'in=b', ...PAIR], /--map-ds names "in" of NEW twice/],
  [['--json', '--ndjson', ...PAIR], /--ndjson and --json contradict/],
  [['check', '--json', '--ndjson', 'new.rrd'], /--ndjson and --json contradict/],
  [['--daemon', '', ...PAIR], /address of rrdcached/],
  [['--daemon', 'host:99999', ...TREES], /address of rrdcached/],
  [['--verify', '--rrdtool', './nowhere', ...PAIR], /no such program: .\/nowhere/],
  [['--engine', 'rrdtool', '--rrdtool', '/nowhere/rrdtool', ...TREES], /no such program/],
  [['-o', 'olds', ...PAIR], /olds is a folder/],
  [['-o', 'old.rrd', ...PAIR], /old.rrd is an input itself/],
  [['--svg', 'new.rrd', ...PAIR], /new.rrd is an input itself/],
  [['--html', './old.rrd', ...PAIR], /old.rrd is an input itself/],
  [['-o', 'out.rrd', '--svg', 'out.rrd', ...PAIR], /out.rrd is an input itself/],
  [['coverage', 'new.rrd', '--svg', 'new.rrd'], /new.rrd is an input itself/],
  [['coverage', 'news', '--html', 'news/x.rrd'], /x.rrd is an input itself/],
  [['coverage', 'news', '--html', 'olds'], /olds is a folder/],
  [['coverage', 'new.rrd', '--svg', 'page', '--html', './page'], /page is the file of --svg itself/],
  [['convert', 'new.rrd', '-o', 'news'], /news is a folder/],
  [['restore', 'new.rrd', '-o', '.'], /is a folder/],
  [['dump', 'new.rrd', '-o', 'new.rrd'], /new.rrd is an input itself/],
]

describe('what can’t be meant is a usage error, and nothing is written', () => {
  it.each(REFUSED.map(([args, said]) => [args.join(' '), args, said] as const))('%s', (_, args, said) => {
    const folder = putTree(scratch(), FILES)
    const before = listing(folder)
    const { status, stderr, stdout } = rrdMerge(args, { cwd: folder })
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(said) })
    if (!args.includes('--json')) expect(stdout).toBe('')
    expect(listing(folder)).toEqual(before)
  })

  it('but -o may name NEW', () => {
    const folder = putTree(scratch(), FILES)
    expect(rrdMerge([...PAIR, '-o', 'new.rrd'], { cwd: folder }).status).toBe(0)
    expect(readFileSync(join(folder, 'new.rrd'))).toEqual(wholeFile())
  })
})

describe('--map-ds', () => {
  it('says which name of OLD it did not find, and leaves out without a word', () => {
    const folder = putTree(scratch(), FILES)
    const run = (map: string) =>
      mergeJson(['-n', '--map-ds', map, ...PAIR], { cwd: folder }).files[0]?.warnings
    expect(run('in=nowhere')).toContainEqual(
      expect.objectContaining({ code: 'ds-missing', message: 'OLD has no data source nowhere' }),
    )
    expect(run('in=')?.map(({ code }) => code)).not.toContain('ds-missing')
  })
})
