import { afterAll, beforeAll, expect, it } from 'vitest'
import { cellsOf } from './dump-text.ts'
import { OracleFolder, random } from './merge-files.ts'

let files: OracleFolder
beforeAll(async () => {
  files = await OracleFolder.make()
})
afterAll(() => files[Symbol.asyncDispose]())

const START = 1_700_006_400
const DS = ['DS:a:GAUGE:60:U:U', 'DS:b:GAUGE:60:U:U']

/** A reading a step on the step, as whole numbers: then rrdtool's sums are exact in whatever order it adds. */
function minutes(seed: number, count: number): string[] {
  const next = random(seed)
  const value = () => (next() < 0.35 ? 'U' : Math.floor(next() * 1000))
  return Array.from({ length: count }, (_, index) => `${START + 60 * (index + 1)}:${value()}:${value()}`)
}

it.each(['AVERAGE', 'MIN', 'MAX', 'LAST'])(
  'consolidating %s gives the rows that rrdtool makes of the same updates, at every xff',
  async (cf) => {
    for (const [index, xff] of [0, 0.2, 0.4, 0.5, 0.6, 0.75, 0.99].entries()) {
      const coarse = [`RRA:${cf}:${xff}:5:200`, `RRA:${cf}:${xff}:12:100`, `RRA:${cf}:${xff}:60:20`]
      const updates = minutes(index + 1, 1100)
      const definition = { step: 60, start: START, ds: DS }
      await files.create('fine', { ...definition, rra: [`RRA:${cf}:0.5:1:1200`] }, updates)
      await files.create('all', { ...definition, rra: coarse }, updates)
      await files.create('target', { ...definition, rra: coarse }, [`${START + 1100 * 60}:U:U`])
      const { report } = await files.merge(['fine'], 'target', 'merged', { consolidate: true })
      expect(report.filled).toBeGreaterThan(0)
      expect(cellsOf(await files.dump('merged'))).toEqual(cellsOf(await files.dump('all')))
    }
  },
)

it('gives coarse rows of another step what rrdtool makes of the same updates', async () => {
  const updates = minutes(99, 1100).map((update) => update.replaceAll('U', '5'))
  await files.create('fine', { step: 60, start: START, ds: DS, rra: ['RRA:AVERAGE:0.5:1:1200'] }, updates)
  await files.create(
    'all',
    {
      step: 300,
      start: START,
      ds: DS.map((ds) => ds.replace(':60:', ':300:')),
      rra: ['RRA:AVERAGE:0.5:1:300', 'RRA:AVERAGE:0.5:4:100'],
    },
    updates,
  )
  await files.create(
    'target',
    {
      step: 300,
      start: START,
      ds: DS.map((ds) => ds.replace(':60:', ':300:')),
      rra: ['RRA:AVERAGE:0.5:1:300', 'RRA:AVERAGE:0.5:4:100'],
    },
    [`${START + 1100 * 60}:U:U`],
  )
  await files.merge(['fine'], 'target', 'merged', { consolidate: true })
  expect(cellsOf(await files.dump('merged'))).toEqual(cellsOf(await files.dump('all')))
})

it('recomputed seams are the rows of a file that never had a seam', async () => {
  for (const cf of ['AVERAGE', 'MIN', 'MAX', 'LAST']) {
    const updates = minutes(7, 1100).map((update) => update.replaceAll('U', '5'))
    const rra = [`RRA:${cf}:0.99:60:20`, `RRA:${cf}:0.99:5:240`, `RRA:${cf}:0.5:1:1200`]
    const definition = { step: 60, start: START, ds: DS, rra }
    await files.create('whole', definition, updates)
    await files.create('before', definition, updates.slice(0, 507))
    await files.create('after', { ...definition, start: START + 507 * 60 }, updates.slice(507))
    const { report } = await files.merge(['before'], 'after', 'merged', { seam: 'recompute' })
    // The last value of a row is NEW's anyway; an average is not.
    if (cf === 'AVERAGE') expect(report.warnings.map(({ code }) => code)).toContain('seam-recomputed')
    // What OLD's own last, unfinished row would have become is in none of its rows: rrdtool never wrote it.
    expect(cellsOf(await files.dump('merged'))).toEqual(cellsOf(await files.dump('whole')))
  }
})
