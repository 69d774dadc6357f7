import { existsSync } from 'node:fs'
import { goesToJournal } from '../logging/journal.ts'
import type { ToolDefinition } from './definition.ts'
import { losslessArguments } from './raw-arguments.ts'
import { runTool } from './run-tool.ts'
import { type SignalWatch, watchSignals } from './signals.ts'

/**
 * Runs a tool as this process: arguments, streams, signals, exit code. The process ends when nothing is left to do
 * (never by `process.exit`, which would lose what is still being written), and by the signal that stopped it.
 */
export function runProgram(tool: ToolDefinition): void {
  let watch: SignalWatch | undefined
  let stderr: NodeJS.WriteStream | undefined
  const finished = runTool(tool, losslessArguments(process.argv.slice(2)), {
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
