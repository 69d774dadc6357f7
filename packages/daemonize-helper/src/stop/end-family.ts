import { setTimeout as pause } from 'node:timers/promises'
import { type Family, membersOf, signalProcess } from '../processes/index.ts'

/** How long processes are given to go after SIGKILL: it can't be caught, but a dying disk can hold one. */
const KILLED_MS = 5000
const LOOK_MS = 10

export interface EndOptions {
  /** Default SIGTERM. */
  readonly signal?: NodeJS.Signals
  /** Before SIGKILL, in milliseconds. Default 2000. */
  readonly timeoutMs?: number
}

/**
 * Ends every process of a daemon: first politely, then by SIGKILL whoever is still there, those too that were started
 * meanwhile.
 *
 * @returns the pids of those that outlived SIGKILL
 */
export async function endFamily(
  family: Family,
  { signal = 'SIGTERM', timeoutMs = 2000 }: EndOptions = {},
): Promise<number[]> {
  let known = membersOf(family)
  if (known.length === 0) return []
  for (const member of known) signalProcess(member, signal)
  const look = (): boolean => {
    known = membersOf(family, known)
    return known.length === 0
  }
  if (await until(look, timeoutMs)) return []
  await until(() => {
    const over = look()
    for (const member of known) signalProcess(member, 'SIGKILL')
    return over
  }, KILLED_MS)
  return known.map(({ pid }) => pid)
}

async function until(isOver: () => boolean, ms: number): Promise<boolean> {
  const end = Date.now() + ms
  while (!isOver()) {
    if (Date.now() >= end) return false
    await pause(LOOK_MS)
  }
  return true
}
