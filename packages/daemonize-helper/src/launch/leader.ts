import { type ChildProcess, spawn } from 'node:child_process'
import { constants, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { DaemonError } from '../errors.ts'
import { isLiving, type ProcStat, parseProcStat, readProcStat } from '../identity/index.ts'
import type { StartPlan } from '../plan/index.ts'
import type { NameFiles } from '../state/index.ts'
import { eachLine } from './lines.ts'
import type { OpenLogs } from './open-logs.ts'
import { ignoresRealTimeSignals } from './real-time-signals.ts'
import { INNER, LEADER } from './scripts.ts'

const SHELL = '/bin/sh'
/** Of coreutils 8.31 (2019) and later; becomes the shell. */
const SIGNALS_RESET = ['env', '--default-signal', '--']
/** The control socket, as the leader script has it. */
const CONTROL = 3

/** What is in a FIFO is read at the next turn of the event loop. */
const LAST_WORDS_MS = 50

/** What the leader says of the lock. */
export type LockAnswer = 'locked' | 'busy' | 'no-flock' | 'failed'

/**
 * `running`: the command was executed and lives. `failed`: the shell could not execute it. `ended`: it is over already;
 * without an exit code where the leader was killed before it could tell.
 */
export type ExecProof =
  | { readonly is: 'running'; readonly stat: ProcStat }
  | { readonly is: 'failed'; readonly exitCode: number }
  | { readonly is: 'ended'; readonly exitCode: number | undefined }

/** The session's leader, from its spawn to its end: see docs/design.md. */
export class Leader {
  /**
   * What a shell makes of the command's end: its exit code, or 128 and the number of the signal that killed it. Undefined:
   * the leader ended without a word.
   */
  readonly ended: Promise<number | undefined>
  readonly pid: number
  readonly #child: ChildProcess
  readonly #control: Socket
  readonly #files: NameFiles
  readonly #gone: Promise<void>
  readonly #lock: Promise<LockAnswer>

  /** @throws DaemonError `HELPER` where no shell can be started */
  constructor(plan: StartPlan, files: NameFiles, lockFd: number, logs: OpenLogs) {
    const { beginning, program, umask, environment, keepFds } = plan
    const [, ...args] = beginning.command
    const octal = umask.toString(8).padStart(4, '0')
    const own = ['-c', LEADER, SHELL, files.fifo, files.begun, SHELL, INNER, octal]
    this.#files = files
    const [first, ...words] = ignoresRealTimeSignals() ? [...SIGNALS_RESET, SHELL] : [SHELL]
    this.#child = spawn(first as string, [...words, ...own, program, ...args], {
      detached: true,
      cwd: beginning.cwd,
      env: environment,
      stdio: stdioOf(lockFd, logs, keepFds),
    })
    this.pid = this.#child.pid ?? 0
    this.#control = this.#child.stdio[CONTROL] as Socket
    this.#gone = new Promise((resolve) => this.#child.once('exit', () => resolve()))
    const failed = new Promise<never>((_, reject) => {
      this.#child.once('error', (cause) => reject(notStarted(cause)))
    })
    let answer: (answer: LockAnswer) => void = () => {}
    let end: (code: number | undefined) => void = () => {}
    const answered = new Promise<LockAnswer>((resolve) => {
      answer = resolve
    })
    const told = new Promise<number | undefined>((resolve) => {
      end = resolve
    })
    const heard = eachLine(this.#control, (line) => {
      const code = /^exit (\d+)$/.exec(line)?.[1]
      if (code === undefined) answer(line as LockAnswer)
      else end(Number(code))
    })
    // A leader that ends without a word was killed, or is no shell that understands its script.
    const silent = heard.then(() => {
      answer('failed')
      end(undefined)
    })
    this.#lock = Promise.race([answered, failed, silent.then(() => 'failed' as const)])
    this.ended = told
  }

  /** Whether the lock was had. */
  lock(): Promise<LockAnswer> {
    return this.#lock
  }

  /** Lets the command start, and waits until it was executed, or could not be. */
  async exec(): Promise<ExecProof> {
    // Without O_NONBLOCK opening would wait for the shell; read by an event, so that no writer yet isn't taken for the end.
    const fd = openSync(this.#files.fifo, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    const stream = new Socket({ fd, readable: true, writable: false })
    this.#control.write('go\n')
    let stat: ProcStat | undefined
    let failed: number | undefined
    // A shell that never got to open the FIFO leaves it without an end; one that did has left its lines in it by now.
    void this.ended.then(() => setTimeout(() => stream.destroy(), LAST_WORDS_MS).unref())
    await eachLine(stream, (line) => {
      stat ??= parseProcStat(line)
      const code = /^failed (\d+)$/.exec(line)?.[1]
      if (code !== undefined) failed = Number(code)
    })
    if (failed !== undefined) return { is: 'failed', exitCode: failed }
    const now = stat && readProcStat(stat.pid)
    if (stat !== undefined && now !== undefined && now.startTime === stat.startTime && isLiving(now)) {
      return { is: 'running', stat: now }
    }
    return { is: 'ended', exitCode: await this.ended }
  }

  /** Ends the leader: before `exec` nothing is started then, after it the daemon is nobody's child. */
  async leave(): Promise<void> {
    this.#child.kill('SIGKILL')
    this.#control.destroy()
    await this.#gone
  }
}

function stdioOf(lockFd: number, logs: OpenLogs, keepFds: readonly number[]): (number | 'pipe' | 'ignore')[] {
  const stdio: (number | 'pipe' | 'ignore')[] = [lockFd, logs.stdout, logs.stderr, 'pipe']
  for (const fd of keepFds) {
    while (stdio.length < fd) stdio.push('ignore')
    stdio[fd] = fd
  }
  return stdio
}

function notStarted(cause: Error): DaemonError {
  const why = (cause as NodeJS.ErrnoException).code ?? cause.message
  return new DaemonError('HELPER', `${SHELL}: can't be started: ${why}`, {
    exitCode: 125,
    remedy:
      'the tool starts everything by the system’s shell: is it there, and are there processes left (ulimit -u)?',
    cause,
  })
}
