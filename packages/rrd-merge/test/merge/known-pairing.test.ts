import { describe, expect, it } from 'vitest'
import { decodeHeader, type RrdHeader, rrdFromBytes } from '../../src/format/index.ts'
import { type MergeOptions, mergeInto, pairStructure } from '../../src/merge/index.ts'
import { fixture } from '../format/fixtures.ts'
import { image, rowsOf, U } from './image.ts'

const read = (): RrdHeader => decodeHeader(fixture('le64'))

describe('files of a structure that was paired before', () => {
  it('are paired the same', () => {
    const first = pairStructure(read(), [read()])
    const second = pairStructure(read(), [read()])
    expect(second.sources).toBe(first.sources)
    expect(second).toEqual(first)
  })

  it.each<MergeOptions>([
    { deriveCf: true },
    { consolidate: true },
    { expand: true },
    { dsByIndex: true },
    { mapDs: { traf: '' } },
  ])('are paired anew with %o', (options) => {
    const plain = pairStructure(read(), [read()])
    const other = pairStructure(read(), [read()], options)
    expect(other.dataSources).not.toBe(plain.dataSources)
    expect(pairStructure(read(), [read()])).toEqual(plain)
  })

  it('are refused each by its own times', () => {
    pairStructure(read(), [read()])
    const bytes = fixture('le64')
    const later = { ...read(), lastUpdate: read().lastUpdate + 300 }
    expect(() => pairStructure(read(), [later])).toThrow('swapped?')
    expect(() => mergeInto(rrdFromBytes(bytes), [rrdFromBytes(fixture('le64'))])).not.toThrow()
  })
})

describe('where nobody asks for pages', () => {
  it('the merge is the same, and all is said to have changed', () => {
    const make = () => image({ ds: ['a', 'b', 'c'], rras: [{ rows: holes(1, 1500), currentRow: 700 }] })
    const old = () => image({ ds: ['c', 'b', 'a'], rras: [{ rows: holes(2, 1500), currentRow: 20 }] })
    const [byPage, whole] = [make(), make()]
    const wanted = mergeInto(byPage, [old()])
    const outcome = mergeInto(whole, [old()], {}, { pages: false })
    expect(outcome.report).toEqual(wanted.report)
    expect(rowsOf(whole)).toEqual(rowsOf(byPage))
    expect(outcome.dirty).toEqual([{ start: 0, end: whole.bytes.length }])
    expect(mergeInto(whole, [old()], {}, { pages: false }).dirty).toEqual([])
  })
})

/** Rows of three cells, each `every` rows unknown. */
function holes(phase: number, rows: number): number[][] {
  return Array.from({ length: rows }, (_, row) =>
    [0, 1, 2].map((column) => ((row + column) % 3 === phase ? U : row * 10 + column)),
  )
}
