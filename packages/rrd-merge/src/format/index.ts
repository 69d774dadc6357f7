export { ARCHITECTURES, hostArchitecture } from './architecture.ts'
export { buildRrd } from './build.ts'
export { type CheckOptions, checkRrd } from './check/check.ts'
export type { Finding, FindingCode, Severity } from './check/finding.ts'
export { hasXff, isCyclicState } from './consolidation.ts'
export { convertRrd } from './convert.ts'
export {
  type ArchiveDescription,
  type DataSourceDescription,
  describeRrd,
  type RrdDescription,
} from './description.ts'
export { RrdError, type RrdErrorCode, type RrdErrorDetails } from './error.ts'
export { decodeHeader } from './header.ts'
export { cellAreaAlignment, rrdFromBytes, rrdToBytes, swapCells } from './image.ts'
export { cellsEnd } from './layout.ts'
export { HEADER_PREFIX, measureHeader } from './measure.ts'
export { newArchive, newDataSource, newPrep } from './new-parts.ts'
export { firstRowTime, lastRowTime, oldestRow, physicalRow, rowRuns, rowTime } from './row-time.ts'
export { encodeRpn, formatRpn, isRpnOperator, parseRpn, refersToDataSource } from './rpn.ts'
export { CDP_SLOT, DS_SLOT, PDP_SLOT, RRA_SLOT } from './slots.ts'
export type { Architecture, Archive, DataSource, RpnNode, Rrd, RrdHeader, Version } from './types.ts'
export { Univals } from './univals.ts'
