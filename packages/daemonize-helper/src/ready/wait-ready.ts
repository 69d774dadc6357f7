import { once } from 'node:events'
import { statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { type Family, membersOf } from '../processes/index.ts'
import { holdsAny, tcpListeners, unixListeners } from './listening.ts'
import { logMatches } from './log-match.ts'
import type { ReadyCheck } from './ready-check.ts'

/** What is known of the daemon whose readiness is waited for. */
export interface Awaited {
  readonly family: Family & { readonly identity: { readonly pid: number } }
  /** Each log with its size at the start. */
  readonly logs: readonly { readonly path: string; readonly since: number }[]
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** What comes out of the descriptor that it was given for this. */
  readonly readyStream: Readable | undefined
}

/** From so many milliseconds a look to so many: quick starts are told quickly, slow ones cost nothing. */
const FIRST_LOOK_MS = 5
const LAST_LOOK_MS = 100

/**
 * Resolves when the daemon is ready. Never resolves otherwise: whoever waits sets the limit, and knows when the daemon ends.
 *
 * @param signal ends the waiting; the promise then rejects with its reason
 */
export async function waitReady(check: ReadyCheck, awaited: Awaited, signal: AbortSignal): Promise<void> {
  if (check.by === 'fd') return await lineFrom(awaited.readyStream, signal)
  for (let look = FIRST_LOOK_MS; !isReady(check, awaited); look = Math.min(look * 2, LAST_LOOK_MS)) {
    await pause(look, undefined, { signal })
  }
}

function isReady(check: Exclude<ReadyCheck, { by: 'fd' }>, { family, logs, startedAt }: Awaited): boolean {
  const { pid } = family.identity
  switch (check.by) {
    case 'none':
      return true
    case 'port':
      // Somebody else's listener is no sign of ours: the port may be taken, and the command about to fail by it.
      return holdsAny(membersOf(family), tcpListeners(pid, check.port, check.host))
    case 'unix':
      return holdsAny(membersOf(family), unixListeners(pid, check.path))
    case 'log':
      return logs.some(({ path, since }) => logMatches(path, since, check.pattern))
    case 'file':
      return isNewer(check.path, startedAt)
  }
}

/** File systems keep times by the kernel's tick: one of 4 ms lies before the clock that the start was taken by. */
const TICK_MS = 10

function isNewer(path: string, startedAt: number): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats !== undefined && Math.max(stats.mtimeMs, stats.ctimeMs) >= startedAt - TICK_MS
}

async function lineFrom(stream: Readable | undefined, signal: AbortSignal): Promise<void> {
  if (stream === undefined) throw new TypeError('no descriptor was handed over')
  for (;;) {
    const [chunk] = (await once(stream, 'data', { signal })) as [Buffer]
    if (chunk.includes('\n')) return
  }
}
