import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openRrd } from '../../src/index.ts'

const sparse = (size: number): string => {
  const folder = mkdtempSync(join(tmpdir(), 'rrd-merge-large-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'a.rrd')
  execFileSync('rrdtool', ['create', file, 'DS:a:GAUGE:600:U:U', 'RRA:AVERAGE:0.5:1:10'])
  // Holes: nothing of this size is on the disk.
  truncateSync(file, size)
  return file
}

test('a file beyond all memory is refused with its size', async () => {
  await expect(openRrd(sparse(2 ** 42))).rejects.toMatchObject({
    name: 'RrdError',
    code: 'EREAD',
    message: expect.stringContaining(`${2 ** 42} bytes`),
  })
})
