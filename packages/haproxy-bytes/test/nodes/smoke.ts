import { strict as assert } from 'node:assert'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Smoke } from '../../../../tooling/checks/nodes/smoke.ts'
import { httpLine } from '../support/http-lines.ts'

const COUNT = 5000

/** A format of one's own, for which a module of WebAssembly is made. */
const OWN = 'fe=%ft out=%B lc=%lc %{+Q}r'

/** Adds up a log, compressed, in shards and by threads, to the sum of what was written; and finds what is lost. */
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
  const numbered = join(folder, 'numbered.log')
  const own = Array.from(
    { length: COUNT },
    (_, n) => `Nov 21 10:00:00 lb1 haproxy[7]: fe=f0 out=${n} lc=${n} "GET / HTTP/1.1"\n`,
  )
  writeFileSync(numbered, [...own.slice(0, 100), ...own.slice(107)].join(''))
  const two = await tool(['--json', '--threads', '2', '--format', OWN, numbered])
  assert.equal(JSON.parse(two.stdout).totals.bytesOut, expected.bytesOut - 7 * 103, two.stderr)
  const lost = await tool(['lost', '--json', '--format', OWN, numbered])
  assert.equal(lost.status, 4, lost.stderr)
  assert.equal(JSON.parse(lost.stdout).lost.lines.low, 7)
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
