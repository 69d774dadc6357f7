import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, inject, test } from 'vitest'
import { install } from '../../../../tooling/checks/packed/install.ts'
import { END, holed, wholeFile } from '../support/sample-pair.ts'
import { putTree, scratch } from '../support/tree.ts'

const EXAMPLES = join(import.meta.dirname, '../../examples')

let folder: string
let env: NodeJS.ProcessEnv

beforeEach(() => {
  const packed = inject('packedPackage')
  if (packed === undefined) throw new Error('nothing is built: run `npm run build` first')
  folder = scratch()
  env = { ...install(folder, packed), STATE_FOLDER: join(folder, 'state') }
  cpSync(EXAMPLES, join(folder, 'examples'), { recursive: true })
  putTree(join(folder, 'old'), { 'web1/a.rrd': wholeFile(), 'web1/b.rrd': wholeFile() })
  putTree(join(folder, 'new'), { 'web1/a.rrd': holed(), 'web1/b.rrd': wholeFile() })
})

function run(name: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const file = join(folder, 'examples', name)
  const command = /\.[cm]js$/.test(name) ? [process.execPath, file] : [file]
  const [program, ...first] = command as [string, ...string[]]
  const { status, stdout, stderr, error } = spawnSync(program, [...first, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  if (error) throw error
  return { status, stdout, stderr }
}

const isMerged = (): boolean => readFileSync(join(folder, 'new/web1/a.rrd')).equals(wholeFile())

test('each example is tried here or beside what it shows', () => {
  const elsewhere = ['demo.ts', 'rrdtool-client.mjs']
  const tested = [...readFileSync(import.meta.filename, 'utf8').matchAll(/run\('([^']+)'/g)].map(
    ([, name]) => name,
  )
  expect([...new Set([...tested, ...elsewhere])].sort()).toEqual(readdirSync(EXAMPLES).sort())
})

describe('nightly-fill.sh', () => {
  test('fills, and says nothing', () => {
    expect(run('nightly-fill.sh', 'old', 'new')).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(isMerged()).toBe(true)
  })

  test('says which file failed, and fills the others', () => {
    putTree(join(folder, 'new'), { 'web1/b.rrd': 'no RRD' })
    const { status, stdout } = run('nightly-fill.sh', 'old', 'new')
    expect(status).toBe(1)
    expect(stdout).toMatch(/^web1\/b\.rrd: .*not an RRD.*\n$/)
    expect(isMerged()).toBe(true)
  })

  test('says that the standby is not mounted', () => {
    expect(run('nightly-fill.sh', 'nosuch', 'new')).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('nosuch'),
    })
  })
})

describe('check_rrd', () => {
  test('OK, with performance data', () => {
    expect(run('check_rrd.cjs', 'new')).toEqual({
      status: 0,
      stdout: 'RRD OK - 2 files are sound|files=2 broken=0;;0\n',
      stderr: '',
    })
  })

  test('CRITICAL names the broken', () => {
    putTree(join(folder, 'new'), { 'web1/b.rrd': wholeFile().subarray(0, 2000) })
    expect(run('check_rrd.cjs', 'new')).toEqual({
      status: 2,
      stdout: 'RRD CRITICAL - 1 of 2 broken: new/web1/b.rrd|files=2 broken=1;;0\n',
      stderr: '',
    })
  })

  test('WARNING where nothing is updated any more', () => {
    expect(run('check_rrd.cjs', '--stale', '86400', 'new')).toMatchObject({
      status: 1,
      stdout: 'RRD WARNING - 2 of 2 not updated: new/web1/a.rrd, new/web1/b.rrd|files=2 broken=0;;0\n',
    })
    // By the time in the file: mtime is no proof, since updates go through a memory map.
    utimesSync(join(folder, 'new/web1/a.rrd'), new Date(), new Date())
    const patience = String(Math.ceil(Date.now() / 1000 - END) + 3600)
    expect(run('check_rrd.cjs', '--stale', patience, 'new').status).toBe(0)
  })

  test.each([[[]], [['nosuch']], [['--stale', 'x', 'new']], [['state-of-nothing']]])(
    'UNKNOWN: %j',
    (args) => {
      expect(run('check_rrd.cjs', ...args)).toMatchObject({
        status: 3,
        stdout: expect.stringMatching(/^RRD UNKNOWN - /),
      })
    },
  )
})

test('holes.sh lists holes, the longest first', () => {
  const { status, stdout } = run('holes.sh', 'new')
  expect(status).toBe(0)
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
  expect(rows.length).toBeGreaterThan(3)
  const seconds = rows.map(([first]) => Number(first))
  expect(seconds).toEqual([...seconds].sort((a, b) => b - a))
  for (const [length, path, archive, from, to] of rows) {
    expect([path, archive]).toEqual(['new/web1/a.rrd', expect.stringMatching(/^(AVERAGE (60|300)|MAX 600)$/)])
    expect((Date.parse(to ?? '') - Date.parse(from ?? '')) / 1000).toBe(Number(length))
  }
})

test('fill-and-report.mjs fills, keeps what was there, and tells', () => {
  const before = readFileSync(join(folder, 'new/web1/a.rrd'))
  expect(run('fill-and-report.mjs', 'old', 'new')).toEqual({
    status: 0,
    stdout: '400 cells filled, 0 still unknown\n',
    stderr: '',
  })
  expect(isMerged()).toBe(true)
  expect(readFileSync(join(folder, 'new/web1/a.rrd.before'))).toEqual(before)
  expect(run('fill-and-report.mjs', 'nosuch', 'new')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^EMISSING: /),
  })
})

test('what-would-fill.cjs writes nothing', () => {
  const before = readFileSync(join(folder, 'new/web1/a.rrd'))
  const { status, stdout } = run('what-would-fill.cjs', 'old/web1/a.rrd', 'new/web1/a.rrd')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^42\.9 % known, 100\.0 % after a merge\n(AVERAGE|MAX) /)
  expect(readFileSync(join(folder, 'new/web1/a.rrd'))).toEqual(before)
  expect(run('what-would-fill.cjs', 'old/web1/a.rrd', 'old/web1/b.rrd').stdout).toBe('nothing to fill\n')
  expect(run('what-would-fill.cjs', 'nosuch', 'nosuch')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^EMISSING: /),
  })
})
