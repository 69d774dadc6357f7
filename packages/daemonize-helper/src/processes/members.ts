import { readdirSync, readFileSync } from 'node:fs'
import { type Identity, isLiving, type ProcStat, readProcStat } from '../identity/index.ts'
import { MARK } from '../program/index.ts'

/** By what a daemon's processes are known. */
export interface Family {
  readonly pgid: number
  readonly sid: number
  /** The value of the mark in their environment. */
  readonly mark: string
  /** The daemon itself, where it is known. */
  readonly identity?: Identity
}

/**
 * Every living process that is proven to be the daemon's: itself, whoever carries its mark, whoever was known before, and the
 * session and group of these. A session's number is nobody else's while one of its members lives, and proves nothing
 * once they have gone.
 *
 * @param known members found earlier
 */
export function membersOf(family: Family, known: readonly ProcStat[] = []): ProcStat[] {
  const all = livingProcesses()
  const anchors = new Map(
    [...(family.identity ? [family.identity] : []), ...known].map(({ pid, startTime }) => [pid, startTime]),
  )
  const isProven = ({ pid, startTime }: ProcStat): boolean =>
    anchors.get(pid) === startTime || hasMark(pid, family.mark)
  const proven = new Set(all.filter(isProven))
  const bySession = [...proven].some(({ sid }) => sid === family.sid)
  const byGroup = [...proven].some(({ pgid }) => pgid === family.pgid)
  return all.filter(
    (one) =>
      proven.has(one) || (bySession && one.sid === family.sid) || (byGroup && one.pgid === family.pgid),
  )
}

function livingProcesses(): ProcStat[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return []
    const stat = readProcStat(Number(entry))
    return stat !== undefined && isLiving(stat) ? [stat] : []
  })
}

/** What the process was started with: what it made of its environment since isn't seen, nor that of another user. */
function hasMark(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`${MARK}=${mark}`)
  } catch {
    return false
  }
}

/** Sends a signal if the process is still the one that was looked at. */
export function signalProcess({ pid, startTime }: ProcStat, signal: NodeJS.Signals): void {
  const now = readProcStat(pid)
  if (now === undefined || now.startTime !== startTime) return
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
