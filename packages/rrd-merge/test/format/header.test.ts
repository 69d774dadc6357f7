import { describe, expect, it } from 'vitest'
import { decodeHeader, HEADER_PREFIX, measureHeader } from '../../src/format/index.ts'
import { FIXTURES, fixture } from './fixtures.ts'

/** Header and stat_head lengths of layout.c's file, from the sizes of rrd_format.h's structures by hand. */
const LENGTHS: Readonly<Record<string, number>> = {
  'le64-v1': 128 + 2 * 120 + 3 * 120 + 8 + 2 * 112 + 6 * 80 + 3 * 8,
  'le64-v3': 128 + 2 * 120 + 3 * 120 + 16 + 2 * 112 + 6 * 80 + 3 * 8,
  'le32a4-v1': 112 + 2 * 120 + 3 * 108 + 4 + 2 * 112 + 6 * 80 + 3 * 4,
  'le32a4-v3': 112 + 2 * 120 + 3 * 108 + 8 + 2 * 112 + 6 * 80 + 3 * 4,
  'le32a8-v1': 120 + 2 * 120 + 3 * 112 + 4 + 2 * 112 + 6 * 80 + 3 * 4,
  'le32a8-v3': 120 + 2 * 120 + 3 * 112 + 8 + 2 * 112 + 6 * 80 + 3 * 4,
  'le32a4t64-v1': 112 + 2 * 120 + 3 * 108 + 8 + 2 * 112 + 6 * 80 + 3 * 4,
  'le32a4t64-v3': 112 + 2 * 120 + 3 * 108 + 12 + 2 * 112 + 6 * 80 + 3 * 4,
  'le32a8t64-v1': 120 + 2 * 120 + 3 * 112 + 8 + 2 * 112 + 6 * 80 + 3 * 4,
  'le32a8t64-v3': 120 + 2 * 120 + 3 * 112 + 16 + 2 * 112 + 6 * 80 + 3 * 4,
}

describe.each(FIXTURES)('%s version %i', (architecture, version) => {
  const bytes = fixture(architecture, version)
  const length = LENGTHS[`${architecture.replace('be', 'le')}-v${version}`] as number

  it('is told by its first bytes, and for certain by its header', () => {
    const first = measureHeader(bytes.subarray(0, HEADER_PREFIX), bytes.length)
    expect(first.architecture.replace('t64', '')).toBe(architecture.replace('t64', ''))
    const whole = measureHeader(bytes.subarray(0, first.prefixNeeded), bytes.length)
    expect(whole).toMatchObject({ architecture, version, dsCount: 2, rraCount: 3, length })
    expect(whole.prefixNeeded).toBeLessThanOrEqual(length + 8)
  })

  it('says what the C program put in', () => {
    const header = decodeHeader(bytes)
    expect(header).toEqual({
      architecture,
      version,
      step: 300,
      lastUpdate: 1700000430,
      lastUpdateUsec: version === 1 ? 0 : 123456,
      length,
      dataSources: [
        {
          name: 'traf',
          type: 'COUNTER',
          heartbeat: 600,
          minimum: 0,
          maximum: 1.25e8,
          lastReading: '12345',
          unknownSeconds: 30,
          pdpValue: 600.25,
        },
        {
          name: 'calc',
          type: 'COMPUTE',
          heartbeat: 0,
          minimum: Number.NaN,
          maximum: Number.NaN,
          rpn: [
            { op: 1, value: 0 },
            { op: 0, value: -8 },
            { op: 11, value: 0 },
          ],
          lastReading: 'U',
          unknownSeconds: 0,
          pdpValue: Number.NaN,
        },
      ],
      archives: [
        { cf: 'AVERAGE', rowCount: 4, pdpPerRow: 2, span: 600, xff: 0.5, currentRow: 1, offset: length },
        {
          cf: 'HWPREDICT',
          rowCount: 3,
          pdpPerRow: 1,
          span: 300,
          xff: Number.NaN,
          currentRow: 2,
          offset: length + 64,
        },
        {
          cf: 'FAILURES',
          rowCount: 2,
          pdpPerRow: 1,
          span: 300,
          xff: Number.NaN,
          currentRow: 0,
          offset: length + 112,
        },
      ],
    })
  })

  it('needs only the header, and accepts bytes after the last cell', () => {
    const header = decodeHeader(bytes)
    const { prefixNeeded } = measureHeader(bytes, bytes.length)
    expect(decodeHeader(bytes.slice(0, prefixNeeded), bytes.length)).toEqual(header)
    for (const extra of [1, 4, 8, 4096]) {
      const longer = new Uint8Array(bytes.length + extra)
      longer.set(bytes)
      expect(decodeHeader(longer)).toEqual(header)
    }
  })

  it('is refused as truncated at every length, never read beyond', () => {
    for (let cut = 0; cut < bytes.length; cut++) {
      expect(() => decodeHeader(bytes.slice(0, cut)), `${cut} bytes`).toThrow(
        expect.objectContaining({ name: 'RrdError', code: 'ETRUNC' }),
      )
    }
  })
})
