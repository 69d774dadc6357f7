export { type Compression, compressionOf, decompress } from './decompress.ts'
export { type Checkpoint, IdentityReader, type LogIdentity, type Relation, relationOf } from './identity.ts'
export { type OpenedLog, openLog } from './open-log.ts'
