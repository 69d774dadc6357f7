import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Zone } from '../../src/clock/index.ts'
import { KNOWN_FORMATS, parseLogFormat } from '../../src/log-format/index.ts'
import { logWarnings } from '../../src/notes/index.ts'
import { mergePartials, parsePartials, partialRows, SourceCounter } from '../../src/partial/index.ts'
import { readLogs, type Shard } from '../../src/scan/index.ts'
import { keyNamed } from '../../src/totals/index.ts'
import { SENT_LINES } from '../fixtures/lines.ts'
import { Scratch } from '../support/scratch.ts'

const KEYS = ['frontend', 'status', 'hour']
const FORMATS = Object.values(KNOWN_FORMATS).map(parseLogFormat)
const scratch = new Scratch()
const LOGS = ['a.log', 'b.log.gz', 'c.log', 'empty.log'].map((name) => scratch.file(name))

/** Real lines of every odd form: also cut, unknown, and of other programs. */
const lines = SENT_LINES.map(({ bytes }) => Buffer.concat([bytes, Buffer.from('\n')]))
beforeAll(() => {
  const [a, b, c, d] = LOGS as [string, string, string, string]
  writeFileSync(a, Buffer.concat(lines.slice(0, 90)))
  writeFileSync(b, gzipSync(Buffer.concat(lines.slice(90, 150))))
  // Its last line has no end.
  writeFileSync(c, Buffer.concat(lines.slice(150)).subarray(0, -1))
  writeFileSync(d, '')
})
afterAll(() => scratch[Symbol.dispose]())

/** What one shard prints. */
async function part(shard?: Shard): Promise<string[]> {
  const keys = KEYS.map((name) => keyNamed(name, (at) => new Date(at).toISOString()) ?? expect.unreachable())
  const counter = new SourceCounter(keys)
  const settings = { formats: FORMATS, zone: new Zone('UTC'), ...(shard && { shard }) }
  const { logs } = await readLogs(LOGS, settings, counter)
  return [...partialRows({ keys: KEYS, settings: {}, sources: counter.sources(logs) })]
}

function told(rows: readonly string[]) {
  const { totals, notes, incomplete } = mergePartials(parsePartials(rows))
  return { totals, warnings: logWarnings(totals.totals, notes), incomplete }
}

test('any number of shards, in any order and some of them twice, is the whole, with all that was noted', async () => {
  const whole = told(await part())
  expect(whole.warnings.length).toBeGreaterThan(2)
  expect(whole.totals.lines.read).toBeGreaterThan(150)
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 3 }),
      fc.infiniteStream(fc.nat()),
      async (count, twice, random) => {
        const shards = Array.from({ length: count + twice }, (_, n) => ({ index: n % count, count }))
        const order = shards.map((shard) => ({ shard, at: random.next().value as number }))
        order.sort((one, other) => one.at - other.at)
        const rows: string[] = []
        for (const { shard } of order) rows.push(...(await part(shard)))
        expect(told(rows)).toEqual(whole)
      },
    ),
    { numRuns: 12 },
  )
})
