import { describe, expect, it } from 'vitest'
import { exitCodeOf, graver } from '../../src/report/exit-code.ts'
import type { FileReport } from '../../src/report/types.ts'

const file = (parts: Partial<FileReport>): FileReport => ({
  path: 'a.rrd',
  status: 'merged',
  filled: 1,
  replaced: 0,
  erased: 0,
  stillUnknown: 0,
  rras: [],
  ds: { matched: [], missing: [], extra: [], added: [] },
  warnings: [],
  ms: 1,
  ...parts,
})
const failed = (code: string) => file({ status: 'failed', error: { code, message: 'why' } })
const late = (recovered: boolean) => file({ warnings: [{ code: 'late-writer', message: 'late', recovered }] })

describe('the exit code of one file', () => {
  it.each([
    ['merged', file({}), 0],
    ['with another warning', file({ warnings: [{ code: 'ds-missing', message: 'no x' }] }), 0],
    ['an update that was brought over', late(true), 0],
    ['an update that may be lost', late(false), 4],
    ['a writer in the way', failed('ELATE'), 4],
    ['not written', failed('EWRITE'), 5],
    ['broken', failed('ETRUNC'), 1],
  ])('%s', (_, report, code) => expect(exitCodeOf(report)).toBe(code))
})

describe('of two exit codes', () => {
  it.each([
    [0, 1, 1],
    [1, 4, 4],
    [4, 5, 5],
    [1, 5, 5],
  ] as const)('%i and %i: %i, in either order', (a, b, worse) => {
    expect([graver(a, b), graver(b, a)]).toEqual([worse, worse])
  })
})
