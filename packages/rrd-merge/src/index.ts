export { mergeFile } from './file/merge-file.ts'
export { openRrd } from './file/open-rrd.ts'
export type { FileOptions } from './file/options.ts'
export {
  type Architecture,
  type Archive,
  convertRrd,
  type DataSource,
  firstRowTime,
  lastRowTime,
  physicalRow,
  type Rrd,
  RrdError,
  type RrdErrorCode,
  type RrdHeader,
  rowTime,
  rrdFromBytes,
  rrdToBytes,
  type Version,
} from './format/index.ts'
export {
  type ArchiveReport,
  applyPlan,
  type DataSourceReport,
  type MergeOptions,
  type Plan,
  planMerge,
} from './merge/index.ts'
export type { FileReport, FileStatus, Totals } from './report/types.ts'
export type { Warning } from './report/warning.ts'
export { mergeTree } from './tree/merge-tree.ts'
export type { TreeOptions } from './tree/options.ts'
