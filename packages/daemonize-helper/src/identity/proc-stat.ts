import { readFileSync } from 'node:fs'

/** What is taken from a line of /proc/PID/stat (proc_pid_stat(5)). */
export interface ProcStat {
  readonly pid: number
  /** `Z` and `X` are dead: nothing runs, only the exit status is kept. */
  readonly state: string
  readonly ppid: number
  readonly pgid: number
  readonly sid: number
  /** Device number of the controlling terminal; 0: none. */
  readonly tty: number
  /** PF_* of linux/sched.h. */
  readonly flags: number
  /** Clock ticks (1/100 s) from the machine's start to the process's. */
  readonly startTime: number
}

/** PF_EXITING of linux/sched.h: set before a dying process closes its descriptors. */
const EXITING = 0x4

/** Undefined where the line is not whole: a reader of a file that is being written may see half of it. */
export function parseProcStat(line: string): ProcStat | undefined {
  // Field 2, the command's name, may hold blanks and parentheses: count from its end.
  const end = line.lastIndexOf(')')
  const pid = Number(line.slice(0, line.indexOf(' ')))
  const fields = line.slice(end + 2).split(' ')
  const [state = ''] = fields
  const [ppid, pgid, sid, tty, , flags] = fields.slice(1, 7).map(Number)
  const startTime = Number(fields[19])
  const numbers = [pid, ppid, pgid, sid, tty, flags, startTime]
  if (end < 0 || fields.length < 40 || !numbers.every(Number.isSafeInteger)) return undefined
  return { pid, state, ppid, pgid, sid, tty, flags, startTime } as ProcStat
}

/** Undefined where there is no such process (any more), or no /proc. */
export function readProcStat(pid: number): ProcStat | undefined {
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return undefined
  }
}

/** Whether it still runs: a zombie and one that is about to be one do not. */
export function isLiving({ state, flags }: ProcStat): boolean {
  return state !== 'Z' && state !== 'X' && (flags & EXITING) === 0
}
