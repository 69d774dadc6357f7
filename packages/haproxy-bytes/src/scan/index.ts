export {
  type Follow,
  type LineSink,
  type LogLine,
  readLogs,
  type ScannedLog,
  type ScanResult,
  type ScanSettings,
} from './read-logs.ts'
export { type ReadFailure, readFailureText, type ScanWarning, scanWarningText } from './scan-warning.ts'
export type { Shard } from './shard.ts'
