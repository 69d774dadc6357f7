export { type FoundDaemon, findDaemon } from './find-daemon.ts'
export { type Begun, NameFiles } from './name-files.ts'
export type { Beginning, DaemonRecord } from './record.ts'
export {
  checkStateFolder,
  defaultStateFolder,
  makeStateFolder,
  namesIn,
  stateFolderExists,
} from './state-folder.ts'
export { withLock } from './with-lock.ts'
