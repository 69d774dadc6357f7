import { randomBytes } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { basename } from 'node:path'

/** A word that no file can foretell; see AnswerFrame. */
export function newMarker(): string {
  return `end-${randomBytes(12).toString('hex')}`
}

/** Two words: with one alone, rrdtool prints its usage and says OK. */
export function markerCommand(marker: string): string {
  return `${marker} x`
}

/** What rrdtool answers to the marker's command, in every version. */
export function markerAnswer(marker: string): string {
  return `ERROR: unknown function '${marker}'`
}

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
