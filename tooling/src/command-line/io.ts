import type { Writable } from 'node:stream'

/** A stream that may be a terminal. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number }

/** The world a tool runs in: the process, or a test's own streams. */
export interface ToolIo {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Readonly<Record<string, string | undefined>>
  /** True if a file of this name exists: a word that names a command and a file too gets a warning. */
  readonly fileExists: (name: string) => boolean
  /** Starts to watch the signals that stop a command; not called for one that sees to them itself. */
  readonly stopSignal?: () => AbortSignal
  /**
   * Writes to stdout at once, without a stream, and gives back what was not taken. Opening a stream costs a tenth of
   * a start, which a few lines to a file or a pipe needn't pay.
   */
  readonly printNow?: (text: string) => Uint8Array
  /** False where stdout (1, the default) or stderr (2) is certainly no terminal: told without opening the stream. */
  readonly mayBeTerminal?: (fd?: 1 | 2) => boolean
  /** Where NDJSON lines go instead of descriptor 2. */
  readonly jsonDestination?: () => { write(line: string): void }
  /** True where stderr goes to the journal, which reads `<N>` as priority. */
  readonly journal: () => boolean
}
