import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bytesOfText,
  displayPath,
  escapeLines,
  escapeText,
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  formatTable,
  pathOfText,
  streamFacts,
  textOfBytes,
} from '../../src/terminal/index.ts'

describe('text for a terminal', () => {
  it.each([
    ['plain é €  😀 \\', 'plain é €  😀 \\'],
    ['a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['\u001b[31mred\u0007', '\\x1b[31mred\\x07'],
    ['\u0000\u007f\u009b', '\\x00\\x7f\\x9b'],
    ['x\u202egpj.exe\u2066', 'x\\u202egpj.exe\\u2066'],
    ['a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['\udcff\ud800', '\\xff\\ud800'],
  ])('%j', (text, shown) => {
    expect(escapeText(text)).toBe(shown)
  })

  it('keeps newlines where lines are meant, and shows bytes of a path', () => {
    expect(escapeLines('a\n\u001bb')).toBe('a\n\\x1bb')
    expect(displayPath(Buffer.from([0x61, 0xff, 0x0a]))).toBe('a\\xff\\n')
  })
})

describe('bytes that are not UTF-8', () => {
  it('come back from text as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(bytesOfText(textOfBytes(bytes))).toEqual(Buffer.from(bytes))
      }),
      { numRuns: 3000 },
    )
  })

  it('of every form are told from valid text', () => {
    for (const bytes of [
      [0xc0, 0xaf],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe2, 0x82],
      [0xf0, 0x80, 0x80, 0x80],
    ]) {
      expect(textOfBytes(Uint8Array.from(bytes))).toBe(
        String.fromCharCode(...bytes.map((byte) => 0xdc00 + byte)),
      )
    }
    expect(textOfBytes(Buffer.concat([Buffer.of(0xff), Buffer.from('é€😀')]))).toBe('\udcffé€😀')
    expect(pathOfText('é')).toBe('é')
  })
})

describe('units', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [1023.6 * 1024, '1 MiB'],
    [385 * 1024, '385 KiB'],
    [2 ** 40, '1 TiB'],
    [2n ** 64n, '16 EiB'],
  ])('%s bytes', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [999.6, '1 s'],
    [2500, '2.5 s'],
    [59_600, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
    [-1500, '-1.5 s'],
    [Number.POSITIVE_INFINITY, '?'],
  ])('%s ms', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text)
  })

  it('counts and shares', () => {
    expect([0, 999, 1000, 1234567, -1234].map(formatCount)).toEqual([
      '0',
      '999',
      '1,000',
      '1,234,567',
      '-1,234',
    ])
    expect(formatCount(2n ** 64n)).toBe('18,446,744,073,709,551,616')
    expect([formatShare(1, 1), formatShare(0, 5), formatShare(1, 0), formatShare(99_999, 100_000)]).toEqual([
      '100 %',
      '0 %',
      '-',
      '99.99 %',
    ])
    expect([formatShare(1, 1_000_000), formatShare(1, 3)]).toEqual(['0.01 %', '33.3 %'])
  })
})

describe('a table', () => {
  it('has numbers to the right and no spaces at line ends', () => {
    const rows = [
      ['a', '1'],
      ['long name', '1,000'],
    ]
    expect(formatTable([{ heading: 'name' }, { heading: 'cells', align: 'right' }], rows)).toBe(
      'name       cells\na              1\nlong name  1,000\n',
    )
  })
})

describe('colour', () => {
  const terminal = { isTTY: true, columns: 100 }
  it.each([
    [terminal, {}, true, true],
    [{}, {}, true, false],
    [terminal, { NO_COLOR: '1' }, true, false],
    [terminal, { NO_COLOR: '' }, true, true],
    [terminal, { TERM: 'dumb' }, true, false],
    [{}, { FORCE_COLOR: '1' }, true, true],
    [terminal, { FORCE_COLOR: '0' }, true, false],
    [{}, { FORCE_COLOR: '1', NO_COLOR: '1' }, true, true],
    [terminal, { FORCE_COLOR: '1' }, false, false],
  ])('%j %j --color=%s: %s', (stream, env, wanted, color) => {
    const facts = streamFacts(stream, env, wanted)
    expect(facts.color).toBe(color)
    expect(facts.style('red', 'x')).toBe(color ? '\u001b[31mx\u001b[39m' : 'x')
  })

  it('lines are as wide as the terminal, COLUMNS, or 80', () => {
    expect(streamFacts(terminal, { COLUMNS: '60' }).columns).toBe(100)
    expect(streamFacts({}, { COLUMNS: '60' }).columns).toBe(60)
    expect(streamFacts({}, { COLUMNS: 'x' }).columns).toBe(80)
  })
})
