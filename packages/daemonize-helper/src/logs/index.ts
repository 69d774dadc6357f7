export { follow, LogTail } from './tail.ts'
