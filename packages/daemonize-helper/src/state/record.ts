import type { Identity } from '../identity/index.ts'
import type { ReadyCheck } from '../ready/index.ts'

/** What is known of a daemon from the moment its start begins. All that `restart` needs to start it again. */
export interface Beginning {
  readonly name: string
  /** Of this start alone: the second half of the mark in the daemon's environment. */
  readonly nonce: string
  /** As it was given, not as it was found. */
  readonly command: readonly [program: string, ...args: string[]]
  readonly cwd: string
  /** Absolute paths; /dev/null where nothing is kept. */
  readonly logs: { readonly stdout: string; readonly stderr: string }
  readonly stop: { readonly signal: string; readonly timeoutMs: number }
  readonly pidFile?: string
  /** What else `restart` starts it with. */
  readonly how: StartOptions
}

/** What a start was told beside the command, and what is not asked for again when it is restarted. */
export interface StartOptions {
  /** Permission bits that files of the daemon don't get. */
  readonly umask: number
  readonly environment: {
    readonly clear: boolean
    readonly own: readonly (readonly [name: string, value: string])[]
  }
  readonly settleMs: number
  readonly ready: ReadyCheck
  readonly readyTimeoutMs: number
}

/** A start under way, as the launcher knows it before the command runs. */
export interface StartUnderWay extends Beginning {
  /** Pid of the session's leader: the number of the daemon's session. */
  readonly leader: number
  /** Who starts it; the daemon is of the same boot and pid namespace. */
  readonly launcher: Identity
}

/** A daemon that was started. */
export interface DaemonRecord extends Beginning {
  readonly identity: Identity
  readonly pgid: number
  readonly sid: number
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly ready: { readonly by: string; readonly ms: number }
}

const SCHEMA = 'daemonize-helper/record@1'

/** More than a command line can have (ARG_MAX counts up to 2 MiB of one): a file beyond it isn't ours. */
export const RECORD_LIMIT = 8 << 20

export function encodeRecord(record: DaemonRecord): string {
  return `${JSON.stringify({ schema: SCHEMA, ...record })}\n`
}

export function encodeStartUnderWay(start: StartUnderWay): string {
  return `${JSON.stringify({ schema: SCHEMA, ...start })}\n`
}

/** Undefined where the text is not one of ours, whole: nothing is ever done by half a record. */
export function decodeRecord(text: string): DaemonRecord | undefined {
  const value = decodeBeginning(text) as Partial<DaemonRecord> | undefined
  if (value === undefined) return undefined
  const { identity, pgid, sid, startedAt, ready } = value
  const whole =
    isIdentity(identity) &&
    isProcessNumber(pgid) &&
    isProcessNumber(sid) &&
    typeof startedAt === 'string' &&
    typeof ready?.by === 'string' &&
    Number.isFinite(ready.ms)
  return whole ? (value as DaemonRecord) : undefined
}

export function decodeStartUnderWay(text: string): StartUnderWay | undefined {
  const value = decodeBeginning(text) as Partial<StartUnderWay> | undefined
  const { leader, launcher } = value ?? {}
  const whole = isProcessNumber(leader) && isIdentity(launcher)
  return whole ? (value as StartUnderWay) : undefined
}

function decodeBeginning(text: string): Beginning | undefined {
  let value: (Partial<Beginning> & { readonly schema?: unknown }) | null
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || value.schema !== SCHEMA) return undefined
  const { schema: _, ...beginning } = value
  const { name, nonce, command, cwd, logs, stop } = beginning
  const whole =
    [name, nonce, cwd, logs?.stdout, logs?.stderr, stop?.signal].every((text) => typeof text === 'string') &&
    Array.isArray(command) &&
    command.length > 0 &&
    command.every((word) => typeof word === 'string') &&
    Number.isFinite(stop?.timeoutMs) &&
    typeof beginning.how === 'object'
  return whole ? (beginning as Beginning) : undefined
}

/** 0 and 1 are never a daemon's: kill(2) takes them, negated, for groups of strangers. */
function isProcessNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 1
}

function isIdentity(value: unknown): value is Identity {
  if (typeof value !== 'object' || value === null) return false
  const { pid, startTime, bootId, pidNamespace } = value as Partial<Identity>
  return (
    isProcessNumber(pid) &&
    Number.isSafeInteger(startTime) &&
    typeof bootId === 'string' &&
    typeof pidNamespace === 'string'
  )
}
