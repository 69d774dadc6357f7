import { type Abi, abiOf, liveHeadSize, structOffsets } from './architecture.ts'
import type { RrdHeader, Version } from './types.ts'

export const DS_DEF_SIZE = 120
export const PDP_PREP_SIZE = 112
export const CDP_PREP_SIZE = 80

/** Byte offsets of the sections of a file; they follow each other without padding. */
export interface Layout {
  readonly dsDef: number
  readonly rraDef: number
  readonly liveHead: number
  readonly pdpPrep: number
  /** cdp_prep of archive r and data source d: cdpPrep + (r x dsCount + d) x 80. */
  readonly cdpPrep: number
  readonly rraPtr: number
  /** Bytes before the first cell. */
  readonly length: number
}

export const layoutFor = (abi: Abi, version: Version, dsCount: number, rraCount: number): Layout => {
  const dsDef = structOffsets(abi).statHead
  const rraDef = dsDef + dsCount * DS_DEF_SIZE
  const liveHead = rraDef + rraCount * structOffsets(abi).rraDef
  const pdpPrep = liveHead + liveHeadSize(abi, version)
  const cdpPrep = pdpPrep + dsCount * PDP_PREP_SIZE
  const rraPtr = cdpPrep + rraCount * dsCount * CDP_PREP_SIZE
  return { dsDef, rraDef, liveHead, pdpPrep, cdpPrep, rraPtr, length: rraPtr + rraCount * abi.long }
}

export const layoutOf = (header: RrdHeader): Layout =>
  layoutFor(abiOf(header.architecture), header.version, header.dataSources.length, header.archives.length)

/** Byte offset just after the last cell: the length of a file without trailing bytes. */
export const cellsEnd = (header: RrdHeader): number => {
  const last = header.archives[header.archives.length - 1]
  return last ? last.offset + last.rowCount * header.dataSources.length * 8 : header.length
}
