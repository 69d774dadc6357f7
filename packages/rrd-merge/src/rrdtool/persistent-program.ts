import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Call, Command } from './call.ts'
import { RrdtoolError, type RrdtoolErrorCode } from './error.ts'
import { AnswerFrame } from './framing.ts'
import { knowsMarkers } from './identity.ts'
import { protocolError } from './one-shot.ts'
import { endProgram, startError, startProgram } from './program.ts'
import { quoteCommand } from './quoting.ts'
import { Tail } from './tail.ts'

interface Pending {
  readonly call: Call
  readonly frame: AnswerFrame
  readonly succeed: () => void
  readonly fail: (error: RrdtoolError) => void
}

/** One running `rrdtool -`. It is never used again once `usable` is false. */
export class PersistentProgram {
  readonly #path: string
  readonly #child: ChildProcess
  readonly #said = new Tail()
  #pending: Pending | undefined
  #usable = true
  #markers: boolean | undefined
  #startFailure: unknown
  readonly ended: Promise<void>

  /** @throws what spawn throws at once, such as E2BIG. */
  constructor(path: string, daemon: string | undefined) {
    this.#path = path
    this.#child = startProgram(path, ['-'], { input: true, daemon })
    const { stdin, stdout, stderr } = this.#child
    stdout?.on('data', (chunk: Buffer) => this.#data(chunk))
    stderr?.on('data', (chunk: Buffer) => this.#said.push(chunk))
    // EPIPE: the program has gone; 'close' says what to make of it.
    stdin?.on('error', () => {})
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (cause) => {
        this.#startFailure = cause
        this.#end(undefined, undefined)
        resolve()
      })
      this.#child.once('close', (code, signal) => {
        this.#end(code, signal)
        resolve()
      })
    })
  }

  get usable(): boolean {
    return this.#usable && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Whether this program keeps the host's event loop alive: while a call is under way, not while it idles. */
  hold(busy: boolean): void {
    const handles = [
      this.#child,
      ...[this.#child.stdin, this.#child.stdout, this.#child.stderr].map((s) => s as Socket | null),
    ]
    for (const handle of handles) {
      if (busy) handle?.ref?.()
      else handle?.unref?.()
    }
  }

  send<T>(call: Call, command: Command<T>, signal: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const onAbort = () => this.#pending?.fail(signal.reason)
      const settle = () => {
        signal.removeEventListener('abort', onAbort)
        this.#pending = undefined
      }
      const fail = (error: RrdtoolError) => {
        settle()
        this.retire()
        reject(error)
      }
      const output = (chunk: Buffer) => command.reader.push(chunk)
      const marker = this.#markers ? newMarker() : undefined
      const frame = new AnswerFrame(output, marker)
      const succeed = () => {
        const { status, surplus } = frame
        if (surplus && (status?.ok || !this.#markers)) this.retire()
        if (!status || (status.ok && surplus && this.#markers)) {
          return fail(this.#error('PROTOCOL', call, 'its answer has no OK or ERROR at its end'))
        }
        if (!status.ok) {
          settle()
          return reject(new RrdtoolError('FAILED', call, status.text, { output: status.text }))
        }
        try {
          const answer = command.reader.end()
          settle()
          resolve(answer)
        } catch (cause) {
          fail(protocolError(call, cause, this.#said))
        }
      }
      this.#pending = { call, frame, succeed, fail }
      signal.addEventListener('abort', onAbort, { once: true })
      const lines = [quoteCommand(command.words), ...(marker ? [markerCommand(marker)] : [])]
      this.#child.stdin?.write(`${lines.join('\n')}\n`)
    })
  }

  /** Lets the program end by itself: it does at the end of its input. */
  async close(): Promise<void> {
    this.hold(true)
    this.#usable = false
    this.#child.stdin?.end()
    await this.ended
  }

  /** Ends the program at once. */
  retire(): void {
    this.#usable = false
    endProgram(this.#child)
  }

  #data(chunk: Buffer): void {
    const pending = this.#pending
    // Nothing was asked: whatever this is, later answers can't be told apart any more.
    if (!pending) return this.retire()
    let marked: boolean
    try {
      marked = pending.frame.push(chunk)
    } catch (cause) {
      return pending.fail(protocolError(pending.call, cause, this.#said))
    }
    if (marked) {
      pending.succeed()
    } else if (!this.#markers && pending.frame.status) {
      this.#firstStatus(pending)
    }
  }

  /** Only rrdtool itself is asked for a marker; another program that speaks this protocol might take it for a command. */
  #firstStatus(pending: Pending): void {
    this.#markers ??= knowsMarkers(this.#child.pid, this.#path)
    if (!this.#markers) return pending.succeed()
    const marker = newMarker()
    pending.frame.expect(marker)
    this.#child.stdin?.write(`${markerCommand(marker)}\n`)
  }

  #end(code: number | null | undefined, signal: NodeJS.Signals | null | undefined): void {
    this.#usable = false
    const pending = this.#pending
    if (!pending) return
    if (this.#startFailure !== undefined)
      return pending.fail(startError(this.#path, pending.call, this.#startFailure))
    if (pending.frame.status) return pending.succeed()
    const how = signal ? `was killed by ${signal}` : `ended with exit code ${code}`
    pending.fail(this.#error('PROTOCOL', pending.call, `the program ${how} in mid-call`))
  }

  #error(code: RrdtoolErrorCode, call: Call, message: string): RrdtoolError {
    return new RrdtoolError(code, call, message, { output: this.#said.toString() })
  }
}

function newMarker(): string {
  return `end-${randomBytes(12).toString('hex')}`
}

/** Two words: with one, rrdtool prints its usage and says OK. */
function markerCommand(marker: string): string {
  return `${marker} x`
}
