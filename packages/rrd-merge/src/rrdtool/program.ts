import { type ChildProcess, spawn } from 'node:child_process'
import { childEnvironment } from './environment.ts'
import { type CallIdentity, RrdtoolError } from './error.ts'

const living = new Set<number>()

/** No child outlives the host: whatever still runs when it exits is ended, by the process group made for it. */
function endAll(): void {
  for (const pid of living) endGroup(pid)
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/**
 * Starts the program in a process group of its own, so that ending it also ends what a wrapper script started.
 * Without `input` its stdin is empty.
 */
export function startProgram(
  path: string,
  words: readonly string[],
  options: {
    readonly input: boolean
    readonly daemon: string | undefined
    readonly cwd?: string | undefined
  },
): ChildProcess {
  const child = spawn(path, words, {
    stdio: [options.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    env: childEnvironment(options.daemon),
    cwd: options.cwd,
    detached: true,
    windowsHide: true,
  })
  const { pid } = child
  if (pid !== undefined) {
    if (living.size === 0) process.on('exit', endAll)
    living.add(pid)
    child.once('exit', () => {
      living.delete(pid)
      if (living.size === 0) process.removeListener('exit', endAll)
    })
  }
  return child
}

/** Ends the program at once, and lets go of its pipes: a grandchild that left the group could hold them open. */
export function endProgram(child: ChildProcess): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) endGroup(child.pid)
  child.stdin?.destroy()
  child.stdout?.destroy()
  child.stderr?.destroy()
}

/** What a failed start means to the caller. */
export function startError(path: string, call: CallIdentity, cause: unknown): RrdtoolError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? 'unknown error'
  if (code === 'E2BIG') {
    return new RrdtoolError(
      'BAD_ARGUMENT',
      call,
      'the arguments are too long for a process; use { persistent: true }',
      {
        cause,
      },
    )
  }
  const why =
    code === 'ENOENT'
      ? `there is no program ${JSON.stringify(path)} (or what its first line names); install rrdtool or give its path`
      : `${JSON.stringify(path)} can't be executed (${code})`
  return new RrdtoolError('NOT_FOUND', call, why, { cause })
}

/** A shell (a wrapper script, or the one that stands in for a text without `#!`) says so where it finds no program. */
export function isNotFoundExit(code: number | null): boolean {
  return code === 126 || code === 127
}

export function notFoundExit(path: string, call: CallIdentity, output: string): RrdtoolError {
  return new RrdtoolError(
    'NOT_FOUND',
    call,
    `what ${JSON.stringify(path)} starts is not there or can't be executed`,
    {
      output,
    },
  )
}
