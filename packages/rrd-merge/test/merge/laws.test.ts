import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Rrd } from '../../src/format/types.ts'
import { type MergeOptions, mergeInto, planMerge } from '../../src/merge/index.ts'
import { image, T, U } from './image.ts'
import { lookUp, places, reversed, valuesOf } from './places.ts'

const SPANS = [1, 2, 3, 6]
const CFS = ['AVERAGE', 'MAX', 'LAST']

const cell = fc.oneof(
  { weight: 4, arbitrary: fc.constant(U) },
  { weight: 5, arbitrary: fc.integer({ min: -9, max: 9 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, Number.POSITIVE_INFINITY, 1e-310) },
)

const archive = (width: number) =>
  fc
    .record({
      cf: fc.constantFrom(...CFS),
      pdpPerRow: fc.constantFrom(...SPANS),
      xff: fc.constantFrom(0, 0.5, 0.8),
      rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 9 }),
      turn: fc.nat(8),
    })
    .map(({ turn, ...rest }) => ({ ...rest, currentRow: turn % rest.rows.length }))

/** Any image; unknown cells carry payloads of their own, as files from other machines do. */
const anyImage = (ageLimit: number) =>
  fc
    .record({
      ds: fc.shuffledSubarray(['a', 'b', 'c', 'd'], { minLength: 1 }),
      age: fc.nat(ageLimit),
      payload: fc.nat(1 << 20),
    })
    .chain(({ ds, age, payload }) =>
      fc.array(archive(ds.length), { minLength: 1, maxLength: 4 }).map((rras) => {
        const bounded = ds.map((name) => (name < 'c' ? { name, minimum: -5, maximum: 6 } : name))
        const rrd = image({ ds: bounded, lastUpdate: T - age, rras })
        const bits = new BigUint64Array(rrd.bytes.buffer, 1000)
        const cells = new Float64Array(rrd.bytes.buffer, 1000)
        cells.forEach((value, index) => {
          if (Number.isNaN(value)) bits[index] = 0xfff8_0000_0000_0000n + BigInt(payload + index)
        })
        return rrd
      }),
    )

const target = anyImage(0)
const old = anyImage(900)

/** Pairs without anything in common are refused; with these files every OLD counts as fitting. */
const merge = (rrd: Rrd, olds: readonly Rrd[], options: MergeOptions = {}) => {
  try {
    return planMerge(rrd, olds, options)
  } catch (error) {
    if ((error as { code?: string }).code === 'EMISMATCH') return fc.pre(false) as never
    throw error
  }
}

const bitsOf = ({ bytes }: Rrd) => new BigUint64Array(bytes.slice(1000).buffer)

const computing: MergeOptions = { consolidate: true, expand: true, resample: true, deriveCf: true }
const everyOption: readonly MergeOptions[] = [
  {},
  { from: T - 400, to: T - 100 },
  computing,
  { seam: 'recompute' },
  { ...computing, seam: 'recompute' },
  { policy: 'prefer-old' },
  { policy: 'max' },
  { policy: 'min', consolidate: true },
  { cut: T - 300 },
  { granularity: 'row' },
  { granularity: 'row', ...computing },
  { onlyGapsLongerThan: 100 },
  { onlyGapsLongerThan: 100, granularity: 'row' },
  { rangeCheck: true },
  { rangeCheck: true, onlyGapsLongerThan: 100 },
  { rangeCheck: true, granularity: 'row', onlyGapsLongerThan: 100 },
  { rangeCheck: true, policy: 'prefer-old', ...computing },
  { rangeCheck: true, seam: 'recompute' },
  { seam: 'recompute', policy: 'prefer-old', ...computing },
  { seam: 'recompute', policy: 'max', ...computing },
  { seam: 'recompute', cut: T - 300 },
  { seam: 'recompute', granularity: 'row' },
  { rangeCheck: true, cut: T - 300 },
]

describe('laws of merging', () => {
  it('unknown cells take the first known one of the same time, CF, span and name; nothing else changes by a bit', () => {
    fc.assert(
      fc.property(target, fc.array(old, { minLength: 1, maxLength: 3 }), (rrd, olds) => {
        const plan = merge(rrd, olds)
        const before = { bits: bitsOf(rrd), values: valuesOf(rrd) }
        const after = { bits: bitsOf(plan.rrd), values: valuesOf(plan.rrd) }
        expect(Buffer.compare(plan.rrd.bytes.subarray(0, 1000), rrd.bytes.subarray(0, 1000))).toBe(0)
        let filled = 0
        for (const [index, place] of places(rrd).entries()) {
          const known = olds.flatMap((source) => lookUp(source, place)).find((value) => !Number.isNaN(value))
          const changes = Number.isNaN(before.values[index]) && known !== undefined
          if (changes) filled++
          const right = changes
            ? Object.is(after.values[index], known)
            : after.bits[index] === before.bits[index]
          if (!right)
            expect.fail(`cell ${index}: ${after.values[index]}, not ${changes ? known : 'as before'}`)
        }
        expect(plan.report.filled).toBe(filled)
        expect(plan.changed).toBe(filled > 0)
        expect(plan.report.stillUnknown).toBe(after.values.filter(Number.isNaN).length)
      }),
      { numRuns: 400 },
    )
  })

  it('fill(fill(n, a), b) = fill(n, [a, b])', () => {
    fc.assert(
      fc.property(
        target,
        old,
        old,
        fc.constantFrom<MergeOptions>({}, { from: T - 500 }, { granularity: 'row' }),
        (rrd, a, b, options) => {
          const inTurn = merge(merge(rrd, [a], options).rrd, [b], options)
          expectSameBytes(inTurn.rrd, merge(rrd, [a, b], options).rrd)
        },
      ),
      { numRuns: 300 },
    )
  })

  it.each(everyOption)('a second merge changes nothing: %o', (options) => {
    fc.assert(
      fc.property(target, fc.array(old, { minLength: 1, maxLength: 2 }), (rrd, olds) => {
        const first = merge(rrd, olds, options)
        const second = merge(first.rrd, olds, options)
        expect(second.changed).toBe(false)
        expectSameBytes(second.rrd, first.rrd)
      }),
      { numRuns: 80 },
    )
  })

  it("the order of OLD's data sources is of no account", () => {
    fc.assert(
      fc.property(target, old, fc.constantFrom(...everyOption), (rrd, source, options) => {
        expectSameBytes(merge(rrd, [reversed(source)], options).rrd, merge(rrd, [source], options).rrd)
      }),
      { numRuns: 300 },
    )
  })

  it('row by row gives what runs of cells give', () => {
    fc.assert(
      fc.property(target, fc.array(old, { minLength: 1, maxLength: 3 }), fc.nat(900), (rrd, olds, age) => {
        const options = { from: T - age }
        const fast = merge(rrd, olds, options)
        const slow = merge(rrd, olds, { ...options, onlyGapsLongerThan: 0 })
        expectSameBytes(slow.rrd, fast.rrd)
        expect(slow.report).toEqual(fast.report)
      }),
      { numRuns: 300 },
    )
  })

  it.each(everyOption)('outside the window no bit changes: %o', (options) => {
    fc.assert(
      fc.property(target, old, fc.nat(900), fc.nat(500), (rrd, source, age, length) => {
        const [from, to] = [T - age, T - age + length]
        const before = bitsOf(rrd)
        const after = bitsOf(merge(rrd, [source], { ...options, from, to }).rrd)
        const wrong = places(rrd).findIndex(
          ({ time }, index) => (time < from || time > to) && after[index] !== before[index],
        )
        expect(wrong).toBe(-1)
      }),
      { numRuns: 50 },
    )
  })

  it.each(everyOption)('what changed is inside the ranges reported, and is counted: %o', (options) => {
    fc.assert(
      fc.property(target, old, (rrd, source) => {
        const before = rrd.bytes.slice()
        const { dirty, report, rrd: after } = mergeIntoOrSkip(rrd, [source], options)
        const inside = (byte: number) => dirty.some(({ start, end }) => byte >= start && byte < end)
        const outside = after.bytes.findIndex((byte, index) => byte !== before[index] && !inside(index))
        expect(outside).toBe(-1)
        const mine = new Float64Array(before.slice(1000).buffer)
        const counts = { filled: 0, replaced: 0, erased: 0, stillUnknown: 0 }
        valuesOf(after).forEach((value, index) => {
          const was = mine[index] as number
          if (Number.isNaN(value)) counts.stillUnknown++
          if (Object.is(was, value)) return
          if (Number.isNaN(was)) counts.filled++
          else if (Number.isNaN(value)) counts.erased++
          else counts.replaced++
        })
        expect(report).toMatchObject(counts)
      }),
      { numRuns: 50 },
    )
  })
})

function expectSameBytes(a: Rrd, b: Rrd): void {
  expect(Buffer.compare(a.bytes, b.bytes)).toBe(0)
}

function mergeIntoOrSkip(rrd: Rrd, olds: readonly Rrd[], options: MergeOptions) {
  try {
    return mergeInto(rrd, olds, options)
  } catch (error) {
    if ((error as { code?: string }).code === 'EMISMATCH') return fc.pre(false) as never
    throw error
  }
}
