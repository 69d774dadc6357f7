import type { FoundDaemon } from '../state/index.ts'

/** What a daemon is found to be. `starting`: executed, and its launcher has not said yet that it is settled. */
export type DaemonState = 'running' | 'starting' | 'dead' | 'stopped' | 'unknown'

export function stateOf(daemon: FoundDaemon | undefined): DaemonState {
  if (daemon === undefined) return 'stopped'
  if (daemon.liveness === 'alive') return daemon.underWay ? 'starting' : 'running'
  return daemon.liveness
}

/** The daemon in a document of --json. What isn't known is null, and always there. */
export function daemonDocument(name: string, daemon: FoundDaemon | undefined) {
  return {
    name,
    pid: daemon?.identity.pid ?? null,
    pgid: daemon?.pgid ?? null,
    sid: daemon?.sid ?? null,
    startTime: daemon?.identity.startTime ?? null,
    bootId: daemon?.identity.bootId ?? null,
    state: stateOf(daemon),
    command: daemon?.beginning.command ?? null,
    startedAt: daemon?.record?.startedAt ?? null,
    ready: daemon?.record?.ready ?? null,
    exit: null,
    logs: daemon?.beginning.logs ?? null,
    restarts: 0,
  }
}
