import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { commandOf } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { putTree, scratch } from '../support/tree.ts'

function makeTree(files: number): string {
  const folder = scratch()
  for (let index = 0; index < files; index++) {
    putTree(folder, { [`old/${index}.rrd`]: wholeFile(), [`new/${index}.rrd`]: holed(index) })
  }
  return folder
}

const shell = (cwd: string, script: string, args: readonly string[]) =>
  spawnSync('sh', ['-c', script, 'sh', ...commandOf(args)], { cwd, encoding: 'utf8' })

const merged = (folder: string, files: number): number =>
  Array.from({ length: files }, (_, index) => readFileSync(join(folder, `new/${index}.rrd`))).filter(
    (bytes) => bytes.equals(wholeFile()),
  ).length

it('a reader that goes away ends nothing: all is merged, quietly', () => {
  const folder = makeTree(60)
  const ran = shell(folder, '{ "$@"; echo $? > code; } | head -1', ['--ndjson', 'old', 'new'])
  expect(ran.stdout).toContain('"path":"0.rrd"')
  expect([ran.stderr, readFileSync(join(folder, 'code'), 'utf8')]).toEqual(['', '0\n'])
  expect(merged(folder, 60)).toBe(60)
})

it.each([['--json'], ['--ndjson'], ['-v']])('a full stdout is an error of writing, told (%s)', (flag) => {
  const folder = makeTree(5)
  const ran = shell(folder, 'exec "$@" > /dev/full', [flag, 'old', 'new'])
  expect(ran.status).toBe(5)
  expect(ran.stderr).toMatch(/^rrd-merge: error: .*(no space left|standard output)/m)
  // Each file is as before or as after.
  expect(merged(folder, 5)).toBeGreaterThanOrEqual(0)
  for (let index = 0; index < 5; index++) {
    const now = readFileSync(join(folder, `new/${index}.rrd`))
    expect(now.equals(wholeFile()) || now.equals(holed(index))).toBe(true)
  }
})

it('a closed stderr stops nothing', () => {
  const folder = makeTree(3)
  putTree(folder, { 'old/1.rrd': 'garbage' })
  expect(shell(folder, 'exec "$@" 2>&-', ['old', 'new']).status).toBe(1)
  expect(merged(folder, 3)).toBe(2)
})
