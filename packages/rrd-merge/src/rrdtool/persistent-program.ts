import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Call, Command } from './call.ts'
import { RrdtoolError } from './error.ts'
import { AnswerFrame } from './framing.ts'
import { knowsMarkers, markerCommand, newMarker } from './marker.ts'
import { protocolError } from './one-shot.ts'
import { endProgram, isNotFoundExit, notFoundExit, startError, startProgram } from './program.ts'
import { quoteCommand } from './quoting.ts'
import { Tail } from './tail.ts'

/** A command this long fits into the pipe as a whole, so that it was read either wholly or not at all. */
const ATOMIC = 16 * 1024

/** Milliseconds for a program that goes on after the end of its input. */
const PATIENCE = 2000

/** The program had gone before the command reached it: the command may be sent to another one. */
export class NotDelivered extends Error {
  override readonly name = 'NotDelivered'
}

/** The command that is under way. */
interface Pending {
  readonly call: Call
  readonly frame: AnswerFrame
  /** The status is there. */
  readonly answer: () => void
  readonly fail: (error: Error) => void
}

/** One running `rrdtool -`. It is never used again once `usable` is false. */
export class PersistentProgram {
  readonly #path: string
  readonly #child: ChildProcess
  readonly #said = new Tail()
  readonly #ended: Promise<void>
  #pending: Pending | undefined
  #usable = true
  #answers = 0
  #markers: boolean | undefined
  #startFailure: unknown

  /** @throws what spawn throws at once */
  constructor(path: string, daemon: string | undefined) {
    this.#path = path
    this.#child = startProgram(path, ['-'], { input: true, daemon })
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#data(chunk))
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#said.push(chunk))
    this.#child.stdin?.on('error', () => {
      // The write's own callback knows what it means.
    })
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (cause) => {
        this.#startFailure = cause
        this.#end(null, null)
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
    const { stdin, stdout, stderr } = this.#child
    for (const handle of [
      this.#child,
      stdin as Socket | null,
      stdout as Socket | null,
      stderr as Socket | null,
    ]) {
      if (busy) handle?.ref?.()
      else handle?.unref?.()
    }
  }

  /** @throws NotDelivered, RrdtoolError */
  send<T>(call: Call, command: Command<T>, signal: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const marker = this.#markers ? newMarker() : undefined
      const frame = new AnswerFrame((chunk) => command.reader.push(chunk), marker)
      const onAbort = () => fail(signal.reason)
      const settle = () => {
        signal.removeEventListener('abort', onAbort)
        this.#pending = undefined
      }
      const fail = (error: Error) => {
        settle()
        this.retire()
        reject(error)
      }
      const answer = () => {
        try {
          const value = this.#read(call, frame, command)
          settle()
          resolve(value)
        } catch (error) {
          if (error instanceof RrdtoolError && error.code === 'FAILED') {
            settle()
            reject(error)
          } else fail(protocolError(call, error, this.#said))
        }
      }
      const pending = { call, frame, answer, fail }
      this.#pending = pending
      signal.addEventListener('abort', onAbort, { once: true })
      const text = `${quoteCommand(command.words)}\n${marker ? `${markerCommand(marker)}\n` : ''}`
      this.#child.stdin?.write(text, (failure) => {
        if (failure && this.#answers > 0 && text.length <= ATOMIC && this.#pending === pending)
          fail(new NotDelivered())
      })
    })
  }

  /** Lets the program end by itself, as rrdtool does at the end of its input. */
  async close(): Promise<void> {
    this.hold(true)
    this.#usable = false
    this.#child.stdin?.end()
    const patience = setTimeout(() => this.retire(), PATIENCE)
    await this.#ended
    clearTimeout(patience)
  }

  /** Ends the program at once. */
  retire(): void {
    this.#usable = false
    endProgram(this.#child)
  }

  #read<T>(call: Call, frame: AnswerFrame, command: Command<T>): T {
    const { status, surplus } = frame
    this.#answers++
    // Without a marker nothing shows where the surplus ends; with one, only an ERROR may go on over lines.
    if (surplus && !this.#markers) this.retire()
    if (!status || (status.ok && surplus && this.#markers)) {
      throw new RrdtoolError('PROTOCOL', call, 'its answer has no OK or ERROR at its end', {
        output: this.#said.toString(),
      })
    }
    if (!status.ok) throw new RrdtoolError('FAILED', call, status.text, { output: status.text })
    return command.reader.end()
  }

  #data(chunk: Buffer): void {
    const pending = this.#pending
    if (!pending) {
      // Nothing was asked: whatever this is, later answers can't be told apart any more.
      this.retire()
      return
    }
    try {
      if (pending.frame.push(chunk)) pending.answer()
      else if (!this.#markers && pending.frame.status) this.#firstStatus(pending)
    } catch (cause) {
      pending.fail(protocolError(pending.call, cause, this.#said))
    }
  }

  /** Only rrdtool itself is asked for a marker; another program that speaks this protocol might take it for a command. */
  #firstStatus(pending: Pending): void {
    if (this.#markers === undefined) {
      this.#markers = knowsMarkers(this.#child.pid, this.#path)
      if (this.#markers) {
        const marker = newMarker()
        pending.frame.expect(marker)
        this.#child.stdin?.write(`${markerCommand(marker)}\n`)
        return
      }
    }
    pending.answer()
  }

  #end(code: number | null, signal: NodeJS.Signals | null): void {
    this.#usable = false
    const pending = this.#pending
    if (!pending) return
    const { call, frame } = pending
    if (this.#startFailure !== undefined) pending.fail(startError(this.#path, call, this.#startFailure))
    else if (frame.status) pending.answer()
    else if (isNotFoundExit(code)) pending.fail(notFoundExit(this.#path, call, this.#said.toString()))
    else {
      const how = signal ? `was killed by ${signal}` : `ended with exit code ${code}`
      pending.fail(
        new RrdtoolError('PROTOCOL', call, `the program ${how} in mid-call`, {
          output: this.#said.toString(),
        }),
      )
    }
  }
}
