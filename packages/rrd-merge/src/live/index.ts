export { LiveError, type LiveErrorCode } from './error.ts'
export { LiveFile, type LiveOptions, type ReplaceOptions, type ReplaceOutcome } from './live-file.ts'
export { type HeldLock, type LockState, LockTable, lockTable } from './locks.ts'
export type { LateWriter, LiveMode, Replacement, RowSpan, Stage } from './types.ts'
