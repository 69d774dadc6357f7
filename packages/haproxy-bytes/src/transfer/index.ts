export { readBsdStamp, readHaproxyDate, readIsoStamp, type WrittenTime } from './date.ts'
export { isAborted, type Transfer } from './transfer.ts'
export { type Clock, TransferReader } from './transfer-reader.ts'
export { decodeHash } from './values.ts'
