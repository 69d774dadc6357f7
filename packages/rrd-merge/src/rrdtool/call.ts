import { type CallIdentity, RrdtoolError } from './error.ts'
import type { Reader } from './parse/reader.ts'

/** One command to the program: the words after its name. */
export interface Command<T> {
  readonly words: readonly string[]
  readonly reader: Reader<T>
  /** Working folder, for a process of its own. */
  readonly cwd?: string | undefined
}

/** Sends a command and gives what its reader made of the answer. */
export type Send = <T>(command: Command<T>) => Promise<T>

/** One call of the client: it may send several commands (the one asked for, and those that verify its outcome). */
export interface Call extends CallIdentity {
  readonly signal: AbortSignal | undefined
  /** Milliseconds from when the first command is sent; 0 for no limit. */
  readonly timeout: number
  /** The rrdcached that the child is to know; undefined for none. */
  readonly daemon: string | undefined
}

/** A way to the program. */
export interface Channel {
  /** Runs `work` with the program to itself (persistent) or a process a command (one-shot). */
  run<T>(call: Call, work: (send: Send) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export function abortedError(call: Call): RrdtoolError {
  return new RrdtoolError('ABORTED', call, 'stopped by the signal of the caller', {
    cause: call.signal?.reason,
  })
}

export function closedError(call: CallIdentity): RrdtoolError {
  return new RrdtoolError('CLOSED', call, 'the client was closed; make a new Rrdtool')
}
