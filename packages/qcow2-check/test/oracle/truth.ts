import type { Healthy } from '../corpus/healthy.ts'
import { type Layout, layoutOf, type Mapped } from '../corpus/layout.ts'
import { refcountsOf } from './refcounts.ts'

/** A range of the file that held guest data before the damage. */
export interface DataRange {
  readonly host: number
  readonly length: number
}

/** The same bytes at the same place; what lies beyond an end reads as zeros. */
export function sameBytes(one: Buffer, other: Buffer, offset: number, length: number): boolean {
  const [a, b] = [one, other].map((image) => {
    const there = image.subarray(offset, offset + length)
    return there.length === length ? there : Buffer.concat([there, Buffer.alloc(length - there.length)])
  }) as [Buffer, Buffer]
  return a.equals(b)
}

/** Guest offsets of pieces of a disk whose bytes the damage itself overwrote or cut off. */
export function destroyedPieces(healthy: Healthy, damaged: Buffer, id: string | undefined): Set<number> {
  const piece = Math.min(healthy.shape.clusterSize, 65536)
  const disk = healthy.layout.disks.find((candidate) => candidate.id === id)
  const result = new Set<number>()
  for (const { kind, guest, host, length } of disk?.mapped ?? []) {
    if (length === 0) continue
    if (kind === 'compressed') {
      if (sameBytes(healthy.bytes, damaged, host, length)) continue
      for (let at = 0; at < healthy.shape.clusterSize; at += piece) result.add(guest + at)
    } else {
      for (let at = 0; at < length; at += piece)
        if (!sameBytes(healthy.bytes, damaged, host + at, piece)) result.add(guest + at)
    }
  }
  return result
}

/** Ranges with guest data of any disk which the damage left as they were. */
export function intactData({ layout, bytes }: Healthy, damaged: Buffer): DataRange[] {
  const ranges = new Map<number, DataRange>()
  for (const { host, length } of layout.disks.flatMap((disk) => disk.mapped))
    if (length > 0 && sameBytes(bytes, damaged, host, length)) ranges.set(host, { host, length })
  return [...ranges.values()]
}

/** Those that a repair changed: must be none, whatever was allowed. */
export function overwritten(ranges: readonly DataRange[], damaged: Buffer, repaired: Buffer): DataRange[] {
  return ranges.filter(({ host, length }) => !sameBytes(damaged, repaired, host, length))
}

/** Those that no disk of the repaired image reaches any more, neither there nor as a copy elsewhere. */
export function unreached(ranges: readonly DataRange[], repaired: Buffer, layout: Layout): DataRange[] {
  const mapped = layout.disks.flatMap((disk) => disk.mapped).filter(({ length }) => length > 0)
  const hosts = new Set(mapped.map(({ host }) => host))
  const missing = ranges.filter(({ host, length }) => !hosts.has(host) && !isZero(repaired, host, length))
  if (missing.length === 0) return missing
  const contents = new Set(mapped.map((range) => key(repaired, range)))
  return missing.filter((range) => !contents.has(key(repaired, range)))
}

const key = (image: Buffer, { host, length }: DataRange | Mapped): string =>
  image.toString('latin1', host, host + length)

const isZero = (image: Buffer, offset: number, length: number): boolean =>
  image.subarray(offset, offset + length).every((byte) => byte === 0)

/** Those that were counted before a repair and are free after it, and which no disk reaches: the next write takes them. */
export function freed(
  ranges: readonly DataRange[],
  damaged: Buffer,
  repaired: Buffer,
  layout: Layout | undefined,
): DataRange[] {
  const [before, after] = [refcountsOf(damaged), refcountsOf(repaired)]
  if (before === undefined || after === undefined) return []
  const now = ranges.filter(({ host }) => before(host) > 0n && after(host) === 0n)
  return layout
    ? unreached(now, repaired, layout)
    : now.filter(({ host, length }) => !isZero(damaged, host, length))
}

/** Of an image that `qemu-img check` finds consistent. */
export function layoutIfReadable(image: Buffer): Layout | undefined {
  try {
    return layoutOf(image)
  } catch {
    return undefined
  }
}
