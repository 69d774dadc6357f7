import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { DaemonError } from '../errors.ts'
import { type ProcStat, parseProcStat } from '../identity/index.ts'
import type { StartPlan } from '../plan/index.ts'
import { CONTROL, layOut } from './descriptors.ts'
import { executed } from './exec-proof.ts'
import { leaderScript } from './leader-script.ts'
import { eachLine } from './lines.ts'
import { ignoresRealTimeSignals } from './real-time-signals.ts'

const SHELL = '/bin/sh'
/** Of coreutils 8.31 (2019) and later; becomes the shell. */
const SIGNALS_RESET = ['env', '--default-signal', '--']

/** What the leader says of the lock; `silent`: it ended without a word. */
export type LockAnswer = 'locked' | 'busy' | 'no-flock' | 'silent'

/**
 * `running`: the command was executed and lives. `failed`: the shell could not execute it. `ended`: it is over already;
 * without an exit code where the leader was killed before it could tell.
 */
export type ExecProof =
  | { readonly is: 'running'; readonly stat: ProcStat }
  | { readonly is: 'failed'; readonly exitCode: number }
  | { readonly is: 'ended'; readonly exitCode: number | undefined }

/** Open files that the leader inherits. */
export interface LeaderFiles {
  readonly lock: number
  readonly stdout: number
  readonly stderr: number
}

/** The session's leader, from its spawn to its end: see docs/design.md. */
export class Leader {
  /** What it says of the lock. Rejects with a DaemonError where no shell could be started. */
  readonly lock: Promise<LockAnswer>
  /**
   * What a shell makes of the command's end: its exit code, or 128 and the number of the signal that killed it. Undefined:
   * the leader ended without a word.
   */
  readonly ended: Promise<number | undefined>
  /** Also the number of the daemon's session and process group. */
  readonly pid: number
  /** The other end of what `--ready fd` gives the command. */
  readonly ready: Socket | undefined
  readonly #child: ChildProcess
  readonly #control: Socket
  readonly #gone: Promise<void>
  /** The daemon's first line; undefined where there never was one. */
  readonly #began: Promise<ProcStat | undefined>
  #failed: number | undefined

  constructor({ beginning, program, environment, keepFds }: StartPlan, files: LeaderFiles) {
    const { ready, umask } = beginning.how
    const readyFd = ready.by === 'fd' ? ready.fd : undefined
    const descriptors = layOut(files, [
      ...keepFds.filter((fd) => fd !== readyFd).map((fd) => ({ fd, from: fd })),
      ...(readyFd === undefined ? [] : [{ fd: readyFd, from: 'pipe' as const }]),
    ])
    const [, ...args] = beginning.command
    const [first = SHELL, ...words] = ignoresRealTimeSignals() ? [...SIGNALS_RESET, SHELL] : []
    const own = ['-c', leaderScript(descriptors), 'daemonize-helper', umask.toString(8)]
    this.#child = spawn(first, [...words, ...own, program, ...args], {
      detached: true,
      cwd: beginning.cwd,
      env: environment,
      stdio: [...descriptors.stdio],
    })
    this.pid = this.#child.pid ?? 0
    this.#control = this.#child.stdio[CONTROL] as Socket
    const place = readyFd === undefined ? undefined : descriptors.places.get(readyFd)
    this.ready = place === undefined ? undefined : (this.#child.stdio[place] as Socket)
    // Written to after the launcher has what it waited for.
    this.ready?.on('error', () => {})
    this.#gone = new Promise((resolve) => this.#child.once('exit', () => resolve()))
    const lock = deferred<LockAnswer>()
    const began = deferred<ProcStat | undefined>()
    const ended = deferred<number | undefined>()
    this.lock = lock.promise
    this.#began = began.promise
    this.ended = ended.promise
    this.#child.once('error', (cause) => {
      lock.reject(notStarted(cause))
      this.#control.destroy()
    })
    const heard = eachLine(this.#control, (line) => {
      const [word, ...rest] = line.split(' ')
      if (word === 'began') began.resolve(parseProcStat(rest.join(' ')))
      else if (word === 'failed') this.#failed = Number(rest[0])
      else if (word === 'exit') ended.resolve(Number(rest[0]))
      else lock.resolve(word as LockAnswer)
    })
    void heard.then(() => {
      lock.resolve('silent')
      began.resolve(undefined)
      ended.resolve(undefined)
    })
  }

  /** Lets the command start, and waits until it was executed, or could not be. */
  async exec(): Promise<ExecProof> {
    this.#control.write('go\n')
    const began = await Promise.race([this.#began, this.ended.then(() => undefined)])
    const stat = began && (await executed(began))
    if (stat !== undefined) return { is: 'running', stat }
    const exitCode = await this.ended
    return this.#failed === undefined ? { is: 'ended', exitCode } : { is: 'failed', exitCode: this.#failed }
  }

  /** Ends the leader: before `exec` nothing is started then, after it the daemon is nobody's child. */
  async leave(): Promise<void> {
    if (this.#child.pid === undefined) return
    this.#child.kill('SIGKILL')
    this.#control.destroy()
    this.ready?.destroy()
    await this.#gone
  }
}

interface Deferred<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
  reject(error: Error): void
}

/** Promise.withResolvers of Node 22. */
function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {}
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
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
