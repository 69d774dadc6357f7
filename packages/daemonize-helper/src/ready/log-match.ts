import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { createContext, Script } from 'node:vm'
import { DaemonError } from '../errors.ts'

/** As much of what was logged since the start is searched. */
const SEARCHED_BYTES = 64 * 1024
/** A pattern that takes longer on so little text takes for ever on some other. */
const SEARCH_MS = 250

/** Where a log stood when the daemon was started; 0 where there was none. */
export function logSize(path: string): number {
  const fd = openLog(path)
  if (fd === undefined) return 0
  try {
    return fstatSync(fd).size
  } finally {
    closeSync(fd)
  }
}

/**
 * Whether something logged since matches; `^` and `$` stand for a line's ends.
 *
 * @throws DaemonError `HELPER` where the expression does not come to an end
 */
export function logMatches(path: string, since: number, pattern: string): boolean {
  const fd = openLog(path)
  if (fd === undefined) return false
  let text: string
  try {
    const { size } = fstatSync(fd)
    // Emptied or replaced meanwhile: all of it is new.
    const from = size < since ? 0 : since
    const start = Math.max(from, size - SEARCHED_BYTES)
    const bytes = Buffer.alloc(Math.max(0, size - start))
    text = bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, start))
  } finally {
    closeSync(fd)
  }
  return matchesInTime(pattern, text)
}

function matchesInTime(pattern: string, text: string): boolean {
  const context = createContext({ pattern, text })
  try {
    return new Script("new RegExp(pattern, 'm').test(text)").runInContext(context, { timeout: SEARCH_MS })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw cause
    throw new DaemonError('HELPER', `--ready log:${pattern}: the expression takes too long on this log`, {
      exitCode: 125,
      remedy: 'write it without repetitions inside of repetitions',
      cause,
    })
  }
}

function openLog(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
}
