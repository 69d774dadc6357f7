/**
 * haproxy-bytes as a library: log lines of any format to transfers, transfers to totals, HAProxy's own counters beside
 * them. Bytes are exact; times are milliseconds of UTC.
 */
export { LogClock, Zone } from './clock/index.ts'
export {
  allOf,
  type Config,
  type ConfigProblem,
  type Directive,
  hasOption,
  lastOf,
  logFormats,
  NO_FACTS,
  type ProxyFacts,
  type ProxyFormat,
  type ProxySection,
  parseConfig,
  type Section,
  wireFacts,
} from './config/index.ts'
export {
  type AskOptions,
  askHaproxy,
  COLUMNS,
  type Column,
  CountersError,
  type CountersErrorCode,
  type Delta,
  findCounters,
  formatSnapshotLine,
  type Incomparable,
  LateAnswerError,
  type ProxyCounters,
  parseStatsAddress,
  readCounters,
  type Snapshot,
  SnapshotFile,
  type StatsAddress,
  snapshotAfter,
  snapshotBefore,
  statsAddressText,
  subtract,
  takeSnapshot,
} from './counters/index.ts'
export { HaproxyBytesError, type HaproxyBytesErrorCode } from './errors.ts'
export { type LineConsumer, LineSplitter, LONGEST_LINE } from './lines/index.ts'
export {
  FormatError,
  type FormatErrorCode,
  KNOWN_FORMATS,
  type KnownFormat,
  type LogFormat,
  parseLogFormat,
} from './log-format/index.ts'
export { IntervalSet, type LossPlace, type LossReport, readLossReport } from './loss/index.ts'
export * from './model/index.ts'
export {
  type Merged,
  mergePartials,
  PartialError,
  type PartialErrorCode,
  type PartialResult,
  type PartialSource,
  parsePartials,
  partialRows,
} from './partial/index.ts'
export {
  type LineSink,
  type LogLine,
  type ReadFailure,
  readFailureText,
  readLogs,
  type ScannedLog,
  type ScanResult,
  type ScanSettings,
  type ScanWarning,
  scanWarningText,
} from './scan/index.ts'
export {
  type ByteRange,
  type Checkpoint,
  type ChunkOptions,
  type Compression,
  compressionOf,
  DamagedError,
  type FileFacts,
  IdentityReader,
  type LogIdentity,
  type OpenedLog,
  openLog,
  openStream,
  type Relation,
  relationOf,
} from './source/index.ts'
export {
  addSums,
  type Group,
  type GroupedTotals,
  type GroupKey,
  KEY_NAMES,
  type Key,
  keyNamed,
  type LocalTime,
  noSums,
  type Sums,
  type TimeSpan,
  Totals,
} from './totals/index.ts'
export {
  decodeHash,
  isAborted,
  LineReader,
  type OtherKind,
  type Reading,
  type Transfer,
} from './transfer/index.ts'
