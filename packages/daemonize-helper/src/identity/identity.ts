import { readFileSync, readlinkSync } from 'node:fs'
import { DaemonError } from '../errors.ts'
import { isLiving, type ProcStat, readProcStat } from './proc-stat.ts'

/** One process, for good: its number alone may be another's tomorrow. */
export interface Identity {
  readonly pid: number
  /** Clock ticks from the machine's start to the process's (field 22 of /proc/PID/stat). */
  readonly startTime: number
  /** /proc/sys/kernel/random/boot_id. */
  readonly bootId: string
  /** Inode of the pid namespace in which `pid` counts, as text. */
  readonly pidNamespace: string
}

/** `unknown`: it is of another pid namespace, where its number says nothing here. */
export type Liveness = 'alive' | 'dead' | 'unknown'

let place: Pick<Identity, 'bootId' | 'pidNamespace'> | undefined

/** The boot and the pid namespace that this process is in. */
function ownPlace(): Pick<Identity, 'bootId' | 'pidNamespace'> {
  place ??= {
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(),
    pidNamespace: readlinkSync('/proc/self/ns/pid').replace(/\D/g, ''),
  }
  return place
}

export function identityOf({ pid, startTime }: ProcStat): Identity {
  return { pid, startTime, ...ownPlace() }
}

/** This process. */
export function ownIdentity(): Identity {
  const stat = readProcStat(process.pid)
  if (stat === undefined)
    throw new DaemonError('HELPER', '/proc is not there', {
      exitCode: 125,
      remedy: 'mount it: nothing else tells processes apart',
    })
  return identityOf(stat)
}

export function liveness({ pid, startTime, bootId, pidNamespace }: Identity): Liveness {
  const here = ownPlace()
  if (bootId !== here.bootId) return 'dead'
  if (pidNamespace !== here.pidNamespace) return 'unknown'
  const stat = readProcStat(pid)
  return stat !== undefined && stat.startTime === startTime && isLiving(stat) ? 'alive' : 'dead'
}
