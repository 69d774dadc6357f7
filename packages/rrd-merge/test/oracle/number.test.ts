import { afterAll, beforeAll, expect, it } from 'vitest'
import { rrdToBytes } from '../../src/format/index.ts'
import { writeXml } from '../../src/xml/index.ts'
import { Random } from '../format/mutate.ts'
import { Workbench } from './workbench.ts'

let bench: Workbench
beforeAll(() => {
  bench = new Workbench()
})
afterAll(() => bench.close())

const ROWS = 20_000
const random = new Random(42)
const scaled = (): number => (random.below(2 ** 32) + random.below(2 ** 20) / 2 ** 20) / 2 ** 32

it.each<[string, () => number]>([
  ['numbers of every size', () => (scaled() - 0.3) * 10 ** (scaled() * 40 - 20)],
  ['halves in the twelfth digit', () => (Math.floor(scaled() * 2 ** 36) * 10 + 5) / 2 ** random.below(18)],
  ['whole numbers', () => Math.floor(scaled() * 10 ** random.below(22))],
  [
    'any 64 bits: subnormal, infinite, NaN',
    () => new Float64Array(Uint32Array.of(random.below(2 ** 32), random.below(2 ** 32)).buffer)[0] as number,
  ],
])('rrdtool dump prints %s as here', async (_, next) => {
  const path = bench.path('numbers.rrd')
  await bench.rrdtool.create(path, {
    step: 60,
    start: 1_700_000_000,
    ds: ['DS:a:GAUGE:120:U:U'],
    rra: [`RRA:LAST:0.5:1:${ROWS}`],
  })
  const rrd = bench.open(path)
  const cells = rrd.cells[0] as Float64Array
  for (let i = 0; i < cells.length; i++) cells[i] = next()
  bench.write('numbers.rrd', rrdToBytes(rrd))
  const theirs = (await bench.rrdtool.dump(path)).split('\n')
  const ours = [...writeXml(rrd, { precision: 'rrdtool' })].join('').split('\n')
  expect(ours.filter((line, i) => line !== theirs[i])).toEqual([])
  expect(theirs.length).toBe(ours.length)
})
