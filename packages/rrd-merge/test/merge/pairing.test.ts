import { describe, expect, it } from 'vitest'
import { type MergeOptions, mergeInto, pairStructure } from '../../src/merge/index.ts'
import { image, rowsOf, T, U } from './image.ts'

const typed = (type: string) => image({ ds: [{ name: 'a', type }], rras: [{ rows: [U] }] })
const codes = (warnings: readonly { code: string }[]) => warnings.map(({ code }) => code)

describe('data source types', () => {
  it.each([
    ['GAUGE', 'GAUGE', []],
    ['COUNTER', 'DERIVE', ['ds-type-differs']],
    ['DERIVE', 'DCOUNTER', ['ds-type-differs']],
    ['DDERIVE', 'COUNTER', ['ds-type-differs']],
    ['ABSOLUTE', 'COUNTER', ['ds-type-differs']],
    ['COMPUTE', 'GAUGE', ['ds-type-differs']],
    ['COMPUTE', 'COMPUTE', []],
  ])('%s takes %s', (mine, theirs, expected) => {
    expect(codes(pairStructure(typed(mine).header, [typed(theirs).header]).warnings)).toEqual(expected)
  })

  it.each([
    ['GAUGE', 'COUNTER'],
    ['DERIVE', 'GAUGE'],
    ['GAUGE', 'ABSOLUTE'],
    ['GAUGE', 'SOMETHING'],
  ])('%s refuses %s unless forced', (mine, theirs) => {
    const pair = (options: MergeOptions) => pairStructure(typed(mine).header, [typed(theirs).header], options)
    expect(() => pair({})).toThrow(
      expect.objectContaining({
        code: 'EMISMATCH',
        message: `data source a: NEW has ${mine}, OLD has ${theirs}`,
      }),
    )
    expect(codes(pair({ forceType: true }).warnings)).toEqual(['ds-type-differs'])
  })
})

describe('data source names', () => {
  const columns = (news: readonly string[], olds: readonly string[], options: MergeOptions = {}) => {
    const make = (ds: readonly string[]) => image({ ds, rras: [{ rows: [ds.map(() => U)] }] }).header
    return [...(pairStructure(make(news), [make(olds)], options).dataSources[0]?.columns ?? [])]
  }

  it.each<[string, string[], string[], MergeOptions, number[]]>([
    ['by name', ['a', 'b', 'c'], ['c', 'a'], {}, [1, -1, 0]],
    ['by index', ['a', 'b', 'c'], ['c', 'a'], { dsByIndex: true }, [0, 1, -1]],
    ['mapped', ['a', 'b'], ['x', 'b'], { mapDs: { a: 'x' } }, [0, 1]],
    ['swapped', ['1', '2'], ['1', '2'], { mapDs: { 1: '2', 2: '1' } }, [1, 0]],
    ['a mapped one is gone for its namesake', ['1', '2'], ['1', '2'], { mapDs: { 1: '2' } }, [1, -1]],
    ['mapped to nothing', ['a', 'b'], ['a', 'b'], { mapDs: { a: '' } }, [-1, 1]],
    ['a name twice: first with first', ['a', 'a', 'b'], ['b', 'a', 'a'], {}, [1, 2, 0]],
    ['a name twice in NEW alone', ['a', 'a'], ['a', 'b'], {}, [0, -1]],
    ['a name twice in OLD alone', ['b', 'a'], ['a', 'a'], {}, [-1, 0]],
    ['map goes before index', ['a', 'b'], ['x', 'y'], { dsByIndex: true, mapDs: { a: 'y' } }, [1, -1]],
    ['names like those of objects', ['constructor', 'b'], ['b', 'constructor'], {}, [1, 0]],
  ])('%s', (_, news, olds, options, expected) => {
    expect(columns(news, olds, options)).toEqual(expected)
  })

  it('refuses two files without a common data source, with both lists', () => {
    expect(() => columns(['a', 'b'], ['x'])).toThrow(
      expect.objectContaining({
        code: 'EMISMATCH',
        message: 'no data source in common: NEW has a, b, OLD has x',
        remedy: '--map-ds NEW=OLD or --ds-by-index pairs them',
      }),
    )
  })

  it('only remarks on an OLD without one where another OLD has some', () => {
    const target = image({ rras: [{ rows: [U] }] })
    const { report } = mergeInto(target, [
      image({ ds: ['x'], rras: [{ rows: [1] }] }),
      image({ rras: [{ rows: [2] }] }),
    ])
    expect(rowsOf(target)).toEqual([2])
    expect(report.warnings).toContainEqual(expect.objectContaining({ code: 'old-unused', old: 0 }))
  })

  it('says where a mapping is not for this file', () => {
    const header = image({ rras: [{ rows: [U] }] }).header
    expect(pairStructure(header, [header], { mapDs: { b: 'a' } }).warnings).toEqual([
      { code: 'ds-map-unused', message: 'NEW has no data source b to map', ds: 'b' },
    ])
  })

  it('doubts names that are positions when type or bounds differ', () => {
    const named = (name: string, maximum: number) =>
      image({ ds: [{ name, maximum }], rras: [{ rows: [U] }] }).header
    expect(codes(pairStructure(named('1', U), [named('1', 100)]).warnings)).toEqual(['ds-position-doubtful'])
    expect(codes(pairStructure(named('a', U), [named('a', 100)]).warnings)).toEqual([])
  })

  it.each([
    [0, 100, U, U, true],
    [0, 100, 0, 100, false],
    [0, 100, 10, 90, false],
    [0, 100, -1, 100, true],
    [0, 100, 0, 101, true],
    [U, U, 0, 100, false],
    [0, U, 0, 100, false],
    [0, U, U, 100, true],
  ])('bounds %d..%d against %d..%d narrower: %s', (newMin, newMax, oldMin, oldMax, expected) => {
    const make = (minimum: number, maximum: number) =>
      image({ ds: [{ name: 'a', minimum, maximum }], rras: [{ rows: [U] }] }).header
    const { warnings } = pairStructure(make(newMin, newMax), [make(oldMin, oldMax)])
    expect(codes(warnings)).toEqual(expected ? ['ds-bounds-narrower'] : [])
  })
})

describe('archives', () => {
  it('of equal span meet exactly whatever the step', () => {
    const target = image({ step: 300, rras: [{ pdpPerRow: 2, rows: [U, U] }] })
    const old = image({ step: 60, rras: [{ pdpPerRow: 10, rows: [1, 2] }] })
    const { report } = mergeInto(target, [old])
    expect(rowsOf(target)).toEqual([1, 2])
    expect(report.rras[0]?.sources[0]?.how).toBe('exact')
    expect(codes(report.warnings)).toEqual(['step-differs'])
  })

  it('of the same CF and span are all asked, the longest first', () => {
    const target = image({ rras: [{ rows: [U, U, U, U] }, { rows: [U, U] }] })
    const old = image({ rras: [{ rows: [8, 9] }, { rows: [1, 2, U, 4] }] })
    mergeInto(target, [old])
    expect([rowsOf(target, 0), rowsOf(target, 1)]).toEqual([
      [1, 2, 8, 4],
      [8, 4],
    ])
  })

  it('that NEW lacks are reported with rows and dates, if there is history in them', () => {
    const target = image({ rras: [{ rows: [U] }] })
    const old = (value: number) => image({ rras: [{ rows: [1] }, { pdpPerRow: 360, rows: [value, value] }] })
    const [warning] = mergeInto(target, [old(5)]).report.warnings
    expect(warning).toEqual({
      code: 'archive-dropped',
      message: 'dropped history: AVERAGE 6 h, 2 rows, 2023-11-14T18:00:00Z to 2023-11-15T00:00:00Z',
      old: 0,
      cf: 'AVERAGE',
      span: 21600,
      rows: 2,
      from: 1699984800,
      to: 1700006400,
    })
    expect(mergeInto(target, [old(U)]).report.warnings).toEqual([])
    const both = [{ rows: [1] }, { pdpPerRow: 360, rows: [U] }, { cf: 'MAX', pdpPerRow: 360, rows: [5] }]
    expect(mergeInto(target, [image({ rras: both })]).report.warnings).toEqual([
      expect.objectContaining({ code: 'archive-dropped', cf: 'MAX' }),
    ])
  })

  it("that are shorter than OLD's lose what OLD would still have held", () => {
    const target = image({ rras: [{ rows: [U, U] }] })
    const { report } = mergeInto(target, [image({ lastUpdate: T - 60, rras: [{ rows: [1, 2, 3, 4] }] })])
    expect(report.warnings).toEqual([
      expect.objectContaining({ code: 'history-dropped', rows: 2, from: T - 180, to: T - 120 }),
    ])
    const same = image({ lastUpdate: T - 60, rras: [{ rows: [1, 2] }] })
    expect(mergeInto(target, [same]).report.warnings).toEqual([])
  })

  it('without a partner are named', () => {
    const target = image({ rras: [{ rows: [U] }, { cf: 'MAX', rows: [U] }] })
    const { warnings } = mergeInto(target, [image({ rras: [{ rows: [1] }] })]).report
    expect(warnings).toEqual([expect.objectContaining({ code: 'archive-unmatched', cf: 'MAX', span: 60 })])
  })

  it('that do not meet in time are remarked on only if none does', () => {
    const target = () => image({ rras: [{ rows: [U] }, { pdpPerRow: 5, rows: [U, U] }] })
    const far = image({ lastUpdate: T - 300, rras: [{ rows: [1] }, { pdpPerRow: 5, rows: [2, 3] }] })
    expect(mergeInto(target(), [far]).report.warnings).toEqual([])
    const farther = image({ lastUpdate: T - 3000, rras: [{ rows: [1] }, { pdpPerRow: 5, rows: [2, 3] }] })
    expect(mergeInto(target(), [farther]).report.warnings).toEqual([
      {
        code: 'no-overlap',
        message:
          'no row in common: OLD has 2023-11-14T23:05:00Z to 2023-11-14T23:10:00Z, NEW has 2023-11-14T23:55:00Z to 2023-11-15T00:00:00Z',
        old: 0,
        oldFrom: T - 3300,
        oldTo: T - 3000,
        newFrom: T - 300,
        newTo: T,
      },
    ])
    const later = image({ lastUpdate: T + 3000, rras: [{ rows: [1] }, { pdpPerRow: 5, rows: [2, 3] }] })
    const { warnings } = mergeInto(target(), [later], { allowNewerOld: true }).report
    expect(codes(warnings)).toEqual(['newer-old', 'no-overlap'])
    expect(warnings[0]).toMatchObject({
      oldLastUpdate: T + 3000,
      newLastUpdate: T,
      archives: [
        { cf: 'AVERAGE', span: 60, rows: 1, from: T + 3000, to: T + 3000 },
        { cf: 'AVERAGE', span: 300, rows: 2, from: T + 2700, to: T + 3000 },
      ],
    })
  })
})
