import type { Call, Channel, Command, Send } from './call.ts'
import { closedError } from './call.ts'
import { Deadline } from './deadline.ts'
import { RrdtoolError } from './error.ts'
import { AnswerError } from './parse/answer-error.ts'
import { endProgram, isNotFoundExit, notFoundExit, startError, startProgram } from './program.ts'
import { Tail } from './tail.ts'

/** A process a command; calls run side by side. */
export class OneShotChannel implements Channel {
  readonly #path: string
  readonly #running = new Set<Promise<unknown>>()
  #closed = false

  constructor(path: string) {
    this.#path = path
  }

  async run<T>(call: Call, work: (send: Send) => Promise<T>): Promise<T> {
    if (this.#closed) throw closedError(call)
    using deadline = new Deadline(call)
    deadline.signal.throwIfAborted()
    const running = work((command) => runProgram(this.#path, call, command, deadline.signal))
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }

  /** Waits for the calls that run. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#running)
  }
}

/** Runs one command in a process of its own. */
export function runProgram<T>(
  path: string,
  call: Call,
  command: Command<T>,
  signal: AbortSignal,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    let child: ReturnType<typeof startProgram>
    try {
      child = startProgram(path, command.words, { input: false, daemon: call.daemon, cwd: command.cwd })
    } catch (cause) {
      return reject(startError(path, call, cause))
    }
    const said = new Tail()
    const printed = new Tail(200)
    let failure: RrdtoolError | undefined

    const end = (error: RrdtoolError) => {
      failure ??= error
      endProgram(child)
    }
    const onAbort = () => end(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    const read = <R>(action: () => R): R | undefined => {
      try {
        return action()
      } catch (cause) {
        end(protocolError(call, cause, said))
        return undefined
      }
    }

    child.stdout?.on('data', (chunk: Buffer) => {
      if (failure) return
      printed.push(chunk)
      read(() => command.reader.push(chunk))
    })
    child.stderr?.on('data', (chunk: Buffer) => said.push(chunk))
    child.once('error', (cause) => {
      signal.removeEventListener('abort', onAbort)
      reject(failure ?? startError(path, call, cause))
    })
    child.once('close', (code, killedBy) => {
      signal.removeEventListener('abort', onAbort)
      failure ??= exitError(path, call, code, killedBy, said, printed)
      const answer = failure ? undefined : read(() => command.reader.end())
      if (failure) reject(failure)
      else resolve(answer as T)
    })
  })
}

function exitError(
  path: string,
  call: Call,
  code: number | null,
  killedBy: NodeJS.Signals | null,
  said: Tail,
  printed: Tail,
): RrdtoolError | undefined {
  const text = said.toString()
  const error = /(?:^|\n)ERROR: ([\s\S]*)$/.exec(text)
  if (killedBy)
    return new RrdtoolError('PROTOCOL', call, `it was killed by ${killedBy} in mid-call`, { output: text })
  if (error) return new RrdtoolError('FAILED', call, error[1] as string, { output: error[1] as string })
  if (code === 0) return undefined
  const output = text || printed.toString()
  if (isNotFoundExit(code)) return notFoundExit(path, call, output)
  return new RrdtoolError(
    'PROTOCOL',
    call,
    `it ended with exit code ${code} and no ERROR line: is it rrdtool?`,
    {
      output,
    },
  )
}

/** What a reader or a channel threw, as the error of the call. */
export function protocolError(call: Call, cause: unknown, said: Tail): RrdtoolError {
  if (cause instanceof RrdtoolError) return cause
  const piece = cause instanceof AnswerError ? cause.piece : ''
  const why = cause instanceof Error ? cause.message : String(cause)
  return new RrdtoolError('PROTOCOL', call, `${why}: is it rrdtool?`, {
    output: piece || said.toString(),
    cause,
  })
}
