export { Rrdtool } from './client.ts'
export { RrdtoolError, type RrdtoolErrorCode } from './error.ts'
export { escapeColons } from './escape.ts'
export type { InfoHeader, InfoRecord } from './info-record.ts'
export type {
  CallOptions,
  CreateOptions,
  DaemonOptions,
  DumpOptions,
  FetchOptions,
  FirstOptions,
  FlushOptions,
  GraphOptions,
  GraphOptionValue,
  GraphResult,
  LastUpdate,
  ResizeOptions,
  RestoreOptions,
  Row,
  RrdtoolOptions,
  Series,
  Time,
  UpdateOptions,
  XportOptions,
} from './types.ts'
