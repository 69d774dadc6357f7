import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { RrdcachedClient } from '../../src/rrdcached/index.ts'

export const START = 1_700_000_040
export const STEP = 60

export interface Daemon {
  readonly folder: string
  /** The base directory (-b). */
  readonly base: string
  readonly socket: string
  readonly tcp: string
  readonly process: ChildProcess
  /** Ends it; SIGKILL loses what it holds, as a crash does. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

export const folderForTest = (): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rrd-merge-daemon-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as { port: number }
  await new Promise((closed) => server.close(closed))
  return port
}

/** A real rrdcached that writes only when it is told to. */
export const startDaemon = async (args: readonly string[] = [], into?: string): Promise<Daemon> => {
  const folder = into ?? folderForTest()
  const base = join(folder, 'base')
  mkdirSync(base, { recursive: true })
  const socket = join(folder, 'socket')
  const tcp = `127.0.0.1:${await freePort()}`
  const fixed = ['-g', '-l', `unix:${socket}`, '-l', tcp, '-b', base, '-B', '-p', join(folder, 'pid')]
  const child = spawn('rrdcached', [...fixed, '-w', '3600', '-f', '7200', ...args], { stdio: 'ignore' })
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    child.kill(signal)
    await ended
  }
  onTestFinished(() => stop('SIGKILL'))
  const client = new RrdcachedClient(socket)
  for (;;) {
    try {
      await client.ping()
      break
    } catch (error) {
      if (child.exitCode !== null) throw error
      await new Promise((later) => setTimeout(later, 10))
    }
  }
  client.close()
  return { folder, base, socket, tcp, process: child, stop }
}

export const clientFor = (address: string, timeout?: number): RrdcachedClient => {
  const client = new RrdcachedClient(address, timeout === undefined ? {} : { timeout })
  onTestFinished(() => client.close())
  return client
}

export const createRrd = (file: string, rows = 100): string => {
  const shape = ['DS:a:GAUGE:600:U:U', `RRA:LAST:0.5:1:${rows}`]
  execFileSync('rrdtool', ['create', file, '--start', String(START), '--step', String(STEP), ...shape])
  return file
}

export const value = (n: number): string => `${START + n * STEP}:${n}`

/** Rows of a file as rrdtool itself reads them: number of the update to its value. */
export const rowsOf = (file: string, most: number): Map<number, number> => {
  const args = ['fetch', file, 'LAST', '-s', String(START), '-e', String(START + most * STEP)]
  const text = execFileSync('rrdtool', args, {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  })
  const rows = new Map<number, number>()
  for (const [, time, cell] of text.matchAll(/^(\d+): (\S+)$/gm))
    if (cell !== '-nan' && cell !== 'nan') rows.set((Number(time) - START) / STEP, Number(cell))
  return rows
}

/** Something on a unix socket that is no rrdcached. */
export const strangeServer = async (talk: (socket: Socket, server: Server) => void): Promise<string> => {
  const path = join(folderForTest(), 'strange')
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    talk(socket, server)
  })
  await new Promise<void>((ready) => server.listen(path, ready))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return path
}
