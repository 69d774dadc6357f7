import { describeError, type ErrorDescription, isAbortError } from '../errors/describe.ts'
import { UsageError } from '../errors/failure.ts'
import type { ToolIdentity } from './definition.ts'
import { StoppedBySignal } from './signals.ts'

interface ToolFailure {
  readonly description: ErrorDescription
  readonly exitCode: number
}

/** What a thrown error is, and the exit code that the tool gives for it. */
export function failureOf(tool: ToolIdentity, error: unknown, stop?: AbortSignal): ToolFailure {
  if (stop?.aborted && (isAbortError(error) || error === stop.reason)) return stopped(stop)
  const description = describeError(error)
  const usual = error instanceof UsageError ? (tool.usageExitCode ?? 2) : 1
  const exitCode = description.exitCode ?? tool.exitCodeOf?.(description.code, error) ?? usual
  return { description, exitCode }
}

/** The process then dies by the signal: the exit code is what a shell shows for it. */
function stopped(stop: AbortSignal): ToolFailure {
  const by = stop.reason instanceof StoppedBySignal ? stop.reason.by : 'SIGTERM'
  const exitCode = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[by]
  return { description: { code: 'ABORTED', message: `stopped by ${by}`, bug: false }, exitCode }
}
