export { type AttributeOutcome, copyAttributes } from './attributes/copy-attributes.ts'
export { type AttributeIndex, findAttributes, findFileAttributes } from './attributes/find-attributes.ts'
export { type BackupOptions, makeBackup } from './backup.ts'
export { copyContent } from './copy-content.ts'
export { asFileError, errnoOf, FileError, type FileErrorCode } from './file-error.ts'
export {
  compareFileNames,
  decodeFileName,
  type FileName,
  fileNameBytes,
  fileNameKey,
  fileNameText,
  joinFileName,
  splitFileName,
} from './file-name.ts'
export { fnv1a } from './fnv1a.ts'
export { type EntryKind, Folder, type FolderEntry, openFolderEntry } from './folder.ts'
export { FolderCache } from './folder-cache.ts'
export { assertSafeToWrite, isRoot, othersCanWrite } from './folder-safety.ts'
export { findHoles, type Hole } from './holes.ts'
export * from './journal/index.ts'
export { type Leftover, type LeftoverOptions, removeLeftovers } from './leftovers.ts'
export * from './locks/index.ts'
export { type NameFilter, type NamePatterns, nameFilter } from './name-patterns.ts'
export { kindOf, type OpenFile, openRegularFile, readFully, writeFully } from './open-file.ts'
export type { KeptOwnership } from './ownership.ts'
export { beginReplacement, type Durability, Replacement, type ReplacementOptions } from './replacement.ts'
export { type ResolvedPath, resolveFolder, resolvePath } from './resolve-path.ts'
export { isTemporaryFor, parseTemporaryName, type TemporaryName, temporaryName } from './temporary-name.ts'
export { type WalkedFile, type WalkOptions, type WalkSkip, walk } from './walk.ts'
