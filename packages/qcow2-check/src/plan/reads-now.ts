import type { Image } from '../image/image.ts'
import { decodeL2 } from '../mapping/decode-l2.ts'
import { ExtentList } from '../mapping/extent-list.ts'
import { l1Target } from '../mapping/l1-entry.ts'
import { tableContext } from '../mapping/table-context.ts'

/*
 * What QEMU makes of an entry as it stands, against the format or not: it masks reserved bits out, and follows the rest.
 * What reads so now changes with a repair, however well that is proven.
 */

/** An L1 entry that leads to a cluster of the file. */
export function l1Leads(image: Image, high: number, low: number): boolean {
  const target = l1Target(high, low, tableContext(image))
  return typeof target === 'number' && target > 0
}

/**
 * An L2 entry with which some of the guest's bytes are read, if only as zeros.
 *
 * @param entry all of it, bytes: 8, or 16 with extended L2 entries
 */
export function l2Reads(image: Image, entry: Uint8Array): boolean {
  const extents = new ExtentList()
  const view = new DataView(entry.buffer, entry.byteOffset, entry.byteLength)
  decodeL2(view, { start: 0, end: image.geometry.clusterSize }, tableContext(image), extents)
  return extents.takeAll().some(({ kind }) => kind !== 'lost' && kind !== 'backing')
}
