export { type FoundDaemon, findDaemon, foundByRecord } from './find-daemon.ts'
export { NameFiles } from './name-files.ts'
export { removePidFile, writePidFile } from './pid-file.ts'
export type { Beginning, DaemonRecord, StartOptions, StartUnderWay } from './record.ts'
export {
  checkStateFolder,
  defaultStateFolder,
  makeStateFolder,
  namesIn,
  stateFolderExists,
} from './state-folder.ts'
export { withLock } from './with-lock.ts'
