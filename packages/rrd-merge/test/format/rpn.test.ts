import { describe, expect, it } from 'vitest'
import { encodeRpn, formatRpn, isRpnOperator, parseRpn, refersToDataSource } from '../../src/format/index.ts'

const NAMES = ['in', 'out', '42']

describe('expressions', () => {
  it.each([
    'in,out,+',
    'in,8,*',
    'in,-32768,32767,LIMIT',
    'in,UN,0,in,IF',
    'in,PREV(out),-',
    'in,out,ADDNAN,2,POW,5,ROLL,NEWDAY,ROUND',
  ])('%s reads and prints the same', (text) => {
    expect(formatRpn(parseRpn(text, NAMES), NAMES)).toBe(text)
  })

  it('reads a number before a data source of that name, as rrdtool does', () => {
    expect(parseRpn('42,in', NAMES)).toEqual([
      { op: 0, value: 42 },
      { op: 1, value: 0 },
    ])
  })

  it.each([
    ['in,nosuch,+', /"nosuch" is no operator/],
    ['in,1.5,*', /"1.5"/],
    ['in,32768,*', /"32768"/],
    ['in,,+', /"" is no operator/],
    ['PREV(nosuch)', /PREV\(nosuch\)/],
  ])('refuses %s', (text, message) => {
    expect(() => parseRpn(text, NAMES)).toThrow(expect.objectContaining({ code: 'EUSAGE' }))
    expect(() => parseRpn(text, NAMES)).toThrow(message)
  })

  it('shows what it does not know instead of hiding it', () => {
    expect(
      formatRpn(
        [
          { op: 1, value: 9 },
          { op: 36, value: -1 },
          { op: 200, value: 0 },
        ],
        NAMES,
      ),
    ).toBe('#9,PREV(#-1),?200')
    expect([0, 1, 8, 36, 70].every(isRpnOperator)).toBe(true)
    expect([32, 71, 200].some(isRpnOperator)).toBe(false)
  })

  it('tells which nodes refer to a data source', () => {
    expect(parseRpn('in,2,PREV(out),+', NAMES).map(refersToDataSource)).toEqual([true, false, true, false])
  })

  it('holds 19 nodes and their end', () => {
    const nodes = Array.from({ length: 19 }, () => ({ op: 0, value: -2 }))
    const { bytes } = encodeRpn(nodes)
    expect([...bytes.subarray(72, 80)]).toEqual([0, 0, 0xfe, 0xff, 32, 0, 0, 0])
    expect(() => encodeRpn([...nodes, { op: 0, value: 1 }])).toThrow(/at most 19/)
  })
})
