export {
  type Follow,
  type LineSink,
  type LogLine,
  type LogPart,
  readLogs,
  type ScannedLog,
  type ScanResult,
  type ScanSettings,
} from './read-logs.ts'
export { Scan } from './scan.ts'
export { type ReadFailure, readFailureText, type ScanWarning, scanWarningText } from './scan-warning.ts'
export type { Shard } from './shard.ts'
