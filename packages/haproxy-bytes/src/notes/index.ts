export type { CounterKey } from './log-counters.ts'
export { LogNotes } from './log-notes.ts'
export { type Sample, UNREAD_REASONS, type Unread, type UnreadReason } from './unread-lines.ts'
export { logWarnings } from './warnings.ts'
