import { existsSync, fstatSync, writeSync } from 'node:fs'
import { goesToJournal } from '../logging/journal.ts'
import type { ToolIo } from './io.ts'
import { losslessArguments } from './raw-arguments.ts'
import { type SignalWatch, watchSignals } from './signals.ts'

/**
 * Lets a tool be this process: arguments, streams, signals, exit code. The process ends when nothing is left to do
 * (never by `process.exit`, which would lose what is still being written), and by the signal that stopped it.
 */
export function beProcess(run: (argv: readonly string[], io: ToolIo) => Promise<number>): void {
  let watch: SignalWatch | undefined
  let stderr: NodeJS.WriteStream | undefined
  const finished = run(losslessArguments(process.argv.slice(2)), {
    get stdin() {
      return process.stdin
    },
    get stdout() {
      return process.stdout
    },
    get stderr() {
      // A terminal or log that has gone must not turn a finished job into a crash.
      stderr ??= process.stderr.on('error', () => {})
      return stderr
    },
    printNow,
    mayBeTerminal,
    env: process.env,
    fileExists: existsSync,
    journal: () => goesToJournal(process.env.JOURNAL_STREAM),
    stopSignal: () => {
      watch ??= watchSignals()
      return watch.signal
    },
  })
  void finished.then((exitCode) => {
    process.exitCode = exitCode
    watch?.release()
    if (watch?.received) process.kill(process.pid, watch.received)
  })
}

/** Writes to descriptor 1 and gives back what it didn't take (a full pipe that doesn't block, a full disk). */
function printNow(text: string): Uint8Array {
  const bytes = Buffer.from(text)
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written)
  } catch (error) {
    // The reader has gone, and nobody is there to be told.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') written = bytes.length
  }
  return bytes.subarray(written)
}

/** A pipe, a file or a memory device (/dev/null, major number 1 on Linux) is no terminal. */
function mayBeTerminal(fd: 1 | 2 = 1): boolean {
  try {
    const status = fstatSync(fd)
    return status.isCharacterDevice() && status.rdev >> 8 !== 1
  } catch {
    return true
  }
}
