import { type Abi, findAbi, structOffsets } from './architecture.ts'
import { decodeVersion, findFloatCookie, requireCookie } from './cookie.ts'
import { damaged } from './damaged.ts'
import { atOffset, RrdError } from './error.ts'
import { FieldReader } from './field-reader.ts'
import { type Layout, layoutFor } from './layout.ts'
import { pickTimeSize } from './time-size.ts'
import type { Architecture, Version } from './types.ts'

/** Bytes that `measureHeader` needs: the largest stat_head. */
export const HEADER_PREFIX = 128

/** Lengths above this are taken for damage, not for a file that was cut. */
const PLAUSIBLE_LENGTH = 2 ** 36

export interface HeaderMeasure {
  /** Final once the prefix holds `prefixNeeded` bytes: 32-bit files with 4 and 8 byte time_t differ only further in. */
  readonly architecture: Architecture
  readonly version: Version
  readonly dsCount: number
  readonly rraCount: number
  /** Bytes before the first cell, for `architecture`. */
  readonly length: number
  /** Bytes that `decodeHeader` needs; at most the file's length. */
  readonly prefixNeeded: number
}

export const truncated = (expected: number, actual: number, atLeast: boolean): RrdError =>
  new RrdError(
    'ETRUNC',
    `truncated: the header asks for ${atLeast ? 'at least ' : ''}${expected} bytes, the file has ${actual} ${atOffset(actual)}`,
    { offset: actual, remedy: 'restore the file from a backup' },
  )

/** A length that is not there: cut off, or too large to be anything but damage. */
export const tooShort = (expected: number, actual: number, atLeast: boolean, offset: number): RrdError =>
  expected <= PLAUSIBLE_LENGTH
    ? truncated(expected, actual, atLeast)
    : damaged(offset, `its counts ask for ${expected} bytes, the file has ${actual}`)

const candidateAbis = (bytes: Uint8Array): Abi[] => {
  const { littleEndian, align } = findFloatCookie(bytes)
  const find = (long: 4 | 8, time: 4 | 8) => findAbi(littleEndian, long, align, time)
  const wide = find(8, 8)
  if (wide) {
    // A count of data sources is far below 2^32, so the upper half of a 64-bit one is zero, and where `long` has
    // 4 bytes that half is the count of archives (LE) or of data sources (BE), which is not.
    const upper = new FieldReader(bytes, wide).uint32(structOffsets(wide).counts + (littleEndian ? 4 : 0))
    if (upper === 0) return [wide]
  }
  return [find(4, 4), find(4, 8)].filter((abi) => abi !== undefined)
}

const requireCounts = (reader: FieldReader): { dsCount: number; rraCount: number } => {
  const at = structOffsets(reader.abi).counts
  const dsCount = reader.ulong(at)
  const rraCount = reader.ulong(at + reader.abi.long)
  for (const [count, what, offset] of [
    [dsCount, 'data sources', at],
    [rraCount, 'archives', at + reader.abi.long],
  ] as const) {
    if (count === 0 || !Number.isSafeInteger(count)) throw damaged(offset, `${count} ${what}`)
  }
  return { dsCount, rraCount }
}

/** Where everything before the cells is, and by which rules it was written. */
export interface FoundLayout {
  readonly abi: Abi
  readonly version: Version
  readonly dsCount: number
  readonly rraCount: number
  readonly layout: Layout
  readonly prefixNeeded: number
}

export const findLayout = (bytes: Uint8Array, fileLength: number): FoundLayout => {
  requireCookie(bytes, fileLength)
  if (fileLength < HEADER_PREFIX) throw truncated(HEADER_PREFIX, fileLength, true)
  if (bytes.length < HEADER_PREFIX) {
    throw new RrdError('EUSAGE', `the first ${HEADER_PREFIX} bytes are needed, ${bytes.length} were given`)
  }
  const version = decodeVersion(bytes)
  const candidates = candidateAbis(bytes).map((abi) => ({ abi, reader: new FieldReader(bytes, abi) }))
  const first = candidates[0] as (typeof candidates)[number]
  const { dsCount, rraCount } = requireCounts(first.reader)
  const measured = candidates.map(({ abi }) => ({ abi, layout: layoutFor(abi, version, dsCount, rraCount) }))
  // An archive has at least one row. Of 4 and 8 byte time_t it makes the longer header fit too, so that both can be tried.
  const least = (measured[0] as (typeof measured)[number]).layout.length + 8 * dsCount * rraCount
  if (least > fileLength) throw tooShort(least, fileLength, true, structOffsets(first.abi).counts)
  const longest = Math.max(...measured.map(({ layout }) => layout.length))
  const prefixNeeded = Math.min(longest, fileLength)
  const picked =
    bytes.length >= prefixNeeded
      ? pickTimeSize(measured, { bytes, version, dsCount, rraCount, fileLength })
      : (measured[0] as (typeof measured)[number])
  return { abi: picked.abi, version, dsCount, rraCount, layout: picked.layout, prefixNeeded }
}

/**
 * Architecture and header length from the first bytes of a file, before anything larger is read or allocated.
 *
 * @param prefix at least the first `HEADER_PREFIX` bytes, or the whole file where it is shorter
 * @param fileLength length of the whole file in bytes
 * @throws RrdError ENOTRRD, ETRUNC, EVERSION, EFOREIGN, ECORRUPT
 */
export const measureHeader = (prefix: Uint8Array, fileLength: number): HeaderMeasure => {
  const { abi, version, dsCount, rraCount, layout, prefixNeeded } = findLayout(prefix, fileLength)
  return { architecture: abi.architecture, version, dsCount, rraCount, length: layout.length, prefixNeeded }
}
