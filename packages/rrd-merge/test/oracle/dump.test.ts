import { afterEach, describe, expect, it } from 'vitest'
import { writeXml } from '../../src/xml/index.ts'
import { Workbench } from './workbench.ts'

const OPERATORS =
  'INF NEGINF UNKN NOW + % - * / SIN DUP EXC POP COS LOG EXP LT LE GT GE EQ IF MIN MAX LIMIT FLOOR CEIL UN NE ' +
  'ISINF ATAN SQRT SORT REV ATAN2 RAD2DEG DEG2RAD AVG ABS ADDNAN MINNAN MAXNAN MEDIAN DEPTH COPY ROLL INDEX ' +
  'SMIN SMAX STDEV PERCENT POW PREV(a)'

const before = process.env.TZ
afterEach(() => {
  if (before === undefined) delete process.env.TZ
  else process.env.TZ = before
})

const file = {
  step: 3600,
  start: 1_711_800_000,
  ds: ['DS:a:GAUGE:7200:U:U', 'DS:c:COMPUTE:a,2,*'],
  rra: ['RRA:AVERAGE:0.5:1:200', 'RRA:MAX:0.5:24:400'],
  updates: ['1711803600:1', '1711807200:2'],
}

const expectSameDump = async (bench: Workbench, path: string) => {
  const ours = [...writeXml(bench.open(path), { precision: 'rrdtool' })].join('')
  expect(ours).toBe(await bench.rrdtool.dump(path))
  return ours
}

describe('dump is rrdtool dump, byte for byte', () => {
  it.each([
    'Europe/Berlin',
    'America/Sao_Paulo',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'UTC',
    'EST5EDT,M3.2.0,M11.1.0',
  ])('with the clock of %s, over changes of daylight time', async (zone) => {
    process.env.TZ = zone
    const bench = new Workbench()
    try {
      await expectSameDump(bench, await bench.make('zone.rrd', file))
    } finally {
      await bench.close()
    }
  })

  it('with every operator that a COMPUTE data source may have', async () => {
    const bench = new Workbench()
    try {
      for (const operator of OPERATORS.split(' ')) {
        const ds = ['DS:a:GAUGE:7200:U:U', `DS:c:COMPUTE:a,a,${operator}`]
        const dump = await expectSameDump(
          bench,
          await bench.make('operator.rrd', { ...file, ds, updates: [] }),
        )
        // rrdtool's own dump loses PREV(name).
        expect(dump).toContain(`<cdef> a,a,${operator === 'PREV(a)' ? '' : operator} </cdef>`)
      }
    } finally {
      await bench.close()
    }
  })
})
