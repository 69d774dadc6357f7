import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cellsOf } from './dump-text.ts'
import { OracleFolder, random } from './merge-files.ts'

let files: OracleFolder
beforeAll(async () => {
  files = await OracleFolder.make()
})
afterAll(() => files[Symbol.asyncDispose]())

const START = 1_700_000_000
const A = 'DS:a:GAUGE:180:U:U'
const B = 'DS:b:COUNTER:180:0:U'
const FINE = 'RRA:AVERAGE:0.5:1:300'
const COARSE = 'RRA:MAX:0.5:5:60'

function readings(seed: number, from: number, to: number, width: number): string[] {
  const next = random(seed)
  const updates: string[] = []
  for (let time = from + 7; time <= to; time += 20 + Math.floor(next() * 60)) {
    updates.push(
      `${time}:${Array.from({ length: width }, (_, index) => (index === 0 ? Math.floor(next() * 1000) : time * 3)).join(':')}`,
    )
  }
  return updates
}

const heads = (dump: string): string => dump.replace(/<database>.*?<\/database>/gs, '')

/** primary_value and secondary_value are scratch that rrdtool overwrites before it reads them. */
const settled = (dump: string): string => dump.replace(/<(primary|secondary)_value>.*?<\/\1_value>/g, '')

describe('add-ds', () => {
  it('leaves the state that `rrdtool tune DS:...` leaves, and rrdtool carries on the same', async () => {
    await files.create(
      'old',
      { step: 60, start: START, ds: [A, B], rra: [FINE, COARSE] },
      readings(1, START, START + 9_000, 2),
    )
    for (const name of ['new', 'tuned']) {
      await files.create(
        name,
        { step: 60, start: START, ds: [A], rra: [FINE, COARSE] },
        readings(2, START + 9_000, START + 15_010, 1),
      )
    }
    await files.rrdtool.tune(files.path('tuned'), [B])
    const { report } = await files.merge(['old'], 'new', 'merged', { addDs: true })
    expect(report.ds).toEqual({ matched: ['a', 'b'], missing: [], extra: [], added: ['b'] })
    expect(settled(heads(await files.dump('merged')))).toBe(settled(heads(await files.dump('tuned'))))
    const old = cellsOf(await files.dump('old'))
    const merged = cellsOf(await files.dump('merged'))
    const added = [...merged].filter(([cell]) => cell.endsWith(' b'))
    expect(
      added.filter(([cell, value]) => value !== 'NaN' && value === old.get(cell)).length,
    ).toBeGreaterThan(50)
    expect((await files.merge(['old'], 'merged', 'again', { addDs: true })).changed).toBe(false)

    const more = readings(3, START + 15_040, START + 17_000, 2)
    for (const name of ['merged', 'tuned']) await files.update(name, more)
    const tuned = cellsOf(await files.dump('tuned'))
    const grownOn = cellsOf(await files.dump('merged'))
    for (const [cell, value] of tuned)
      if (value !== 'NaN') expect([cell, grownOn.get(cell)]).toEqual([cell, value])
    expect(settled(heads(await files.dump('merged')))).toBe(settled(heads(await files.dump('tuned'))))
  })

  it('raises the version for DCOUNTER and renumbers the expression of a COMPUTE', async () => {
    const ds = ['DS:x:GAUGE:180:U:U', 'DS:d:DCOUNTER:180:U:U', 'DS:twice:COMPUTE:x,2,*']
    await files.create(
      'old5',
      { step: 60, start: START, ds, rra: [FINE] },
      readings(4, START, START + 9_000, 2),
    )
    await files.create(
      'new3',
      { step: 60, start: START, ds: [A, 'DS:x:GAUGE:180:U:U'], rra: [FINE] },
      readings(5, START + 9_000, START + 12_000, 2),
    )
    await files.merge(['old5'], 'new3', 'merged5', { addDs: true })
    const info = await files.rrdtool.info(files.path('merged5'))
    expect(info.rrd_version).toBe('0005')
    expect(info['ds[twice].cdef']).toBe('x,2,*')
    await files.update('merged5', [`${START + 12_040}:1:2:3`, `${START + 12_100}:1:2:4`])
    const { values } = await files.rrdtool.lastupdate(files.path('merged5'))
    expect(values).toMatchObject({ a: 1, x: 2, d: 4 })
  })
})

describe('add-rra', () => {
  const extra = ['RRA:AVERAGE:0.5:12:50', 'RRA:MIN:0.3:5:40', 'RRA:LAST:0.5:3:40', 'RRA:MAX:0.5:7:40']

  it('gives an archive that rrdtool carries on as if it had always been there', async () => {
    const definition = { step: 60, start: START, ds: [A, B] }
    // Part of what is unknown lies in the rows that are running at the end.
    const after = readings(7, START + 9_000, START + 15_010, 2).map((update) => {
      const time = Number(update.split(':')[0]) - START
      return time > 14_700 && time < 14_880 ? `${START + time}:U:U` : update
    })
    const points = ['AVERAGE', 'MIN', 'LAST', 'MAX'].map((cf) => `RRA:${cf}:0.5:1:300`)
    await files.create('old', { ...definition, rra: extra }, readings(6, START, START + 9_000, 2))
    await files.create('new', { ...definition, start: START + 8_990, rra: points }, after)
    await files.create('always', { ...definition, start: START + 8_990, rra: [...points, ...extra] }, after)
    const { report } = await files.merge(['old'], 'new', 'merged', { addRra: true })
    expect(report.warnings[0]).toMatchObject({
      code: 'structure-changed',
      rras: [
        { cf: 'AVERAGE', span: 720, rows: 50 },
        { cf: 'MIN', span: 300, rows: 40 },
        { cf: 'LAST', span: 180, rows: 40 },
        { cf: 'MAX', span: 420, rows: 40 },
      ],
    })
    expect((await files.merge(['old'], 'merged', 'again', { addRra: true })).changed).toBe(false)
    await compare('merged', 'always', 'old')
    const more = readings(8, START + 15_040, START + 17_000, 2)
    for (const name of ['merged', 'always']) await files.update(name, more)
    await compare('merged', 'always', 'old')
  })

  /** What the file that always had the archive knows, else what OLD knows. */
  async function compare(name: string, always: string, old: string): Promise<void> {
    const [mine, full, before] = await Promise.all(
      [name, always, old].map(async (file) => cellsOf(await files.dump(file))),
    )
    let fromOld = 0
    for (const [cell, value] of mine as Map<string, string>) {
      const own = full?.get(cell) as string
      if (own === 'NaN') fromOld += value === 'NaN' ? 0 : 1
      const expected = own === 'NaN' ? (before?.get(cell) ?? 'NaN') : own
      // rrdtool adds a long interval up at once, we add its rows: the last digits may differ.
      if (expected === 'NaN') expect([cell, value]).toEqual([cell, 'NaN'])
      else expect([cell, Number(value)]).toEqual([cell, expect.closeTo(Number(expected), 6)])
    }
    expect(fromOld).toBeGreaterThan(20)
  }
})

describe('grow', () => {
  it('puts rows where `rrdtool resize GROW` puts them', async () => {
    await files.create(
      'old',
      { step: 60, start: START, ds: [A], rra: [FINE, 'RRA:MAX:0.5:5:90'] },
      readings(9, START, START + 20_000, 1),
    )
    await files.create(
      'new',
      { step: 60, start: START, ds: [A], rra: ['RRA:AVERAGE:0.5:1:110', COARSE] },
      readings(10, START + 19_000, START + 22_000, 1),
    )
    await files.rrdtool.resize(files.path('new'), { rra: 0, grow: 190, output: files.path('step') })
    await files.rrdtool.resize(files.path('step'), { rra: 1, grow: 30, output: files.path('resized') })
    const { report } = await files.merge(['old'], 'new', 'merged', { grow: true })
    expect(report.warnings).toEqual([
      expect.objectContaining({
        code: 'structure-changed',
        message: 'AVERAGE 60 s grown from 110 to 300 rows; MAX 5 min grown from 60 to 90 rows',
      }),
    ])
    const filled = await files.merge(['old'], 'resized', 'resized-merged')
    expect(await files.dump('merged')).toBe(await files.dump('resized-merged'))
    expect(filled.report.filled).toBe(report.filled)
    expect((await files.merge(['old'], 'merged', 'again', { grow: true })).changed).toBe(false)
    const more = readings(11, START + 22_000, START + 24_000, 1)
    for (const name of ['merged', 'resized-merged']) await files.update(name, more)
    expect(await files.dump('merged')).toBe(await files.dump('resized-merged'))
  })
})

describe('files of another architecture', () => {
  it.each(['be32a8', 'le32a4', 'be64'] as const)(
    'merges, widens and grows %s like the native file',
    async (architecture) => {
      await files.create(
        'old',
        { step: 60, start: START, ds: [A, B], rra: [FINE, COARSE, 'RRA:MIN:0.5:10:30'] },
        readings(12, START, START + 9_000, 2),
      )
      await files.create(
        'new',
        { step: 60, start: START, ds: [A], rra: ['RRA:AVERAGE:0.5:1:200', COARSE] },
        readings(13, START + 8_000, START + 12_000, 1),
      )
      const options = { addDs: true, addRra: true, grow: true }
      await files.merge(['old'], 'new', 'native', options)
      await files.convert('new', 'foreign-new', architecture)
      await files.convert('old', 'foreign-old', architecture)
      for (const old of ['old', 'foreign-old']) {
        const { rrd } = await files.merge([old], 'foreign-new', 'foreign', options)
        expect(rrd.header.architecture).toBe(architecture)
        await files.convert('foreign', 'back', 'le64')
        expect(await files.dump('back')).toBe(await files.dump('native'))
      }
    },
  )
})
