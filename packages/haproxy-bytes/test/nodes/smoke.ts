import { strict as assert } from 'node:assert'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Smoke } from '../../../../tooling/checks/nodes/smoke.ts'
import { httpLine } from '../support/http-lines.ts'

const COUNT = 5000

/** Adds up a log, compressed and in shards, to the sum of what was written. */
export const smoke: Smoke = async (tool, folder) => {
  const log = Array.from({ length: COUNT }, (_, n) =>
    httpLine({ second: n, bytes: n, frontend: `f${n % 3}` }),
  )
  const [plain, packed] = [join(folder, 'haproxy.log'), join(folder, 'old.log.gz')]
  writeFileSync(plain, log.join(''))
  writeFileSync(packed, gzipSync(log.join('')))
  const expected = { requests: COUNT, bytesOut: (COUNT * (COUNT - 1)) / 2 }
  for (const file of [plain, packed]) {
    const { status, stdout, stderr } = await tool(['--json', '--by', 'frontend', file])
    assert.equal(status, 0, stderr)
    const { schema, totals, groups } = JSON.parse(stdout)
    assert.equal(schema, 'haproxy-bytes/total@1')
    assert.deepEqual({ requests: totals.requests, bytesOut: totals.bytesOut }, expected)
    assert.equal(groups.length, 3)
  }
  const parts: string[] = []
  for (const shard of ['2/3', '0/3', '1/3']) {
    const part = join(folder, shard.replace('/', '-of-'))
    writeFileSync(part, (await tool(['--partial', '--shard', shard, plain])).stdout)
    parts.push(part)
  }
  const merged = await tool(['merge', '--json', ...parts])
  assert.equal(merged.status, 0, merged.stderr)
  assert.deepEqual(JSON.parse(merged.stdout).totals.bytesOut, expected.bytesOut)
}
