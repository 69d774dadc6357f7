export { type Compression, compressionOf, decompress } from './decompress.ts'
export { type OpenedLog, openLog } from './open-log.ts'
