import { strict as assert } from 'node:assert'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Smoke } from '../../../../tooling/checks/nodes/smoke.ts'

const START = 1_700_000_000
const STEP = 60
const ROWS = 20

/** Fills the first half of a new file from the old one, and has rrdtool itself say what is in it then. */
export const smoke: Smoke = async (tool, folder) => {
  const old = join(folder, 'old.rrd')
  const fresh = join(folder, 'new.rrd')
  writeRrd(old, 1, 10)
  writeRrd(fresh, 11, ROWS)
  assert.deepEqual(knownRows(fresh), range(11, ROWS))

  const merged = await tool(['--json', 'merge', old, fresh])
  assert.equal(merged.status, 0, merged.stderr)
  const { schema, files } = JSON.parse(merged.stdout)
  assert.equal(schema, 'rrd-merge/merge@1')
  assert.equal(files[0].status, 'merged')
  assert.deepEqual(knownRows(fresh), range(1, ROWS))

  const again = await tool(['--json', old, fresh])
  assert.equal(again.status, 0, again.stderr)
  assert.equal(JSON.parse(again.stdout).files[0].status, 'unchanged')
}

/** A file whose rows `from` to `to` are known; each row holds its own number. */
function writeRrd(file: string, from: number, to: number): void {
  const create = [
    '--start',
    `${START - STEP}`,
    '--step',
    `${STEP}`,
    `DS:a:GAUGE:${2 * STEP}:U:U`,
    'RRA:LAST:0.5:1:30',
  ]
  rrdtool('create', file, ...create)
  const updates = range(0, to).map((row) => `${rowTime(row)}:${row < from ? 'U' : row}`)
  rrdtool('update', file, ...updates)
}

/** Numbers of the rows that rrdtool knows, each of which has to hold its own number. */
function knownRows(file: string): number[] {
  const lines = rrdtool('fetch', file, 'LAST', '-s', `${rowTime(0)}`, '-e', `${rowTime(ROWS - 1)}`).split(
    '\n',
  )
  return lines.flatMap((line) => {
    const [, time, value] = /^(\d+): (\S+)$/.exec(line) ?? []
    if (!time || !value || Number.isNaN(Number(value))) return []
    const row = (Number(time) - rowTime(0)) / STEP
    assert.equal(Number(value), row)
    return row
  })
}

/** Row times are multiples of the step. */
function rowTime(row: number): number {
  return Math.ceil(START / STEP) * STEP + row * STEP
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

function rrdtool(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('rrdtool', args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  })
  assert.equal(status, 0, `rrdtool ${args.join(' ')}: ${stderr}`)
  return stdout
}
