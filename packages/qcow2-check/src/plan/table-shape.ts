import { LIMITS, SNAPSHOT_ENTRY_HEADER } from '../format/index.ts'
import { type L2Rules, l2Kind } from './l2-entry.ts'

/** A table that is torn or overwritten in part still counts as one: this share of its entries must be good. */
const GOOD_SHARE = 1 / 4

export type TableShape = 'pointers' | 'snapshots' | 'bitmaps'

/**
 * Whether a cluster's bytes could be an L1, L2 or bitmap table (`pointers`), or hold entries of a snapshot table or a
 * bitmap directory. Guest data rarely look so (an image within the image does); who can't know must take it for a table.
 */
export function tableShape(bytes: Uint8Array, rules: L2Rules): TableShape | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (pointers(view, rules)) return 'pointers'
  if (!snapshotL1Offsets(view, rules).next().done) return 'snapshots'
  return bitmapEntry(view, rules) ? 'bitmaps' : undefined
}

/** L1, L2 and bitmap tables: offsets of clusters in the file, or compressed clusters. */
function pointers(view: DataView, rules: L2Rules): boolean {
  // The bitmaps of extended L2 entries are no pointers; an L1 table has pointers at odd places too.
  const even = countPointers(view, rules, 16, 0)
  const odd = countPointers(view, rules, 16, 8)
  const both = { good: even.good + odd.good, used: even.used + odd.used }
  if (both.good > 0 && both.good >= both.used * GOOD_SHARE) return true
  return rules.extendedL2 && even.good > 0 && even.good >= even.used * GOOD_SHARE
}

function countPointers(view: DataView, rules: L2Rules, step: number, start: number) {
  // Bit 0 stands for zeros in L2 tables of 8 bytes an entry, and for ones in bitmap tables.
  const lenient = { ...rules, extendedL2: false, version: 3, externalData: false }
  let good = 0
  let used = 0
  for (let at = start; at + 8 <= view.byteLength; at += step) {
    const high = view.getUint32(at)
    const low = view.getUint32(at + 4)
    if (high === 0 && low === 0) continue
    used++
    const kind = l2Kind(high, low, lenient)
    if (kind === 'data' || kind === 'compressed') good++
  }
  return { good, used }
}

/** L1 tables that snapshot entries name, anywhere in the cluster: the beginning of a snapshot table may be gone. */
export function* snapshotL1Offsets(view: DataView, { clusterSize, fileSize }: L2Rules): Generator<number> {
  for (let at = 0; at + SNAPSHOT_ENTRY_HEADER <= view.byteLength; at += 8) {
    const offset = view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4)
    if (offset === 0 || offset % clusterSize !== 0 || offset >= fileSize) continue
    const l1Size = view.getUint32(at + 8)
    const idLength = view.getUint16(at + 12)
    const nameLength = view.getUint16(at + 14)
    const extra = view.getUint32(at + 36)
    if (l1Size > LIMITS.l1Table / 8 || idLength === 0 || idLength > 64 || nameLength > 1024) continue
    if (extra > LIMITS.snapshotExtraData) continue
    const id = at + SNAPSHOT_ENTRY_HEADER + extra
    if (id + idLength > view.byteLength || isDecimal(view, id, idLength)) yield offset
  }
}

function isDecimal(view: DataView, at: number, length: number): boolean {
  for (let index = at; index < at + length; index++) {
    const digit = view.getUint8(index) - 48
    if (digit < 0 || digit > 9) return false
  }
  return true
}

function bitmapEntry(view: DataView, { clusterSize, fileSize }: L2Rules): boolean {
  if (view.byteLength < 24) return false
  const offset = view.getUint32(0) * 2 ** 32 + view.getUint32(4)
  const granularity = view.getUint8(17)
  const { min, max } = LIMITS.bitmapGranularityBits
  return (
    offset > 0 &&
    offset % clusterSize === 0 &&
    offset < fileSize &&
    view.getUint32(8) > 0 &&
    view.getUint32(12) <= 7 &&
    view.getUint8(16) === 1 &&
    granularity >= min &&
    granularity <= max &&
    view.getUint16(18) > 0
  )
}
