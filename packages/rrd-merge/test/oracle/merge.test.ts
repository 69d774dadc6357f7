import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cellsOf, editDump } from './dump-text.ts'
import { OracleFolder, random } from './merge-files.ts'

let files: OracleFolder
beforeAll(async () => {
  files = await OracleFolder.make()
})
afterAll(() => files[Symbol.asyncDispose]())

const START = 1_700_000_000
const DS = ['DS:in:COUNTER:180:0:U', 'DS:load:GAUGE:180:U:U', 'DS:out:DERIVE:180:0:U']
const RRA = ['AVERAGE', 'MIN', 'MAX', 'LAST'].flatMap((cf) => [
  `RRA:${cf}:0.5:1:600`,
  `RRA:${cf}:0.4:5:300`,
  `RRA:${cf}:0.7:12:200`,
])

/** Readings at odd times, with single ones unknown and stretches of silence. */
function readings(seed: number, from: number, to: number, width: number, holes = 0.01): string[] {
  const next = random(seed)
  const updates: string[] = []
  const counters = Array.from({ length: width }, () => Math.floor(next() * 1e6))
  for (let time = from + 1 + Math.floor(next() * 60); time <= to; ) {
    const values = counters.map((value, index) => {
      counters[index] = value + Math.floor(next() * 5000)
      return next() < 0.02 ? 'U' : counters[index]
    })
    updates.push(`${time}:${values.join(':')}`)
    time += next() < holes ? 600 + Math.floor(next() * 4000) : 20 + Math.floor(next() * 80)
  }
  return updates
}

describe('a merge against dump, edit, restore by the real rrdtool', () => {
  it.each([1, 2, 3, 4, 5, 6])('pair %i of files made by updates', async (seed) => {
    const next = random(seed * 7919)
    const split = START + 200_000 + Math.floor(next() * 90_000)
    const end = split + 20_000 + Math.floor(next() * 20_000)
    const order = next() < 0.5 ? DS : [...DS].reverse()
    await files.create(
      `old${seed}`,
      { step: 60, start: START, ds: DS, rra: RRA },
      readings(seed, START, split, 3),
    )
    await files.create(
      `new${seed}`,
      { step: 60, start: START, ds: order, rra: [...RRA].sort(() => next() - 0.5) },
      readings(seed + 100, split - 9_000, end, 3, 0.03),
    )
    const edited = editDump(await files.dump(`new${seed}`), [await files.dump(`old${seed}`)])
    const expected = await files.restored(edited, `edited${seed}`)
    const plan = await files.merge([`old${seed}`], `new${seed}`, `merged${seed}`)
    expect(plan.report.filled).toBeGreaterThan(1000)
    expect(await files.dump(`merged${seed}`)).toBe(expected)
    expect(plan.report.filled).toBe(changes(await files.dump(`new${seed}`), expected))
    expect(plan.report.stillUnknown).toBe(expected.match(/<v>NaN<\/v>/g)?.length ?? 0)

    const again = await files.merge([`old${seed}`], `merged${seed}`, `again${seed}`)
    expect(again.changed).toBe(false)

    // Ten more updates do to the merged file what they do to the unmerged one.
    const more = readings(seed + 200, end + 100, end + 1300, 3, 0).slice(0, 10)
    for (const name of [`new${seed}`, `merged${seed}`]) await files.update(name, more)
    const merged = await files.dump(`merged${seed}`)
    expect(merged).toBe(editDump(await files.dump(`new${seed}`), [merged]))
    expect(withoutRows(merged)).toBe(withoutRows(await files.dump(`new${seed}`)))
  })

  it('several OLDs, the first that knows a cell wins', async () => {
    const definition = { step: 60, start: START, ds: DS, rra: RRA }
    await files.create('first', definition, readings(11, START, START + 20_000, 3, 0.05))
    await files.create(
      'second',
      { ...definition, rra: RRA.slice(0, 6) },
      readings(12, START, START + 30_000, 3),
    )
    await files.create('several', definition, readings(13, START + 28_000, START + 40_000, 3))
    const dumps = await Promise.all(['first', 'second'].map((name) => files.dump(name)))
    const expected = await files.restored(editDump(await files.dump('several'), dumps), 'several-edited')
    await files.merge(['first', 'second'], 'several', 'several-merged')
    expect(await files.dump('several-merged')).toBe(expected)
  })

  it('other steps with equal spans, other row counts, missing and extra data sources', async () => {
    const next = readings(21, START, START + 50_000, 2)
    await files.create(
      'odd-old',
      {
        step: 20,
        start: START,
        ds: ['DS:load:GAUGE:300:U:U', 'DS:gone:GAUGE:300:U:U'],
        rra: ['RRA:AVERAGE:0.5:3:900', 'RRA:AVERAGE:0.5:15:100', 'RRA:MAX:0.2:15:30'],
      },
      next,
    )
    await files.create(
      'odd-new',
      { step: 60, start: START, ds: DS, rra: RRA },
      readings(22, START + 45_000, START + 60_000, 3),
    )
    const expected = await files.restored(
      editDump(await files.dump('odd-new'), [await files.dump('odd-old')]),
      'odd-edited',
    )
    const { report } = await files.merge(['odd-old'], 'odd-new', 'odd-merged')
    expect(await files.dump('odd-merged')).toBe(expected)
    expect(report.filled).toBeGreaterThan(300)
    expect(report.ds).toEqual({ matched: ['load'], missing: ['in', 'out'], extra: ['gone'], added: [] })
  })

  it('Holt-Winters archives: predictions are filled, the rest stays', async () => {
    const definition = {
      step: 60,
      start: START,
      ds: ['DS:load:GAUGE:180:U:U'],
      rra: ['RRA:AVERAGE:0.5:1:300', 'RRA:HWPREDICT:300:0.1:0.0035:30'],
    }
    await files.create('hw-old', definition, readings(31, START, START + 15_000, 1, 0))
    await files.create('hw-new', definition, readings(32, START + 14_000, START + 20_000, 1, 0))
    const expected = await files.restored(
      editDump(await files.dump('hw-new'), [await files.dump('hw-old')]),
      'hw-edited',
    )
    const { report } = await files.merge(['hw-old'], 'hw-new', 'hw-merged')
    expect(await files.dump('hw-merged')).toBe(expected)
    expect(report.rras.find(({ cf }) => cf === 'HWPREDICT')?.filled).toBeGreaterThan(0)
  })
})

describe('range check against `rrdtool restore -r`', () => {
  it('makes the same values unknown', async () => {
    const loose = ['DS:a:GAUGE:180:U:U', 'DS:b:GAUGE:180:U:U']
    const rra = [...RRA, 'RRA:HWPREDICT:300:0.1:0.0035:30']
    await files.create(
      'range-old',
      { step: 60, start: START, ds: loose, rra },
      readings(41, START, START + 60_000, 2),
    )
    await files.create(
      'range-loose',
      { step: 60, start: START, ds: loose, rra },
      readings(42, START + 55_000, START + 70_000, 2),
    )
    const tightened = (await files.dump('range-loose'))
      .replace(/<min>NaN/, '<min>0.0000000000e+00')
      .replace(/<max>NaN/, `<max>${(5e5).toExponential(10)}`)
    await files.restored(tightened, 'range-new')
    const edited = editDump(tightened, [await files.dump('range-old')])
    const expected = await files.restored(edited, 'range-edited', { rangeCheck: true })
    const { report } = await files.merge(['range-old'], 'range-new', 'range-merged', { rangeCheck: true })
    expect(report.erased).toBeGreaterThan(0)
    expect(await files.dump('range-merged')).toBe(expected)
  })
})

const withoutRows = (dump: string): string => dump.replace(/<database>.*?<\/database>/gs, '')

function changes(before: string, after: string): number {
  const then = cellsOf(before)
  let changed = 0
  for (const [cell, value] of cellsOf(after)) if (then.get(cell) !== value) changed++
  return changed
}
