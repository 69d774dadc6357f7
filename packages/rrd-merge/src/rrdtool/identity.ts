import { readlinkSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * Whether the child is rrdtool itself, and not a program that speaks for it (a wrapper, a test's stand-in): by what the
 * kernel says it executes, and where there is no /proc by the name it was started under.
 */
export function knowsMarkers(pid: number | undefined, path: string): boolean {
  let executable = path
  try {
    executable = readlinkSync(`/proc/${pid}/exe`)
  } catch {
    if (process.platform === 'linux') return false
  }
  return /^(?:lt-)?rrdtool/.test(basename(executable))
}
