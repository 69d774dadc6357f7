import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import wabt from 'wabt'
import { CellStore } from '../../src/check/counters/cell-store.ts'
import type { CellBits } from '../../src/check/counters/flat-cells.ts'
import type { EntryRules } from '../../src/check/kernel/kernel.ts'
import { COMPARE_CODE, WALK_CODE } from '../../src/check/kernel/kernel-code.ts'
import { WasmKernel } from '../../src/check/kernel/wasm-kernel.ts'

const CLUSTERS = 70
const ENTRIES = 48

/** Entries of every kind for a file of 70 clusters, most of them sound. */
const entryOf = (clusterBits: number) => {
  const cluster = fc.nat(CLUSTERS + 2).map((number) => BigInt(number) << BigInt(clusterBits))
  const compressed = fc
    .tuple(fc.nat(CLUSTERS * 2 ** clusterBits), fc.nat(3))
    .map(([host, more]) => (1n << 62n) | (BigInt(more) << BigInt(70 - clusterBits)) | BigInt(host))
  return fc.oneof(
    { weight: 6, arbitrary: cluster.map((offset) => offset | (1n << 63n)) },
    { weight: 3, arbitrary: cluster },
    { weight: 3, arbitrary: fc.constant(0n) },
    { weight: 1, arbitrary: cluster.map((offset) => offset | 1n) },
    { weight: 1, arbitrary: compressed },
    { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
  )
}

/** One entry, or many that follow one another. */
const runOf = (clusterBits: number) =>
  fc.oneof(
    { weight: 12, arbitrary: entryOf(clusterBits).map((entry) => [entry]) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.nat(CLUSTERS), fc.nat(40), fc.boolean())
        .map(([first, count, copied]) =>
          Array.from(
            { length: count + 1 },
            (_, at) => (BigInt(first + at) << BigInt(clusterBits)) | (copied ? 1n << 63n : 0n),
          ),
        ),
    },
  )

interface Table {
  readonly rules: EntryRules
  readonly bits: CellBits
  readonly rows: readonly (readonly bigint[])[]
  readonly weights: readonly number[]
  readonly active: boolean
}

const table: fc.Arbitrary<Table> = fc
  .record({
    clusterBits: fc.constantFrom(9, 12, 16, 21),
    extendedL2: fc.boolean(),
    zeroFlag: fc.boolean(),
    bits: fc.constantFrom<CellBits>(2, 8, 16, 32),
    tables: fc.integer({ min: 1, max: 3 }),
  })
  .chain(({ clusterBits, extendedL2, zeroFlag, bits, tables }) =>
    fc.record({
      rules: fc.constant({
        clusterBits: extendedL2 ? Math.max(14, clusterBits) : clusterBits,
        clusters: CLUSTERS,
        extendedL2,
        zeroFlag: zeroFlag && !extendedL2,
        externalData: false,
        refcountOrder: 4,
      }),
      bits: fc.constant(bits),
      // Side by side stand only tables of snapshots, whose counters have more than 2 bits.
      rows: fc.array(
        fc
          .array(runOf(extendedL2 ? Math.max(14, clusterBits) : clusterBits), {
            minLength: ENTRIES,
            maxLength: ENTRIES,
          })
          .map((runs) => runs.flat().slice(0, ENTRIES)),
        { minLength: bits === 2 ? 1 : tables, maxLength: bits === 2 ? 1 : tables },
      ),
      weights: fc.array(fc.constantFrom(1, 1, 2, 9, 300, 70_000), { minLength: 3, maxLength: 3 }),
      active: fc.boolean(),
    }),
  )

const STRIDE = ENTRIES * 16

/** Walks all rows; what was counted, and where the loops stopped. */
function walked({ rules, bits, rows, weights, active }: Table, kind: 'plain' | 'wasm') {
  const store = new CellStore(rules, { ioBytes: 4096, sharers: 1, bits, kernel: kind })
  const { kernel } = store
  if (kind === 'wasm') expect(kernel).toBeInstanceOf(WasmKernel)
  const view = new DataView(kernel.io.buffer, kernel.io.byteOffset, kernel.io.byteLength)
  const size = rules.extendedL2 ? 16 : 8
  const stops: number[] = []
  for (const [row, entries] of rows.entries()) {
    for (const [index, entry] of entries.entries()) {
      view.setBigUint64(row * STRIDE + index * size, entry)
      if (size === 16 && index % 5 === 0) view.setBigUint64(row * STRIDE + index * size + 8, entry >> 3n)
    }
  }
  for (const [row, entries] of rows.entries()) {
    Object.assign(kernel.use, {
      weight: weights[row],
      active: active && row === 1,
      rows: row,
      stride: STRIDE,
    })
    if (rows.length === 1) kernel.use.active = active
    kernel.following = 0
    for (let index = 0; index < entries.length; index++) {
      index += kernel.walk(row * STRIDE + index * size, entries.length - index)
      if (index < entries.length) stops.push(row * 100 + index)
    }
  }
  const cells = Array.from({ length: CLUSTERS + 1 }, (_, cluster) => [
    store.cells.count(cluster),
    store.cells.flags(cluster),
  ])
  const { allocated, fragmented, compressed, used, following } = kernel
  return { store, seen: { stops, cells, allocated, fragmented, compressed, used, following } }
}

test('the kernel counts as JavaScript does, entry by entry', () => {
  fc.assert(
    fc.property(table, (one) => {
      // Counters of 2 bits leave compressed entries to the caller, who takes wider ones then.
      fc.pre(one.bits !== 2 || one.rows.flat().every((entry) => (entry & (1n << 62n)) === 0n))
      expect(walked(one, 'wasm').seen).toEqual(walked(one, 'plain').seen)
    }),
    { numRuns: 1500 },
  )
})

test('the kernel compares refcounts as JavaScript does', () => {
  fc.assert(
    fc.property(table, fc.array(fc.nat(CLUSTERS), { maxLength: 3 }), (one, wrong) => {
      fc.pre(one.bits !== 2 || one.rows.flat().every((entry) => (entry & (1n << 62n)) === 0n))
      const results = (['plain', 'wasm'] as const).map((kind) => {
        const { store } = walked(one, kind)
        const { kernel, cells } = store
        const view = new DataView(kernel.io.buffer, kernel.io.byteOffset, kernel.io.byteLength)
        for (let cluster = 0; cluster < CLUSTERS; cluster++) {
          const count = Math.min(65_535, cells.count(cluster))
          view.setUint16(cluster * 2, wrong.includes(cluster) ? count ^ 1 : count)
        }
        const stops: number[] = []
        for (let cluster = 0; cluster < CLUSTERS; cluster++) {
          cluster += kernel.compare(0, cluster, CLUSTERS - cluster, cluster)
          if (cluster < CLUSTERS) stops.push(cluster)
        }
        return { stops, cells }
      })
      const [plain, kernel] = results as [(typeof results)[0], (typeof results)[0]]
      // It may stop where a counter is full; the caller sees that nothing is wrong there.
      const extra = kernel.stops.filter((cluster) => !plain.stops.includes(cluster))
      expect(plain.stops.filter((cluster) => !kernel.stops.includes(cluster))).toEqual([])
      const full = { 2: 2, 8: 15, 16: 4095, 32: 2 ** 28 - 1 }[one.bits]
      for (const cluster of extra) expect(plain.cells.count(cluster) >= full || one.bits === 2).toBe(true)
    }),
    { numRuns: 700 },
  )
})

test.each([
  ['walk.wat', WALK_CODE],
  ['compare.wat', COMPARE_CODE],
])('the code is what %s says', async (name, code) => {
  const { parseWat } = await wabt()
  const path = new URL(`../../src/check/kernel/${name}`, import.meta.url)
  const module = parseWat(name, readFileSync(path, 'utf8'), { simd: true, mutable_globals: true })
  expect(Buffer.from(module.toBinary({}).buffer).toString('base64')).toBe(code)
})
