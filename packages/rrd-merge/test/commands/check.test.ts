import { join } from 'node:path'
import { expect, it } from 'vitest'
import { rrdMerge } from '../support/cli.ts'
import { rrdtool } from '../support/sample-pair.ts'
import { scratch } from '../support/tree.ts'

it('minds the clock: a last update of tomorrow keeps rrdtool from updating until then', () => {
  const folder = scratch()
  const tomorrow = Math.floor(Date.now() / 1000) + 86_400
  rrdtool('create', join(folder, 'a.rrd'), '-b', `${tomorrow}`, 'DS:a:GAUGE:600:U:U', 'RRA:LAST:0:1:10')
  const ran = rrdMerge(['check', 'a.rrd', '--json'], { cwd: folder })
  expect(ran.status).toBe(0)
  const [file] = JSON.parse(ran.stdout).files
  expect(file.findings).toContainEqual(
    expect.objectContaining({ code: 'last-update-future', severity: 'warning' }),
  )
})
