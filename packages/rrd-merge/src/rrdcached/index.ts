export { type DaemonAddress, formatDaemonAddress, parseDaemonAddress } from './address.ts'
export type { Answer } from './answer.ts'
export { type RequestOptions, RrdcachedClient, type RrdcachedClientOptions } from './client.ts'
export type { DaemonPath } from './command-line.ts'
export { RrdcachedError, type RrdcachedErrorCode, type RrdcachedErrorDetails } from './error.ts'
export {
  type SuspendOptions,
  type SuspensionNote,
  type SuspensionNoteCode,
  suspendWhile,
} from './suspend-while.ts'
