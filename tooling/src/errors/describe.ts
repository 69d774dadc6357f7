import { errorPath } from './error-path.ts'
import { systemCallWords, systemErrorWords } from './system-errors.ts'
import { withPath } from './with-path.ts'

/** An error as values, ready to be rendered as text or JSON. */
export interface ErrorDescription {
  /** Stable name: the error's own, the errno name of a system error, or `BUG`. */
  readonly code: string
  /** One line: what, where, why. Not yet escaped for a terminal. */
  readonly message: string
  readonly remedy?: string
  /** As text; bytes that are no UTF-8 appear as U+FFFD. */
  readonly path?: string
  readonly offset?: number | bigint
  readonly exitCode?: number
  /** True where the fault lies in the tool, not in its input or machine. */
  readonly bug: boolean
  readonly stack?: string
}

interface Details {
  readonly code?: unknown
  readonly remedy?: unknown
  readonly path?: unknown
  readonly offset?: unknown
  readonly exitCode?: unknown
  readonly syscall?: unknown
  readonly errno?: unknown
  readonly dest?: unknown
  readonly address?: unknown
  readonly hostname?: unknown
}

/**
 * Says what kind of failure a thrown value is: one with a `code` of its own is expected and told in its own words, a
 * system error is put into words, and everything else (a TypeError, an `ERR_...` of Node, a plain Error) is a bug.
 */
export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { code: 'BUG', message: `thrown: ${String(error)}`, bug: true }
  const details = error as Error & Details
  const stack = error.stack === undefined ? {} : { stack: withCauses(error) }
  if (typeof details.code !== 'string' || details.code.startsWith('ERR_')) {
    return { code: 'BUG', message: `${error.name}: ${error.message}`, bug: true, ...stack }
  }
  const path = errorPath(details.path)
  return {
    code: details.code,
    message: isSystemError(details) ? systemMessage(details, path) : ownMessage(details, path),
    ...remedyOf(details),
    ...(path === undefined ? {} : { path }),
    ...(isOffset(details.offset) ? { offset: details.offset } : {}),
    ...(typeof details.exitCode === 'number' ? { exitCode: details.exitCode } : {}),
    bug: false,
    ...stack,
  }
}

/** True for the errors that an aborted operation ends with: of AbortSignal, of Node, and of our own libraries. */
export function isAbortError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = (error as Details).code
  return error.name === 'AbortError' || code === 'ABORT_ERR' || code === 'ABORTED'
}

function isSystemError(details: Details): boolean {
  return typeof details.syscall === 'string' && typeof details.code === 'string'
}

function isOffset(offset: unknown): offset is number | bigint {
  return typeof offset === 'bigint' || (typeof offset === 'number' && Number.isSafeInteger(offset))
}

function systemMessage(details: Error & Details, path: string | undefined): string {
  const words = systemErrorWords[String(details.code)]
  const call = String(details.syscall)
  const address = typeof details.address === 'string' ? details.address : undefined
  const host = typeof details.hostname === 'string' ? details.hostname : undefined
  const where = path ?? address ?? host
  const target = errorPath(details.dest)
  const what = `cannot ${systemCallWords(call)}${where ? ` ${where}` : ''}${target ? ` to ${target}` : ''}`
  return `${what}: ${words?.why ?? details.message} (${String(details.code)})`
}

function ownMessage(details: Error & Details, path: string | undefined): string {
  let message = path === undefined ? details.message : withPath(details.message, path)
  if (isOffset(details.offset)) {
    const hex = `0x${details.offset.toString(16)}`
    if (!message.includes(hex)) message += ` (offset ${hex}, ${details.offset})`
  }
  return message
}

function remedyOf(details: Error & Details): { remedy?: string } {
  if (typeof details.remedy === 'string') return { remedy: details.remedy }
  const remedy = isSystemError(details) ? systemErrorWords[String(details.code)]?.remedy : undefined
  return remedy === undefined ? {} : { remedy }
}

/** The stack with those of the causes below it; a chain that bites its own tail is cut. */
function withCauses(error: Error): string {
  const parts: string[] = []
  const seen = new Set<unknown>()
  for (let at: unknown = error; at instanceof Error && !seen.has(at); at = at.cause) {
    seen.add(at)
    parts.push(at.stack ?? String(at))
  }
  return parts.join('\ncaused by: ')
}
