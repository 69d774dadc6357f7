import type { MergeJob } from '../file/job.ts'
import type { FileReport } from '../report/types.ts'
import type { WorkEntry } from './entry.ts'
import type { SentError } from './sent-error.ts'

/** What a worker thread starts with. Descriptors are the process's, so the folders are opened once, by the main thread. */
export interface ThreadStart {
  readonly roots: readonly { readonly fd: number; readonly path: string }[]
  readonly output: number
  /** How many threads there are. */
  readonly threads: number
  /** Without its signal, which no message can carry: `stop` says so. */
  readonly job: MergeJob
}

/** An entry and its place in the order of reports. */
export interface NumberedEntry {
  readonly key: number
  readonly entry: WorkEntry
}

export interface NumberedReport {
  readonly key: number
  readonly report: FileReport
}

export type ToThread =
  | { readonly kind: 'entries'; readonly entries: readonly NumberedEntry[] }
  /** Finish what is under way and end; the answer is the thread's exit. */
  | { readonly kind: 'finish' }
  /** Begin nothing new. */
  | { readonly kind: 'stop' }

export type FromThread =
  /** Has begun what it was given last: more should come before that is done. */
  | { readonly kind: 'hungry' }
  | { readonly kind: 'reports'; readonly reports: readonly NumberedReport[] }
  /** Too large to be merged beside others. */
  | { readonly kind: 'large'; readonly key: number }
  | { readonly kind: 'failed'; readonly error: SentError }
