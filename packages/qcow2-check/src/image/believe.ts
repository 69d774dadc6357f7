import { type Geometry, geometryOf, type Header, INCOMPATIBLE, LIMITS } from '../format/index.ts'
import { FIX_HEADER, type FindingsList } from './findings-list.ts'
import type { L1Table } from './image.ts'

/** Where a field of the header lies; findings about it point there. */
const FIELD = {
  clusterBits: { offset: 20, length: 4 },
  size: { offset: 24, length: 8 },
  l1Size: { offset: 36, length: 4 },
  l1TableOffset: { offset: 40, length: 8 },
  refcountTable: { offset: 48, length: 12 },
  refcountOrder: { offset: 96, length: 4 },
} as const

/** Sizes to go on with: those of the header, or what images nearly always have where these can't be. */
export function believeGeometry(header: Header, findings: FindingsList): Geometry {
  const extendedL2 = (header.incompatibleFeatures & INCOMPATIBLE.extendedL2) !== 0n
  const min = extendedL2 ? LIMITS.extendedL2ClusterBits : LIMITS.clusterBits.min
  let { clusterBits, refcountOrder } = header
  if (clusterBits < min || clusterBits > LIMITS.clusterBits.max) {
    findings.add('header-cluster-bits', FIELD.clusterBits, { clusterBits, min }, { repair: FIX_HEADER })
    clusterBits = 16
  }
  if (refcountOrder > LIMITS.refcountOrder) {
    findings.add('header-refcount-order', FIELD.refcountOrder, { refcountOrder }, { repair: FIX_HEADER })
    refcountOrder = 4
  }
  return geometryOf(clusterBits, refcountOrder, extendedL2)
}

/** Bytes of the guest's disk, as far as an L1 table can map it. */
export function believeVirtualSize(header: Header, geometry: Geometry, findings: FindingsList): number {
  const most = Math.min((LIMITS.l1Table / 8) * geometry.l2Coverage, 2 ** 53 - geometry.clusterSize)
  if (header.size <= BigInt(most)) return Number(header.size)
  findings.add('header-virtual-size', FIELD.size, { size: header.size, most }, { repair: FIX_HEADER })
  return Math.min(header.l1Size * geometry.l2Coverage, most)
}

/** @param claimed offset and entries as something in the image says them */
export function believeL1(
  claimed: { readonly offset: bigint; readonly entries: number },
  geometry: Geometry,
  fileSize: number,
): L1Table {
  const { offset, entries } = claimed
  const aligned = offset % BigInt(geometry.clusterSize) === 0n
  if (!aligned || offset >= BigInt(fileSize) || offset === 0n)
    return { offset: 0, entries: 0, claimedEntries: entries }
  const inFile = Math.floor((fileSize - Number(offset)) / 8)
  return {
    offset: Number(offset),
    entries: Math.min(entries, inFile, LIMITS.l1Table / 8),
    claimedEntries: entries,
  }
}

export function believeActiveL1(
  header: Header,
  geometry: Geometry,
  fileSize: number,
  findings: FindingsList,
): L1Table {
  const { l1TableOffset: offset, l1Size: entries } = header
  const table = believeL1({ offset, entries }, geometry, fileSize)
  if (table.offset === 0 && entries > 0)
    findings.add('header-l1-offset', FIELD.l1TableOffset, { offset, fileSize }, { repair: FIX_HEADER })
  else if (table.entries < entries)
    findings.add('header-l1-size', FIELD.l1Size, { entries, inFile: table.entries }, { repair: FIX_HEADER })
  return table
}

export function believeRefcountTable(
  header: Header,
  geometry: Geometry,
  fileSize: number,
  findings: FindingsList,
): { readonly offset: number; readonly length: number } {
  const { refcountTableOffset: offset, refcountTableClusters: clusters } = header
  const claimed = clusters * geometry.clusterSize
  const usable =
    offset % BigInt(geometry.clusterSize) === 0n && offset > 0n && offset < BigInt(fileSize) && clusters > 0
  const length = usable ? Math.min(claimed, fileSize - Number(offset), LIMITS.refcountTable) : 0
  if (!usable || length < claimed)
    findings.add(
      'header-refcount-table',
      FIELD.refcountTable,
      { offset, clusters, fileSize },
      { repair: { class: 'rebuild-refcounts', safe: true, lossy: false } },
    )
  return { offset: usable ? Number(offset) : 0, length: length - (length % 8) }
}
