import { spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { DaemonError } from '../errors.ts'
import type { NameFiles } from './name-files.ts'

/** As long as a start may hold it between two looks at its daemon. */
const WAIT_SECONDS = 10

/** What flock(1) is asked to exit with where the lock stays taken: its own failures are 64 to 78 and 1. */
const STILL_BUSY = 151

/**
 * Holds the lock of a name while `work` runs. flock(1) locks the open file description, which stays this process's when
 * flock has ended; the kernel frees it with the process, however that ends.
 *
 * @throws DaemonError `LOCKED` (151), `HELPER` (125) where there is no flock(1)
 */
export async function withLock<T>(files: NameFiles, work: (lock: number) => T | Promise<T>): Promise<T> {
  const lock = files.openLock()
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      const args = ['-w', String(WAIT_SECONDS), '-E', String(STILL_BUSY), '3']
      const child = spawn('flock', args, { stdio: ['ignore', 'ignore', 'ignore', lock] })
      child.once('error', reject)
      child.once('exit', resolve)
    }).catch((cause: unknown) => {
      throw new DaemonError('HELPER', 'flock(1) can not be run', {
        exitCode: 125,
        remedy: 'install util-linux, and see that flock is in PATH',
        cause,
      })
    })
    if (code === STILL_BUSY) {
      throw new DaemonError('LOCKED', `${files.name}: another start is under way`, { exitCode: STILL_BUSY })
    }
    if (code !== 0) throw new DaemonError('HELPER', `flock(1) ended with ${code}`, { exitCode: 125 })
    return await work(lock)
  } finally {
    closeSync(lock)
  }
}
