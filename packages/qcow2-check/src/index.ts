export { Qcow2Error, type Qcow2ErrorCode } from './errors.ts'
export type { BlockSource, WritableSource } from './source/index.ts'
