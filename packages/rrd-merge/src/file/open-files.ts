import { readFileSync } from 'node:fs'

/** How many files and folders one thread of a merge keeps open. */
export interface OpenFiles {
  /** Pairs under way at once. */
  readonly inFlight: number
  /** Files that were replaced and are kept open for late updates. */
  readonly unsettled: number
  /** Folders of each tree that stay open for their next file. */
  readonly folders: number
}

/** Descriptors that Node itself has, with some to spare for a child process and its pipes. */
const NODE = 44

/** Descriptors of a worker thread's own. */
const THREAD = 8

/**
 * Pairs under way at once: while the device syncs some, others are merged, and syncs that wait together share a commit of
 * the file system's journal (16 against 8, with MEMORY in pair-runner.ts: 0.7 s for 1.2 s, 500 files, measured).
 */
const IN_FLIGHT = 16

const UNSETTLED = 32

const FOLDERS = 128

/**
 * Shares what the process may open (RLIMIT_NOFILE) out, so that a tree of any size and shape fits.
 * @param threads that merge at once
 * @param trees NEW, the OLDs and OUT
 * @param limit of the process; Infinity where there is none
 */
export function openFiles(threads: number, trees: number, limit = openFileLimit()): OpenFiles {
  const own = (limit - NODE) / threads - THREAD
  // A pair: its files, the temporary one, a backup or journal, and, at worst, folders that no other pair is in.
  const pair = 2 * trees + 4
  // A replaced file: what was there, what is there now, and the folders.
  const replaced = trees + 3
  return {
    inFlight: within(1, (own * 0.4) / pair, IN_FLIGHT),
    unsettled: within(0, (own * 0.3) / replaced, UNSETTLED),
    folders: within(1, (own * 0.3) / trees, FOLDERS),
  }
}

/** How many threads find room for their files within the limit. */
export function threadsWithin(limit = openFileLimit()): number {
  return within(0, (limit - NODE) / 100, 256)
}

const within = (least: number, wanted: number, most: number): number =>
  Math.max(least, Math.min(most, Math.floor(wanted)))

let known: number | undefined

/** The soft limit, which Node raises to the hard one when it starts; a guess where there is no /proc. */
export function openFileLimit(): number {
  known ??= readLimit()
  return known
}

function readLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? []
    return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft ?? 256)
  } catch {
    return 256
  }
}
