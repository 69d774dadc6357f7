import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { client, FORMS, folder, START } from './support.ts'

const value = fc.oneof(
  fc.constant(Number.NaN),
  fc.integer({ min: -1_000_000, max: 1_000_000 }),
  fc.double({ min: -1e12, max: 1e12, noNaN: true }),
)

describe.each(FORMS)('$form', ({ persistent }) => {
  test('what is written is fetched, to the digits that rrdtool prints', async () => {
    const rrd = client({ persistent })
    const base = folder()
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 12 }),
        async (readings) => {
          const file = join(base, 'a.rrd')
          await rrd.create(file, {
            step: 60,
            start: START,
            ds: ['DS:a:GAUGE:120:U:U', 'DS:b-b_B:GAUGE:120:U:U'],
            rra: ['RRA:LAST:0.5:1:20'],
          })
          const text = (number: number) => (Number.isNaN(number) ? 'U' : number.toFixed(6))
          await rrd.update(
            file,
            readings.map((pair, i) => `${START + 60 * (i + 1)}:${pair.map(text).join(':')}`),
          )
          const { names, rows } = await rrd.fetch(file, {
            cf: 'LAST',
            start: START,
            end: START + 60 * readings.length - 1,
          })
          expect(names).toEqual(['a', 'b-b_B'])
          expect(rows.map(({ time }) => time)).toEqual(readings.map((_, i) => START + 60 * (i + 1)))
          for (const [i, pair] of readings.entries()) {
            const expected = pair.map((number) => Number(Number(text(number)).toExponential(10)))
            expect(rows[i]?.values.map((found) => Number(found.toExponential(10)))).toEqual(expected)
          }
        },
      ),
      { numRuns: persistent ? 60 : 15 },
    )
  })
})
