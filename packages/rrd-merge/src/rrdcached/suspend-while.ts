import type { RequestOptions, RrdcachedClient } from './client.ts'
import type { DaemonPath } from './command-line.ts'
import { RrdcachedError } from './error.ts'

/** Rounds of FLUSH, SUSPEND, PENDING. What is pending while suspended is only late, never lost, so few will do. */
const ROUNDS = 3

/** RESUME and the last FLUSH have a limit of their own: the caller's signal no longer counts. */
const RESUME_TIMEOUT = 10_000

/**
 * `was-suspended`: somebody, most likely a run that was killed, had left the file suspended; it was resumed.
 * `no-suspend`: the daemon has no SUSPEND (before 1.7.1) or does not permit it here; it was flushed, no more.
 * `unknown-path`: the daemon sees no file of this name, so what it holds under another was not flushed.
 * `resume-failed`: the file may still be suspended: nothing is written to it until RESUME or RESUMEALL.
 * `flush-failed`: after the merge; the daemon writes what it holds at its next interval.
 */
export type SuspensionNoteCode =
  | 'was-suspended'
  | 'no-suspend'
  | 'unknown-path'
  | 'resume-failed'
  | 'flush-failed'

export interface SuspensionNote {
  readonly code: SuspensionNoteCode
  readonly file: DaemonPath
  readonly message: string
}

export interface SuspendOptions {
  /** Stops what is done before and during `work`; the file is resumed all the same. */
  readonly signal?: AbortSignal
  /** Told of what the operator should know. */
  readonly note?: (note: SuspensionNote) => void
}

const UNKNOWN_PATH =
  'rrdcached sees no file of this name; if it runs on another machine, set RRDCACHED_STRIPPATH to what its paths lack'

/**
 * Does `work` while the daemon does not write `file`: FLUSH, SUSPEND, PENDING (again while anything is pending, since
 * FLUSH of a suspended file says OK and writes nothing), `work`, RESUME, FLUSH. RESUME comes on every way out. Nothing
 * the daemon holds is lost: it writes by path, so what it collected meanwhile goes into the file that is there then.
 * One write may still be under way when the file is suspended, because the daemon takes values out of its cache
 * before it writes them: `work` must watch the file (`LiveFile`).
 *
 * @throws RrdcachedError where the daemon can't be reached or does not answer before `work`; what `work` throws
 */
export const suspendWhile = async <T>(
  client: RrdcachedClient,
  file: DaemonPath,
  work: () => Promise<T>,
  { signal, note = () => {} }: SuspendOptions = {},
): Promise<T> => {
  const hold: Hold = {
    client,
    file,
    limits: signal ? { signal } : {},
    note,
    reached: false,
    suspended: false,
  }
  try {
    await quiet(hold)
    return await work()
  } finally {
    await release(hold)
  }
}

interface Hold {
  readonly client: RrdcachedClient
  readonly file: DaemonPath
  readonly limits: RequestOptions
  readonly note: (note: SuspensionNote) => void
  /** The daemon has answered. */
  reached: boolean
  /** It may be suspended: set before SUSPEND is sent, since an answer that is lost may belong to one that worked. */
  suspended: boolean
}

const quiet = async (hold: Hold): Promise<void> => {
  const { client, file, limits, note } = hold
  for (let round = 1; round <= ROUNDS; round += 1) {
    const flushed = await client.flush(file, limits)
    hold.reached = true
    if (flushed === 'absent' && round === 1) note({ code: 'unknown-path', file, message: UNKNOWN_PATH })
    const state = await suspend(hold)
    if (!hold.suspended) return
    if (state === 'already' && round === 1) {
      const message = 'it was suspended in rrdcached, most likely by a run that was killed'
      note({ code: 'was-suspended', file, message })
    } else if (round === ROUNDS || (await client.pending(file, limits)).length === 0) return
    await client.resume(file, limits)
    hold.suspended = false
  }
}

const suspend = async (hold: Hold): Promise<'suspended' | 'already' | 'absent' | 'impossible'> => {
  const { client, file, limits, note } = hold
  hold.suspended = true
  try {
    const state = await client.suspend(file, limits)
    hold.suspended = state !== 'absent'
    return state
  } catch (error) {
    if (!(error instanceof RrdcachedError)) throw error
    if (error.code !== 'UNSUPPORTED' && error.code !== 'REFUSED') throw error
    hold.suspended = false
    note({
      code: 'no-suspend',
      file,
      message: `rrdcached does not suspend: ${error.answer ?? error.message}`,
    })
    return 'impossible'
  }
}

const release = async ({ client, file, note, reached, suspended }: Hold): Promise<void> => {
  if (suspended) {
    const failure = await resume(client, file)
    if (failure !== undefined) {
      note({
        code: 'resume-failed',
        file,
        message: `it may still be suspended (${failure}): send RESUME of it, or RESUMEALL, to rrdcached`,
      })
      return
    }
  }
  if (!reached) return
  try {
    await client.flush(file, { timeout: RESUME_TIMEOUT })
  } catch (error) {
    note({ code: 'flush-failed', file, message: `FLUSH after the merge failed: ${reason(error)}` })
  }
}

/** A daemon that is gone has forgotten what was suspended, but one that is only restarting its socket has not. */
const resume = async (client: RrdcachedClient, file: DaemonPath): Promise<string | undefined> => {
  let failure = ''
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    try {
      await client.resume(file, { timeout: RESUME_TIMEOUT })
      return undefined
    } catch (error) {
      failure = reason(error)
      client.close()
    }
  }
  return failure
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))
