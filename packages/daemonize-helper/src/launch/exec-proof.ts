import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { isLiving, type ProcStat, readProcStat } from '../identity/index.ts'

/** PF_FORKNOEXEC of linux/sched.h: forked, and nothing executed since. Cleared by the kernel when execve(2) succeeds. */
const NOTHING_EXECUTED = 0x40

/** Execution takes half a millisecond from a warm cache, and as long as it likes from a server of files. */
const SPIN_MS = 3
const LOOK_MS = 2

/**
 * A file without a first line that names its interpreter is executed by no kernel: bash runs it itself, in the process that
 * should have become it (dash and busybox execute a shell for it). What hasn't executed anything for so long, and isn't
 * waiting for a disk, is that.
 */
const INTERPRETED_MS = 500

/** Waiting for a device: the kernel is still reading the file. */
const WAITS_FOR_DEVICE = 'D'

/**
 * Waits until the kernel has executed the command in this process.
 *
 * @param began what the process said of itself before
 * @returns what it is then; undefined where it is gone, executed or not
 */
export async function executed(began: ProcStat): Promise<ProcStat | undefined> {
  const start = performance.now()
  for (;;) {
    const now = readProcStat(began.pid)
    if (now === undefined || now.startTime !== began.startTime || !isLiving(now)) return undefined
    if ((now.flags & NOTHING_EXECUTED) === 0) return now
    const waited = performance.now() - start
    if (waited > INTERPRETED_MS && now.state !== WAITS_FOR_DEVICE) return now
    await (waited < SPIN_MS ? nextTurn() : pause(LOOK_MS))
  }
}
