import type { Finding } from '../findings/index.ts'
import type { GuestSpan } from './decode-l2.ts'
import type { GuestDisk } from './disk.ts'
import type { Extent } from './extent.ts'
import { ExtentList } from './extent-list.ts'
import { cutExtent } from './walk.ts'

/** A part of a disk that tables say nothing about any more, though they look sound. */
export interface Loss extends GuestSpan {
  readonly reason: string
}

/**
 * What a survey knows to be lost on this disk: an L2 table of zeros is sound by itself, but the leaked clusters of its
 * window tell that it wasn't always.
 *
 * @returns ascending
 */
export function lossesOf(disk: GuestDisk, findings: readonly Finding[]): readonly Loss[] {
  const own = disk.kind === 'active' ? undefined : disk.snapshot?.id
  const losses: Loss[] = []
  for (const { code, guest, snapshot } of findings) {
    if (snapshot !== own || disk.kind === 'orphan') continue
    if (code === 'snapshot-l1-lost' && !disk.l1Bytes) losses.push({ start: 0, end: disk.size, reason: code })
    if (code === 'lost-l2' && guest)
      losses.push({
        start: guest.offset,
        end: Math.min(disk.size, guest.offset + guest.length),
        reason: code,
      })
  }
  return losses.filter(({ start, end }) => start < end).sort((a, b) => a.start - b.start)
}

/** Marks what reads as the backing file or zeros within such a part as lost. */
export function markLosses(extents: readonly Extent[], losses: readonly Loss[]): readonly Extent[] {
  if (losses.length === 0) return extents
  const into = new ExtentList()
  for (const extent of extents) {
    if (extent.kind !== 'backing') into.add(extent)
    else markOne(extent, losses, into)
  }
  return into.takeAll()
}

function markOne(extent: Extent, losses: readonly Loss[], into: ExtentList): void {
  const end = extent.offset + extent.length
  let done = extent.offset
  for (const loss of losses) {
    const from = Math.max(done, loss.start)
    const to = Math.min(end, loss.end)
    if (from >= to) continue
    const before = cutExtent(extent, { start: done, end: from })
    if (before) into.add(before)
    into.lost(from, to - from, loss.reason)
    done = to
  }
  const rest = cutExtent(extent, { start: done, end })
  if (rest) into.add(rest)
}
