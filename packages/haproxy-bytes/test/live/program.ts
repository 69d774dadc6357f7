import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A real program in the foreground. */
export interface Program {
  readonly pid: number
  readonly child: ChildProcess
  /** What it has said so far, on both streams. */
  said(): string
  /** Whether it has ended by itself or by a signal. */
  ended(): boolean
  /** Ends it by its pid and waits for that; SIGKILL where it doesn't end within five seconds. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export function startProgram(command: string, args: readonly string[], cwd?: string): Program {
  const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: 'C', TZ: 'UTC' }
  // A test run that is killed takes it along: nothing is left listening.
  const tied = ['--pdeathsig', 'KILL', command, ...args]
  const child = spawn('setpriv', tied, { stdio: ['ignore', 'pipe', 'pipe'], env, ...(cwd && { cwd }) })
  running.add(child)
  let text = ''
  let over = false
  const keep = (bytes: Buffer): void => {
    if (text.length < 1_000_000) text += bytes.toString('latin1')
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const closed = new Promise<void>((done) => {
    const end = (): void => {
      over = true
      running.delete(child)
      done()
    }
    child.once('close', end)
    child.once('error', (error) => {
      text += error.message
      end()
    })
  })
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    if (over) return
    child.kill(signal)
    const last = setTimeout(() => child.kill('SIGKILL'), 5000)
    await closed
    clearTimeout(last)
  }
  return { pid: child.pid ?? 0, child, said: () => text, ended: () => over, stop }
}

export interface Scratch {
  readonly folder: string
  remove(): void
}

/** A folder of one's own; its path is short, since a unix socket's name has 107 bytes. */
export function scratchFolder(purpose: string): Scratch {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `hb-${purpose}-`)))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
