import { closeSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { DaemonError } from '../errors.ts'
import { identityOf, isLiving, ownIdentity, type ProcStat, readProcStat } from '../identity/index.ts'
import type { StartPlan } from '../plan/index.ts'
import { type Family, signalProcess } from '../processes/index.ts'
import { logSize, readyCheckText, waitReady } from '../ready/index.ts'
import {
  type DaemonRecord,
  type FoundDaemon,
  findDaemon,
  foundByRecord,
  makeStateFolder,
  NameFiles,
  type StartOptions,
  writePidFile,
} from '../state/index.ts'
import { endFamily } from '../stop/end-family.ts'
import { Leader } from './leader.ts'
import { type OpenLogs, openLogs } from './open-logs.ts'
import { ended, lockBusy, lockFailed, nameInUse, notExecuted, readyTimeout } from './start-failures.ts'

/** What a start came to. `already`: the same command was running under the name, and nothing was started. */
export interface Started {
  readonly already: boolean
  readonly daemon: FoundDaemon
}

/** How long a start waits for another one of the same name to say what it started. */
const LOCK_WAIT_MS = 10_000
const LOOK_AGAIN_MS = 50

/**
 * Starts a daemon as planned, and returns when it is executed, settled, and on record.
 *
 * @throws DaemonError for everything else; nothing of the command runs then
 */
export async function start(plan: StartPlan, signal?: AbortSignal): Promise<Started> {
  const files = new NameFiles(makeStateFolder(plan.stateFolder), plan.beginning.name)
  const end = Date.now() + LOCK_WAIT_MS
  for (;;) {
    const started = (await startUnlessLocked(plan, files, signal)) ?? takenBy(plan, findDaemon(files))
    const leader = started && leftLeader(started.daemon)
    if (started !== undefined && leader === undefined) return started
    if (leader !== undefined) signalProcess(leader, 'SIGKILL')
    // The other one has not begun yet, or failed meanwhile: then this one's turn has come.
    if (Date.now() >= end) throw lockBusy(plan)
    await pause(LOOK_AGAIN_MS, undefined, { signal })
  }
}

/** Undefined where another start holds the lock. */
async function startUnlessLocked(
  plan: StartPlan,
  files: NameFiles,
  signal: AbortSignal | undefined,
): Promise<Started | undefined> {
  const begin = Date.now()
  const lock = files.openLock()
  let logs: OpenLogs | undefined
  let leader: Leader | undefined
  try {
    logs = openLogs(plan)
    leader = new Leader(plan, { lock, stdout: logs.stdout, stderr: logs.stderr })
    const answer = await leader.lock
    if (answer === 'busy') return undefined
    if (answer !== 'locked') throw lockFailed(answer)
    const found = takenBy(plan, findDaemon(files))
    if (found !== undefined) return { already: true, daemon: adopt(files, lock, found.daemon) }
    signal?.throwIfAborted()
    if (plan.truncateLogs) logs.empty()
    files.writeBegun(lock, { ...plan.beginning, leader: leader.pid, launcher: ownIdentity() })
    try {
      const record = await launch(plan, leader, begin, signal)
      if (record.pidFile !== undefined) writePidFile(record.pidFile, record.identity.pid)
      files.writeRecord(lock, record)
      return { already: false, daemon: foundByRecord(record, 'alive') }
    } catch (error) {
      await endFamily(familyOf(plan, leader))
      files.removeBegun(lock)
      throw error
    }
  } finally {
    await leader?.leave()
    logs?.close()
    closeSync(lock)
  }
}

async function launch(
  plan: StartPlan,
  leader: Leader,
  begin: number,
  signal: AbortSignal | undefined,
): Promise<DaemonRecord> {
  const logs = [...new Set(Object.values(plan.beginning.logs))].map((path) => ({
    path,
    since: logSize(path),
  }))
  const proof = await leader.exec()
  if (proof.is === 'failed') throw notExecuted(plan, proof.exitCode)
  if (proof.is === 'ended') throw ended(plan, proof.exitCode)
  const identity = identityOf(proof.stat)
  const family = { identity, ...familyOf(plan, leader) }
  const awaited = { family, logs, startedAt: begin, readyStream: leader.ready }
  const outcome = await firstOf(
    plan.beginning.how,
    leader,
    (limit) => waitReady(plan.beginning.how.ready, awaited, limit),
    signal,
  )
  if (outcome === 'late') throw readyTimeout(plan)
  if (outcome !== 'ready') throw ended(plan, outcome.exitCode)
  return recordOf(plan, proof.stat, begin)
}

/** By what the daemon's processes are known, whether or not it has come that far. */
function familyOf({ beginning: { name, nonce } }: StartPlan, { pid }: Leader): Family {
  return { pgid: pid, sid: pid, mark: `${name}:${nonce}` }
}

type Outcome = 'ready' | 'late' | { readonly exitCode: number | undefined }

/** What comes first: the command's end, its readiness (with none to wait for: the settling time is over), or the limit. */
async function firstOf(
  { ready, readyTimeoutMs, settleMs }: StartOptions,
  leader: Leader,
  wait: (limit: AbortSignal) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const settles = ready.by === 'none'
  if (settles && settleMs === 0) return 'ready'
  const over = new AbortController()
  const limit = signal ? AbortSignal.any([signal, over.signal]) : over.signal
  const timed: Promise<Outcome>[] = settles
    ? [pause(settleMs, 'ready', { signal: limit })]
    : [pause(readyTimeoutMs, 'late', { signal: limit }), wait(limit).then(() => 'ready')]
  try {
    return await Promise.race([leader.ended.then((exitCode) => ({ exitCode })), ...timed])
  } finally {
    over.abort()
    await Promise.allSettled(timed)
  }
}

function recordOf(plan: StartPlan, stat: ProcStat, begin: number): DaemonRecord {
  return {
    ...plan.beginning,
    identity: identityOf(stat),
    pgid: stat.pgid,
    sid: stat.sid,
    startedAt: new Date(begin).toISOString(),
    ready: { by: readyBy(plan.beginning.how), ms: Date.now() - begin },
  }
}

function readyBy({ ready, settleMs }: StartOptions): string {
  if (ready.by !== 'none') return readyCheckText(ready)
  return settleMs > 0 ? 'settle' : 'exec'
}

/**
 * The leader of a daemon whose launcher was killed before it ended it: it waits for the daemon's end, and holds the lock so
 * long. The number of a living daemon's session is its leader's and nobody else's.
 */
function leftLeader({ sid, underWay }: FoundDaemon): ProcStat | undefined {
  const leader = underWay ? undefined : readProcStat(sid)
  return leader !== undefined && isLiving(leader) ? leader : undefined
}

/** Finishes a start that a killed launcher left: with the lock in hand it is nobody else's. */
function adopt(files: NameFiles, lock: number, daemon: FoundDaemon): FoundDaemon {
  if (daemon.record !== undefined) return daemon
  const { beginning, identity, pgid, sid } = daemon
  const record: DaemonRecord = {
    ...beginning,
    identity,
    pgid,
    sid,
    startedAt: new Date().toISOString(),
    ready: { by: 'adopted', ms: 0 },
  }
  files.writeRecord(lock, record)
  return foundByRecord(record, 'alive')
}

/** A living daemon of that name: the same command's is as good as a new one. */
function takenBy({ beginning }: StartPlan, found: FoundDaemon | undefined): Started | undefined {
  if (found === undefined || found.liveness === 'dead') return undefined
  if (found.liveness === 'unknown') {
    throw new DaemonError('UNKNOWN_STATE', `${beginning.name}: its record is of another pid namespace`, {
      remedy: 'ask where it was started (a container?), or name another --state-dir here',
    })
  }
  const same = JSON.stringify(found.beginning.command) === JSON.stringify(beginning.command)
  if (!same) throw nameInUse(beginning, found)
  return { already: true, daemon: found }
}
