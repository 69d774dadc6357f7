import { escapeText } from '@nightshift/tooling/terminal'
import type { FoundDaemon } from '../state/index.ts'
import { stateOf } from './daemon-document.ts'

/** `web: running, pid 4711, since 2026-01-02 03:04:05 UTC` */
export function daemonText(name: string, daemon: FoundDaemon | undefined): string {
  const state = stateOf(daemon)
  const pid = daemon === undefined ? '' : `, pid ${daemon.identity.pid}`
  const { startedAt } = daemon?.record ?? {}
  const since = startedAt === undefined ? '' : `, since ${startedAt.slice(0, 19).replace('T', ' ')} UTC`
  const was = state === 'dead' ? ' (it ended by itself)' : ''
  return escapeText(`${name}: ${state}${state === 'stopped' ? '' : `${pid}${since}`}${was}`)
}
