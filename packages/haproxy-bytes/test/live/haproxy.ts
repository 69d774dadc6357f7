import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from './ports.ts'
import { startProgram } from './program.ts'
import { type StatRow, showInfo, showStat, statRows } from './stats-socket.ts'
import { LateError, until } from './waiting.ts'

export interface Haproxy {
  readonly pid: number
  readonly folder: string
  /** The configuration as it was run, to be given to a tool. */
  readonly config: string
  readonly configFile: string
  /** The stats socket, level admin. */
  readonly socket: string
  /** Ports asked for, in that order. */
  readonly ports: readonly number[]
  /** `show stat`, as text and as rows. */
  statText(proxy?: string): Promise<string>
  stat(proxy?: string): Promise<StatRow[]>
  info(): Promise<StatRow>
  /** Warnings and alerts, from both streams. */
  said(): string
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** What HAProxy said when it didn't want to start. */
export class RefusedError extends Error {
  readonly code = 'refused'
  readonly said: string
  constructor(said: string) {
    super(`haproxy did not start: ${said}`)
    this.said = said
  }
}

export type ConfigWriter = (ports: readonly number[], socket: string) => string

const bindFailure = /cannot bind socket|Address already in use/

/**
 * Starts haproxy in the foreground and waits until it answers on its stats socket; the listeners are bound before
 * that. The frontends aren't connected to: it would count as a session and write a line.
 */
export async function startHaproxy(
  folder: string,
  write: ConfigWriter,
  options: { readonly ports: number; readonly program?: string } = { ports: 1 },
): Promise<Haproxy> {
  const socket = join(folder, 'stats.sock')
  const configFile = join(folder, 'haproxy.cfg')
  for (let attempt = 1; ; attempt++) {
    const ports = await freePorts(options.ports)
    const config = write(ports, socket)
    writeFileSync(configFile, config)
    const program = startProgram(options.program ?? 'haproxy', ['-db', '-f', configFile], folder)
    const ready = async (): Promise<true | undefined> => {
      if (program.ended()) throw new RefusedError(program.said())
      const info = await showInfo(socket).catch(() => undefined)
      // The socket of a run before this one may still be there.
      return info?.Pid === String(program.pid) || undefined
    }
    try {
      await until('haproxy', ready)
    } catch (error) {
      await program.stop('SIGKILL')
      if (error instanceof RefusedError && bindFailure.test(error.said) && attempt < 5) continue
      throw error instanceof LateError ? new RefusedError(program.said()) : error
    }
    return {
      pid: program.pid,
      folder,
      config,
      configFile,
      socket,
      ports,
      statText: (proxy) => showStat(socket, proxy),
      stat: async (proxy) => statRows(await showStat(socket, proxy)),
      info: () => showInfo(socket),
      said: program.said,
      stop: (signal = 'SIGTERM') => program.stop(signal),
    }
  }
}

/**
 * The lines that every configuration of the rig begins with: one thread, so that what it does has an order. Without
 * `noreuseport` two rigs could be given one port, and one would get the other's bytes (seen).
 */
export const globalSection = (socket: string, extra: readonly string[] = []): string =>
  [
    'global',
    'nbthread 1',
    'maxconn 4000',
    'noreuseport',
    `stats socket ${socket} mode 600 level admin`,
    ...extra,
  ]
    .map((line, at) => (at === 0 ? line : `    ${line}`))
    .join('\n')
