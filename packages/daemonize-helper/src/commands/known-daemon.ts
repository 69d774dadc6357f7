import { DaemonError } from '../errors.ts'
import { type FoundDaemon, findDaemon, type NameFiles } from '../state/index.ts'

export function noSuchName(name: string): DaemonError {
  return new DaemonError('NO_SUCH_NAME', `${name}: no daemon of that name is on record`, {
    remedy: 'see `daemonize-helper list`; with another --state-dir there are others',
  })
}

/** The daemon of that name, running. @throws DaemonError `NO_SUCH_NAME`, `UNKNOWN_STATE` */
export function livingDaemon(files: NameFiles): FoundDaemon {
  const daemon = findDaemon(files)
  if (daemon === undefined) throw noSuchName(files.name)
  if (daemon.liveness === 'alive') return daemon
  if (daemon.liveness === 'dead') {
    throw new DaemonError('NO_SUCH_NAME', `${files.name}: does not run: it ended by itself`, {
      remedy: `start it again: daemonize-helper restart ${files.name}`,
    })
  }
  throw new DaemonError('UNKNOWN_STATE', `${files.name}: its record is of another pid namespace`, {
    remedy: 'go where it was started (a container?)',
  })
}
