import { DaemonError } from '../errors.ts'
import { type FoundDaemon, findDaemon, type NameFiles, removePidFile, withLock } from '../state/index.ts'
import { type EndOptions, endFamily } from './end-family.ts'

/** What a stop came to. `already`: nothing was running. */
export interface Stopped {
  readonly already: boolean
  readonly daemon: FoundDaemon | undefined
}

/**
 * Ends a daemon and every process of it, and removes its record.
 *
 * @throws DaemonError `UNKNOWN_STATE` where it is of another pid namespace, `NOT_STOPPED` where a process outlived SIGKILL
 */
export async function stop(files: NameFiles, options: EndOptions = {}): Promise<Stopped> {
  const daemon = findDaemon(files)
  if (daemon === undefined) return { already: true, daemon }
  const { beginning, identity, pgid, sid } = daemon
  const { name, nonce, stop: how } = beginning
  if (daemon.liveness === 'unknown') {
    throw new DaemonError('UNKNOWN_STATE', `${name}: its record is of another pid namespace`, {
      remedy: 'stop it where it was started (in its container)',
    })
  }
  const left = await endFamily(
    { identity, pgid, sid, mark: `${name}:${nonce}` },
    { signal: how.signal as NodeJS.Signals, timeoutMs: how.timeoutMs, ...options },
  )
  if (left.length > 0) {
    throw new DaemonError('NOT_STOPPED', `${name}: still there after SIGKILL: ${left.join(', ')}`, {
      remedy: 'it waits for a device or a file system that does not answer (state D in ps)',
    })
  }
  await withLock(files, (lock) => {
    // Somebody may have started it again meanwhile.
    if (findDaemon(files)?.liveness === 'alive') return
    if (beginning.pidFile !== undefined) removePidFile(beginning.pidFile, identity.pid)
    files.removeRecord(lock)
  })
  return { already: daemon.liveness === 'dead', daemon }
}
