import { posixZone } from './posix-tz.ts'
import type { LocalTimeType, Zone } from './types.ts'

/** Lengths of a data block, RFC 8536 section 3.1. */
const counts = (view: DataView, at: number) => ({
  isUt: view.getUint32(at + 20),
  isStd: view.getUint32(at + 24),
  leaps: view.getUint32(at + 28),
  times: view.getUint32(at + 32),
  types: view.getUint32(at + 36),
  chars: view.getUint32(at + 40),
})

type Counts = ReturnType<typeof counts>

const blockLength = (c: Counts, timeSize: number): number =>
  c.times * (timeSize + 1) + c.types * 6 + c.chars + c.leaps * (timeSize + 4) + c.isStd + c.isUt

const text = (bytes: Uint8Array, from: number): string => {
  const end = bytes.indexOf(0, from)
  return Buffer.from(bytes.subarray(from, end < 0 ? bytes.length : end)).toString('latin1')
}

const HEADER = 44

interface Block {
  readonly starts: readonly number[]
  readonly types: readonly LocalTimeType[]
  readonly indices: Uint8Array
}

const decodeBlock = (bytes: Uint8Array, view: DataView, at: number, c: Counts, timeSize: 4 | 8): Block => {
  const time = (offset: number) => (timeSize === 8 ? Number(view.getBigInt64(offset)) : view.getInt32(offset))
  const indicesAt = at + c.times * timeSize
  const typesAt = indicesAt + c.times
  const charsAt = typesAt + c.types * 6
  return {
    starts: Array.from({ length: c.times }, (_, i) => time(at + i * timeSize)),
    indices: bytes.subarray(indicesAt, typesAt),
    types: Array.from({ length: c.types }, (_, i) => ({
      offset: view.getInt32(typesAt + 6 * i),
      abbreviation: text(bytes, charsAt + (bytes[typesAt + 6 * i + 5] as number)),
    })),
  }
}

const lookUp = ({ starts, indices, types }: Block, after: Zone | undefined): Zone => {
  return (time) => {
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((starts[middle] as number) <= time) low = middle + 1
      else high = middle
    }
    if (low === starts.length && after) {
      const period = after(time)
      // The rule holds from the last transition on, whatever it says of the time before.
      return { ...period, start: Math.max(period.start, starts[low - 1] ?? Number.NEGATIVE_INFINITY) }
    }
    const type = types[low === 0 ? 0 : (indices[low - 1] as number)] as LocalTimeType
    return {
      ...type,
      start: starts[low - 1] ?? Number.NEGATIVE_INFINITY,
      end: starts[low] ?? Number.POSITIVE_INFINITY,
    }
  }
}

/**
 * A zone from a TZif file (RFC 8536), as /usr/share/zoneinfo holds them.
 *
 * @returns undefined where the bytes are none
 */
export const tzifZone = (bytes: Uint8Array): Zone | undefined => {
  if (bytes.length < HEADER || Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== 'TZif')
    return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const first = counts(view, 0)
  const firstEnd = HEADER + blockLength(first, 4)
  if ((bytes[4] as number) < 0x32) {
    return firstEnd > bytes.length ? undefined : lookUp(decodeBlock(bytes, view, HEADER, first, 4), undefined)
  }
  if (firstEnd + HEADER > bytes.length) return undefined
  const second = counts(view, firstEnd)
  const secondEnd = firstEnd + HEADER + blockLength(second, 8)
  if (secondEnd > bytes.length || second.types === 0) return undefined
  const footer = Buffer.from(bytes.subarray(secondEnd)).toString('latin1')
  const block = decodeBlock(bytes, view, firstEnd + HEADER, second, 8)
  return lookUp(block, posixZone(footer.split('\n')[1] ?? ''))
}
