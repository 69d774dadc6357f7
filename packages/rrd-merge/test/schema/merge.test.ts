import { linkSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type RunOptions, rrdMerge } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { put, putTree, scratch } from '../support/tree.ts'
import { type Document, documentsOf } from './documents.ts'

/** Two folders with one of everything: a pair, a whole one, a copy, a link, a broken file, a name that is no UTF-8. */
function folders(): string {
  const base = scratch()
  putTree(join(base, 'old'), {
    'a.rrd': wholeFile(),
    'same.rrd': holed(),
    'only-old.rrd': holed(),
    'bad.rrd': holed(),
  })
  putTree(join(base, 'new'), {
    'a.rrd': holed(),
    'same.rrd': holed(),
    'only-new.rrd': holed(),
    'bad.rrd': 'no RRD',
  })
  for (const [folder, bytes] of [
    ['old', wholeFile()],
    ['new', holed()],
  ] as const) {
    put(Buffer.concat([Buffer.from(join(base, folder, 'b')), Buffer.of(0xff), Buffer.from('.rrd')]), bytes)
  }
  symlinkSync('a.rrd', join(base, 'new/link.rrd'))
  linkSync(join(base, 'new/a.rrd'), join(base, 'new/a.hard'))
  mkdirSync(join(base, 'empty'))
  return base
}

interface Situation {
  readonly args: string
  readonly status: number
  readonly options?: RunOptions
  readonly code?: string
  /** Looked at as a stream of rows too. */
  readonly rows?: true
}

const ODD = 'exec "$@" "$(printf \'old/b\\377.rrd\')" "$(printf \'new/b\\377.rrd\')"'
const SITUATIONS: readonly Situation[] = [
  { args: 'old new', status: 1, rows: true },
  { args: '-n old new', status: 1, rows: true },
  { args: 'old new -o out', status: 1 },
  { args: '--only-common --exclude bad.rrd old new', status: 0 },
  { args: 'old/a.rrd new/a.rrd --backup', status: 0, rows: true },
  { args: 'old/a.rrd new/a.rrd -n --policy sum --seam recompute --add-rra', status: 0 },
  { args: 'old/a.rrd new/a.rrd --consolidate --expand --derive-cf --resample', status: 0 },
  { args: 'old/a.rrd new/a.rrd --map-ds in=out --map-ds nosuch=in', status: 0 },
  { args: '', status: 0, options: { within: ODD }, rows: true },
  { args: 'old/a.rrd new/bad.rrd', status: 1, code: 'ENOTRRD', rows: true },
  { args: 'old/a.rrd new/a.rrd --durability never', status: 2, rows: true },
  { args: 'nosuch new', status: 2, rows: true },
  { args: 'old new/a.rrd', status: 2 },
  { args: 'old old', status: 2, rows: true },
  { args: '', status: 2 },
  { args: 'empty empty', status: 2 },
  { args: 'old empty --only-common', status: 3, rows: true },
  { args: 'old/a.rrd new/a.rrd --daemon unix:/nosuch/socket', status: 1, rows: true },
]

test.each(SITUATIONS)('merge $args is a document as promised', ({ args, status, options, code }) => {
  const cwd = folders()
  const ran = rrdMerge([...args.split(' ').filter(Boolean), '--json'], { cwd, ...options })
  const [document, ...more] = documentsOf(ran.stdout) as [Document, ...Document[]]
  expect({ status: ran.status, schema: document.schema, more }).toEqual({
    status,
    schema: 'rrd-merge/merge@1',
    more: [],
  })
  if (status === 2) expect(document.error).toBeDefined()
  if (code) expect(document.files).toMatchObject([{ status: 'failed', error: { code } }])
})

test.each(SITUATIONS.filter(({ rows }) => rows))(
  'merge $args --ndjson is rows as promised',
  ({ args, status, options }) => {
    const cwd = folders()
    const ran = rrdMerge([...args.split(' ').filter(Boolean), '--ndjson'], { cwd, ...options })
    expect(ran.status).toBe(status)
    // A command line that can't be understood has no rows.
    if (ran.stdout === '') return expect(ran.stderr).toContain('Usage: ')
    const schemas = documentsOf(ran.stdout).map(({ schema }) => schema)
    const failed = schemas.at(-1) === 'rrd-merge/merge@1'
    expect(schemas.at(failed ? -2 : -1) ?? 'rrd-merge/merge-totals@1').toBe('rrd-merge/merge-totals@1')
  },
)

test('a name that is no UTF-8 comes with its bytes, and no lone surrogate', () => {
  const cwd = folders()
  const { stdout } = rrdMerge(['--json', 'old', 'new'], { cwd })
  const [{ files }] = documentsOf(stdout) as unknown as [{ files: { path: string; pathBase64?: string }[] }]
  const odd = files.filter(({ pathBase64 }) => pathBase64 !== undefined)
  expect(odd).toMatchObject([
    { path: 'b\ufffd.rrd', pathBase64: Buffer.from('b\xff.rrd', 'latin1').toString('base64') },
  ])
  expect(stdout).not.toMatch(/\\ud[c-f]/)
})

test('of a file that was copied nothing is said to be missing', () => {
  const { stdout } = rrdMerge(['--json', 'old', 'new'], { cwd: folders() })
  const [{ files }] = documentsOf(stdout) as unknown as [
    { files: { path: string; warnings: object[]; ds: object }[] },
  ]
  const copied = files.find(({ path }) => path === 'only-old.rrd')
  expect(copied).toMatchObject({
    status: 'copied',
    ds: { matched: ['in', 'out'], missing: [] },
    warnings: [],
  })
})
