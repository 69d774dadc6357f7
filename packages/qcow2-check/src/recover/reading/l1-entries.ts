import { COPIED_HIGH, entryOffset, L1_RESERVED_HIGH, L1_RESERVED_LOW } from '../../format/index.ts'
import type { TableRules } from './table-rules.ts'

/** What stands for an L1 entry that can't be one. */
export const INVALID = -1

/** Strays remembered of a table. */
const MOST_STRAYS = 65536

/** An L1 table as it was read. */
export interface L1Entries {
  /** Offsets of the L2 tables, bytes, by index; 0: none, `INVALID`: unaligned or behind the end. */
  readonly l2s: Float64Array
  readonly used: number
  readonly invalid: number
  /** Indexes of entries that are well formed, but for the end of the file. */
  readonly beyond: ReadonlySet<number>
  /** Of unaligned entries the offsets, bytes: QEMU counts what they touch as referenced. */
  readonly strays: readonly number[]
  /** Entries with reserved bits beside an offset that is none the worse; QEMU lets them pass. */
  readonly reserved: number
  /** Entries with the COPIED flag: the active table has them, those of snapshots don't. */
  readonly copied: number
}

/** @param bytes the table, 8 bytes an entry */
export function decodeL1(bytes: Uint8Array, { geometry, fileSize }: TableRules): L1Entries {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = Math.floor(bytes.length / 8)
  const l2s = new Float64Array(count)
  const strays: number[] = []
  const beyond = new Set<number>()
  let used = 0
  let invalid = 0
  let reserved = 0
  let copied = 0
  for (let index = 0; index < count; index++) {
    const high = view.getUint32(index * 8)
    const low = view.getUint32(index * 8 + 4)
    if (high === 0 && low === 0) continue
    const offset = entryOffset(high, low)
    const flagged = (high & L1_RESERVED_HIGH) !== 0 || (low & L1_RESERVED_LOW) !== 0
    if (offset === 0 || offset % geometry.clusterSize !== 0 || offset >= fileSize) {
      l2s[index] = INVALID
      if (offset % geometry.clusterSize !== 0 && strays.length < MOST_STRAYS) strays.push(offset)
      if (!flagged && offset > 0 && offset % geometry.clusterSize === 0) beyond.add(index)
      invalid++
      continue
    }
    if (flagged) reserved++
    if ((high & COPIED_HIGH) !== 0) copied++
    l2s[index] = offset
    used++
  }
  return { l2s, used, strays, beyond, invalid, reserved, copied }
}
