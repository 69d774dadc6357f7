import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type HeldLock, lockTable } from '@nightshift/tooling/files'
import { clock } from '../clock.ts'
import { childEnvironment } from '../rrdtool/environment.ts'
import { LiveError } from './error.ts'

/**
 * `rrdtool dump` holds its read lock while it prints, so a dump that nobody reads holds it for good. Its pipe is
 * filled first, without blocking, so that the dump stops at its first output: at once with stdbuf, else after 4 KB,
 * which only files of less than some 25 cells don't reach. The reading end belongs to a process that waits for the end of our pipe to it: when this process dies, however it dies, that one ends, and
 * rrdtool by SIGPIPE.
 */
const SCRIPT = `exec 3<&0
unbuffered=
command -v stdbuf >/dev/null && unbuffered="stdbuf -o0"
{ dd if=/dev/zero of=/dev/fd/1 bs=4096 oflag=nonblock 2>/dev/null; $unbuffered "$0" dump "$1"; echo :over >&2; } </dev/null 3<&- |
{ read -r end <&3; }`

/** An updater that has the lock just now makes rrdtool fail at once: F_SETLK does not wait. */
const ATTEMPTS = 20

/** How long rrdtool may take to start and lock, in milliseconds. */
const START_LIMIT = 5000

export interface LockHolderOptions {
  /** Program name or path. Default `rrdtool`. */
  readonly rrdtool?: string
  readonly signal?: AbortSignal
}

const parentOf = (pid: number): number | undefined => {
  try {
    return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1])
  } catch {
    return undefined
  }
}

/**
 * Keeps updaters out: while it lives, each `rrdtool update` of the file ends with «could not lock RRD». A daemon that
 * meets this drops what it was to write (rrdcached 1.7.2), so never use it where rrdcached writes.
 */
export class LockHolder {
  readonly #child: ChildProcess
  readonly #ended: Promise<void>

  private constructor(child: ChildProcess, ended: Promise<void>) {
    this.#child = child
    this.#ended = ended
  }

  /**
   * @param fd the file, open; the lock must turn out to be on this one
   * @param path its name
   * @throws LiveError `lock` where the lock can't be had, or can't be seen to be held
   */
  static async take(fd: number, path: string, options: LockHolderOptions = {}): Promise<LockHolder> {
    const target = lockTable().target(fd, path)
    if (target.blind !== undefined)
      throw refused(path, `its lock could not be seen here: ${target.blind}`, 'use --live auto')
    let failure = ''
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      options.signal?.throwIfAborted()
      const result = await start(path, options, () => {
        const state = lockTable().state(target)
        return state.state === 'held' ? state.locks : []
      })
      if (typeof result !== 'string') return new LockHolder(result.child, result.ended)
      failure = result
      if (!/could not lock/.test(failure)) break
      await sleep(1 + attempt)
    }
    throw refused(path, failure, 'use --live auto, or rrdtool 1.7.1 or later')
  }

  /** Lets updaters in again. */
  async release(): Promise<void> {
    this.#child.stdin?.end()
    await this.#ended
  }
}

const refused = (path: string, why: string, remedy: string): LiveError =>
  new LiveError('lock', path, `no lock holder for it: ${why}`, remedy)

interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<void>
}

/** The holder once its lock is seen; else why there is none, with no process left behind. */
const start = async (
  path: string,
  { rrdtool = 'rrdtool' }: LockHolderOptions,
  locks: () => readonly HeldLock[],
): Promise<Started | string> => {
  const child = spawn('/bin/sh', ['-c', SCRIPT, rrdtool, resolve(path)], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: childEnvironment(undefined),
  })
  let words = ''
  let over = false
  child.stdin.on('error', () => {})
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(0, 1000)
  })
  const ended = new Promise<void>((done) => {
    const finish = (error?: Error): void => {
      if (error) words = error.message
      over = true
      done()
    }
    child.once('error', finish).once('close', () => finish())
  })
  // rrdtool's parent is the pipeline's first half, whose parent is the shell.
  const isOurs = ({ pid }: HeldLock): boolean => parentOf(parentOf(pid) ?? 0) === child.pid
  const limit = clock() + START_LIMIT
  // Its words come when rrdtool has failed, while the other half of the script goes on waiting for us.
  while (!over && words === '' && clock() < limit) {
    const held = locks().some((lock) => lock.access === 'read' && isOurs(lock))
    // Seen twice with a pause in between: a dump that fits the pipe would be over by then.
    if (held && (await sleep(5).then(() => locks())).some(isOurs)) return { child, ended }
    await sleep(1)
  }
  child.stdin.end()
  await ended
  const [complaint = ''] = words.replace(':over', '').trim().split('\n')
  return complaint.replace(/^ERROR: /, '') || 'rrdtool dump of it did not keep a lock'
}
