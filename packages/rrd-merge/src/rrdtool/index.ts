export { Rrdtool } from './client.ts'
export { RrdtoolError, type RrdtoolErrorCode } from './error.ts'
export type { InfoRecord } from './info-record.ts'
export type {
  CallOptions,
  DaemonOptions,
  GraphResult,
  LastUpdate,
  Row,
  RrdtoolOptions,
  Series,
  Time,
} from './types.ts'
