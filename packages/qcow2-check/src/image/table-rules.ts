import { LIMITS } from '../format/index.ts'
import { FIX_HEADER } from './findings-list.ts'
import { FIELD } from './header-rules.ts'
import type { OpenContext } from './open-context.ts'

const INT64_MAX = 2n ** 63n - 1n
/** Beyond it QEMU's block layer reads nothing (the last whole GiB below 2^63). */
const MAX_LENGTH = INT64_MAX - (INT64_MAX % 2n ** 30n)

/** A table as the header, or an entry, claims it. */
export interface ClaimedTable {
  readonly offset: bigint
  readonly entries: number
  /** Bytes of an entry. */
  readonly entrySize: number
  /** Bytes. */
  readonly most: number
}

/** What QEMU says about a table before it reads it. */
export function tableRefusal(table: ClaimedTable, clusterSize: number, name: string): string | undefined {
  const { offset, entries, entrySize, most } = table
  if (entries > most / entrySize) return `${name} too large`
  const bytes = BigInt(entries * entrySize)
  if (INT64_MAX - bytes < offset || offset % BigInt(clusterSize) !== 0n) return `${name} offset invalid`
  return undefined
}

/** True if QEMU can't even try to read there; what lies beyond the end of the file reads as zeros. */
export function beyondReach(offset: bigint, length: number): boolean {
  return length > 0 && offset + BigInt(length) > MAX_LENGTH
}

export interface RefcountTable {
  readonly offset: number
  readonly length: number
}

/** The refcount table, cut to what lies in the file and to what QEMU allows. */
export function believeRefcountTable(context: OpenContext): RefcountTable {
  const { header, geometry, fileSize, findings, blockers } = context
  const { refcountTableOffset: target, refcountTableClusters: clusters } = header
  const { clusterSize } = geometry
  const claimed = { offset: target, entries: clusters, entrySize: clusterSize, most: LIMITS.refcountTable }
  const refusal = tableRefusal(claimed, clusterSize, 'Reference count table')
  if (clusters === 0) blockers.add('header-refcount-table', 'Image does not contain a reference count table')
  else if (refusal !== undefined) blockers.add('header-refcount-table', refusal)
  const usable =
    clusters > 0 && target > 0n && target % BigInt(clusterSize) === 0n && target < BigInt(fileSize)
  const room = usable ? Math.min(fileSize - Number(target), LIMITS.refcountTable) : 0
  // The last cluster of a file may be cut short; what is missing of it reads as zeros.
  const whole = usable && room > (clusters - 1) * clusterSize
  const sound = whole && refusal === undefined
  // A length that can't be would claim clusters of others up to the end of the file: as long as the file needs it.
  const length = Math.min(sound ? clusters * clusterSize : refcountTableLength(context), room)
  if (!sound)
    findings.add(
      'header-refcount-table',
      FIELD.refcountTable,
      { target, clusters },
      { repair: { class: 'rebuild-refcounts', safe: true, lossy: false } },
    )
  return { offset: usable ? Number(target) : 0, length: length - (length % 8) }
}

/** Bytes of a refcount table that names a block for every cluster of the file. */
function refcountTableLength({ geometry, fileSize }: OpenContext): number {
  const { clusterSize, refcountBlockEntries } = geometry
  const blocks = Math.ceil(fileSize / clusterSize / refcountBlockEntries)
  return Math.ceil((blocks * 8) / clusterSize) * clusterSize
}

/** QEMU reads the L1 table, then the refcount table, once it has looked at the places of all three. */
export function checkReadable({ header, geometry, blockers }: OpenContext): void {
  if (beyondReach(header.l1TableOffset, header.l1Size * 8))
    blockers.add('header-l1-offset', 'Could not read L1 table: Input/output error')
  if (header.cryptMethod > 2)
    blockers.add('header-crypt-method', `Unsupported encryption method ${header.cryptMethod}`)
  if (beyondReach(header.refcountTableOffset, header.refcountTableClusters * geometry.clusterSize))
    blockers.add('header-refcount-table', 'Could not initialize refcount handling: Input/output error')
}

/** Of the encryption methods 0 to 2 are known; AES is what no VM opens any more. */
export function checkEncryption({ header, findings, blockers }: OpenContext): void {
  const { cryptMethod } = header
  if (cryptMethod > 2)
    findings.add('header-crypt-method', FIELD.cryptMethod, { cryptMethod }, { repair: FIX_HEADER })
  if (cryptMethod === 1)
    blockers.add(
      'header-crypt-method',
      'Use of AES-CBC encrypted qcow2 images is no longer supported in system emulators',
      true,
    )
}

/** A size whose sum with the window of an L2 table overflows 64 bits passes all else; this is where QEMU notices. */
export function refuseTotalSize({ header, blockers }: OpenContext): void {
  if (header.size > INT64_MAX)
    blockers.add('header-virtual-size', 'Could not refresh total sector count: File too large')
}
