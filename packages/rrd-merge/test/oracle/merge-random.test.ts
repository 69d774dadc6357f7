import { writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildRrd, newArchive, newDataSource, rrdToBytes } from '../../src/format/index.ts'
import { editDump } from './dump-text.ts'
import { OracleFolder } from './merge-files.ts'

let files: OracleFolder
beforeAll(async () => {
  files = await OracleFolder.make()
})
afterAll(() => files[Symbol.asyncDispose]())

const T = 1_700_006_400
const NAMES = ['1', '2', 'in', 'out', 'load_5min']
const ARCHIVES = ['AVERAGE', 'MIN', 'MAX', 'LAST'].flatMap((cf) =>
  [1, 5, 12, 30].map((pdpPerRow) => ({ cf, pdpPerRow })),
)

/** 1e-300 to 1e300: the eleven digits of a dump round the greatest doubles to infinity, and of the least it makes 0e-308. */
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constant(Number.NaN) },
  {
    weight: 4,
    arbitrary: fc.double({ noNaN: true, min: -1e300, max: 1e300 }).map((x) => (Math.abs(x) < 1e-300 ? 0 : x)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  },
)

/** Files as they might come from anywhere: data sources and archives in any order, rows wrapped anywhere. */
const file = fc
  .record({
    names: fc.shuffledSubarray(NAMES, { minLength: 3 }),
    archives: fc.shuffledSubarray(ARCHIVES, { minLength: 6 }),
    rowCounts: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 16, maxLength: 16 }),
    turns: fc.array(fc.nat(39), { minLength: 16, maxLength: 16 }),
    values: fc.array(value, { minLength: 61, maxLength: 61 }),
    age: fc.nat(2500),
  })
  .map((shape) => ({ ...shape, step: 60 }))

type File = typeof file extends fc.Arbitrary<infer Shape> ? Shape : never

function bytesOf({ names, archives, rowCounts, turns, values, step }: File, lastUpdate: number): Uint8Array {
  let next = 0
  return rrdToBytes(
    buildRrd({
      architecture: 'le64',
      version: 3,
      step,
      lastUpdate,
      lastUpdateUsec: 0,
      parameters: newDataSource({
        name: 'a',
        type: 'GAUGE',
        heartbeat: 0,
        minimum: 0,
        maximum: 0,
        unknownSeconds: 0,
      }).prep,
      dataSources: names.map((name) =>
        newDataSource({
          name,
          type: 'GAUGE',
          heartbeat: 120,
          minimum: Number.NaN,
          maximum: Number.NaN,
          unknownSeconds: 0,
        }),
      ),
      archives: archives.map(({ cf, pdpPerRow }, index) => {
        const rowCount = rowCounts[index] as number
        const made = newArchive({ cf, pdpPerRow, rowCount, xff: 0.5, dsCount: names.length, unknownPdps: 0 })
        // A number of values that shares no factor with the widths: neighbours in time and name differ.
        made.cells = made.cells.map(() => values[next++ % values.length] as number)
        made.currentRow = (turns[index] as number) % rowCount
        return made
      }),
    }),
  )
}

it('any pair of files: dump of the result is dump, edit, restore', async () => {
  let filled = 0
  await fc.assert(
    fc.asyncProperty(file, fc.array(file, { minLength: 1, maxLength: 3 }), async (target, olds) => {
      await writeFile(files.path('new'), bytesOf(target, T))
      const names = olds.map((_, index) => `old${index}`)
      for (const [index, old] of olds.entries())
        await writeFile(files.path(names[index] as string), bytesOf(old, T - old.age))
      const dumps = await Promise.all(names.map((name) => files.dump(name)))
      const expected = await files.restored(editDump(await files.dump('new'), dumps), 'edited')
      filled += (await files.merge(names, 'new', 'merged')).report.filled
      expect(await files.dump('merged')).toBe(expected)
    }),
    { numRuns: 60 },
  )
  expect(filled).toBeGreaterThan(1000)
})
