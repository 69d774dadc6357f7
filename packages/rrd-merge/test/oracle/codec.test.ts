import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ARCHITECTURES,
  buildRrd,
  checkRrd,
  convertRrd,
  describeRrd,
  rrdToBytes,
} from '../../src/format/index.ts'
import { readXml, writeXml } from '../../src/xml/index.ts'
import { expectValidRrd } from '../format/invariants.ts'
import { randomFile } from './random-file.ts'
import { Workbench } from './workbench.ts'

let bench: Workbench
beforeAll(() => {
  bench = new Workbench()
})
afterAll(() => bench.close())

const rowsOf = (dump: string): string[] => dump.split('\n').filter((line) => line.includes('<row>'))

/** Relative difference of two numbers of dumps; unknown and infinite ones must be the same. */
const far = (a: string, b: string): boolean => {
  if (a === b) return false
  const [x, y] = [Number(a), Number(b)]
  return !(Math.abs(x - y) <= 1e-9 * Math.max(Math.abs(x), Math.abs(y)))
}

const numbersOf = (dump: string): string[] =>
  [...dump.replace(/<!--.*?-->/g, '').matchAll(/>\s*([^<>]*?)\s*</g)].map((match) => match[1] as string)

describe('files that rrdtool made', () => {
  it('are read, dumped, restored and converted as rrdtool itself would', async () => {
    let count = 0
    await fc.assert(
      fc.asyncProperty(randomFile, async (file) => {
        const name = `f${count++}`
        const path = await bench.make(`${name}.rrd`, file)
        const rrd = bench.open(path)
        expectValidRrd(rrd)
        expect(checkRrd(rrd).filter((finding) => finding.severity === 'error')).toEqual([])

        const dump = await bench.rrdtool.dump(path)
        expect([...writeXml(rrd, { precision: 'rrdtool' })].join('')).toBe(dump)

        const bytes = bench.read(path)
        expect(rrdToBytes(buildRrd(describeRrd(rrd)))).toEqual(bytes)
        for (const architecture of ARCHITECTURES) {
          const foreign = convertRrd(rrd, architecture)
          expect(foreign.header.architecture).toBe(architecture)
          expect(rrdToBytes(convertRrd(foreign, 'le64'))).toEqual(bytes)
        }

        const restored = readXml([dump], { architecture: 'le64' })
        expectValidRrd(restored)
        const again = await bench.rrdtool.dump(bench.write(`${name}-restored.rrd`, rrdToBytes(restored)))
        expect(again).toBe(dump)

        const exact = [...writeXml(rrd)].join('')
        const xml = bench.write(`${name}.xml`, exact)
        const theirs = bench.path(`${name}-theirs.rrd`)
        await bench.rrdtool.restore(xml, theirs)
        // rrdtool reads 17 digits with an error of an ulp or two, and 10 of FAILURES' history.
        const numbers = numbersOf((await bench.rrdtool.dump(theirs)).replace(/<history>.*/g, ''))
        const wanted = numbersOf(dump.replace(/<history>.*/g, ''))
        expect(numbers.length).toBe(wanted.length)
        expect(numbers.filter((number, i) => far(number, wanted[i] as string))).toEqual([])
      }),
      { numRuns: 30, seed: 20231114 },
    )
  }, 120_000)

  it('say the same to rrdtool info', async () => {
    await fc.assert(
      fc.asyncProperty(randomFile, async (file) => {
        const path = await bench.make('info.rrd', file)
        const { header } = bench.open(path)
        const info: Readonly<Record<string, unknown>> = await bench.rrdtool.info(path)
        expect(header.step).toBe(info.step)
        expect(header.lastUpdate).toBe(info.last_update)
        expect(header.length).toBe(info.header_size)
        expect(header.version).toBe(Number(info.rrd_version))
        for (const ds of header.dataSources) {
          expect(ds.type).toBe(info[`ds[${ds.name}].type`])
          expect(ds.lastReading).toBe(info[`ds[${ds.name}].last_ds`])
          expect(ds.unknownSeconds).toBe(info[`ds[${ds.name}].unknown_sec`])
          if (ds.type === 'COMPUTE') continue
          expect(ds.heartbeat).toBe(info[`ds[${ds.name}].minimal_heartbeat`])
          expect(ds.minimum.toPrecision(10)).toBe((info[`ds[${ds.name}].min`] as number).toPrecision(10))
        }
        for (const [r, archive] of header.archives.entries()) {
          expect(archive.cf).toBe(info[`rra[${r}].cf`])
          expect(archive.rowCount).toBe(info[`rra[${r}].rows`])
          expect(archive.currentRow).toBe(info[`rra[${r}].cur_row`])
          expect(archive.pdpPerRow).toBe(info[`rra[${r}].pdp_per_row`])
          if (Number.isNaN(archive.xff)) continue
          expect(archive.xff.toPrecision(10)).toBe((info[`rra[${r}].xff`] as number).toPrecision(10))
        }
      }),
      { numRuns: 15, seed: 3 },
    )
  })
})

describe('version 1', () => {
  it('made here, is read and updated by rrdtool like the file it was made of', async () => {
    const file = {
      step: 60,
      start: 1_700_000_000,
      ds: ['DS:in:COUNTER:120:0:U', 'DS:temp:GAUGE:120:U:U'],
      rra: ['RRA:AVERAGE:0.5:1:30', 'RRA:MAX:0.5:5:10'],
      updates: Array.from({ length: 50 }, (_, i) => `${1_700_000_060 + 60 * i}:${i * i * 1000}:${i / 7}`),
    }
    const third = await bench.make('v3.rrd', file)
    const first = bench.write('v1.rrd', rrdToBytes(convertRrd(bench.open(third), 'le64', 1)))
    expect(bench.open(first).header.version).toBe(1)
    expect(await bench.rrdtool.dump(first)).toBe(await bench.rrdtool.dump(third))
    for (const path of [first, third])
      await bench.rrdtool.update(path, ['1700003100:9000000:5', '1700003190:U:6'])
    const dump = await bench.rrdtool.dump(first)
    expect(dump).toBe(await bench.rrdtool.dump(third))
    expect([...writeXml(bench.open(first), { precision: 'rrdtool' })].join('')).toBe(dump)
    expect(rowsOf(dump)).toHaveLength(40)
  })
})
