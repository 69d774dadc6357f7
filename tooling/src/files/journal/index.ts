export { findJournal, openJournal, removeJournal } from './find-journal.ts'
export { type Extent, type Fingerprint, takeFingerprint } from './fingerprint.ts'
export type { JournalState } from './format.ts'
export type { JournalHeader } from './header.ts'
export { changeInPlace, type InPlaceOptions, type Recovery, recoverInPlace } from './in-place.ts'
export { JournalError, type JournalErrorCode } from './journal-error.ts'
export { isJournalName, journalName } from './journal-name.ts'
export { type JournalSubject, JournalWriter } from './journal-writer.ts'
export {
  type Journal,
  markJournal,
  type PreImage,
  peekState,
  preImages,
  readJournal,
} from './read-journal.ts'
export {
  assertSameTarget,
  type ChangeProgress,
  changeProgress,
  rollBack,
  targetDifferences,
} from './recover.ts'
export { type InPlaceWrite, type JournalOptions, writeJournal } from './write-journal.ts'
