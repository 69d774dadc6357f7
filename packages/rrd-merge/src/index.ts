export {
  type ArchiveCoverage,
  type Axis,
  type Coverage,
  type CoverageOptions,
  coverageOf,
  type Gap,
  type TimeRange,
} from './coverage/index.ts'
export { type ArchiveDifference, compareRrds, type Difference } from './diff/compare.ts'
export type { StructureDifference } from './diff/structure.ts'
export { mergeFile } from './file/merge-file.ts'
export { openRrd, openRrd as open } from './file/open-rrd.ts'
export type { FileOptions } from './file/options.ts'
export type { Durability } from './file/stage.ts'
export {
  type Architecture,
  type Archive,
  type CheckOptions,
  checkRrd,
  convertRrd,
  type DataSource,
  type Finding,
  type FindingCode,
  firstRowTime,
  lastRowTime,
  physicalRow,
  type RpnNode,
  type Rrd,
  RrdError,
  type RrdErrorCode,
  type RrdErrorDetails,
  type RrdHeader,
  rowTime,
  rrdFromBytes,
  rrdToBytes,
  type Severity,
  type Version,
} from './format/index.ts'
export type { LiveMode } from './live/index.ts'
export {
  type ArchiveReport,
  applyPlan,
  applyPlan as apply,
  type DataSourceReport,
  type MergeOptions,
  type MergeReport,
  type MergeWarning,
  type MergeWarningCode,
  type Method,
  type Plan,
  type Policy,
  planMerge,
  type SourceReport,
} from './merge/index.ts'
export type { FileReport, FileStatus, Totals } from './report/types.ts'
export type { Warning } from './report/warning.ts'
export {
  type Answer,
  type DaemonAddress,
  type DaemonPath,
  type RequestOptions,
  RrdcachedClient,
  type RrdcachedClientOptions,
  RrdcachedError,
  type RrdcachedErrorCode,
  type RrdcachedErrorDetails,
} from './rrdcached/index.ts'
export { mergeTree } from './tree/merge-tree.ts'
export type { TreeOptions } from './tree/options.ts'
export type { Shard } from './tree/shard.ts'
export { type WriteXmlOptions, writeXml, type Zone, type ZonePeriod } from './xml/index.ts'
