import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LOOPBACK } from './ports.ts'
import { scratchFolder, startProgram } from './program.ts'
import { FENCE, type RsyslogOptions, rsyslogConfig } from './rsyslog-config.ts'
import { udpDrops, udpQueued } from './syslog-sink.ts'
import { until } from './waiting.ts'

export interface Rsyslog {
  readonly pid: number
  readonly folder: string
  readonly config: string
  /** What to write behind HAProxy's `log`. */
  readonly udpTarget: string
  readonly unixTarget: string
  /** The file of a template. */
  file(name: string): string
  /** What is in it by now. */
  read(name: string): Buffer
  /** Datagrams that the kernel dropped because rsyslog was slow; they are gone with the process. */
  kernelDrops(): number
  /** Returns when all that was sent before the call has been taken, and written or thrown away. */
  settle(): Promise<void>
  /** Ends it by its pid; its files stay until `remove`. */
  stop(signal?: NodeJS.Signals): Promise<void>
  remove(): void
}

const run = promisify(execFile)

/** UDP ports that were free a moment ago. */
async function freeUdpPorts(count: number): Promise<number[]> {
  const sockets = Array.from({ length: count }, () => createSocket('udp4'))
  await Promise.all(sockets.map((one) => new Promise<void>((ready) => one.bind(0, LOOPBACK, ready))))
  const ports = sockets.map((one) => one.address().port)
  await Promise.all(sockets.map((one) => new Promise<void>((closed) => one.close(closed))))
  return ports
}

/** Starts a real rsyslogd in the foreground, and waits until a message goes through each of its inputs. */
export async function startRsyslog(options: RsyslogOptions = {}): Promise<Rsyslog> {
  const { folder, remove } = scratchFolder('rsyslog')
  const [udpPort = 0, fencePort = 0] = await freeUdpPorts(2)
  const unixPath = join(folder, 'log.sock')
  const config = rsyslogConfig(options, { folder, udpPort, fencePort, unixPath })
  const configFile = join(folder, 'rsyslog.conf')
  writeFileSync(configFile, config)
  const program = startProgram('rsyslogd', ['-n', '-f', configFile, '-i', join(folder, 'pid')], folder)
  const sender = createSocket('udp4')
  let fences = 0
  const fenceFile = join(folder, 'fence.log')
  const arrived = (text: string): true | undefined => {
    if (program.ended()) throw new Error(`rsyslogd ended: ${program.said()}`)
    return (existsSync(fenceFile) && readFileSync(fenceFile, 'latin1').includes(`${text}.`)) || undefined
  }
  // A listener without a limit, beside the one that may have one: the same thread reads both.
  const overUdp = async (): Promise<void> => {
    const text = `${FENCE} ${++fences}`
    let sent = 0
    await until('rsyslog (UDP)', () => {
      if (Date.now() - sent > 500) {
        sent = Date.now()
        sender.send(`<134>Nov 21 12:00:00 rig fence: ${text}.`, fencePort, LOOPBACK)
      }
      return arrived(text)
    })
  }
  // A process of its own has a limit of its own, and the socket's queue keeps the order.
  const overUnix = async (): Promise<void> => {
    const text = `${FENCE} ${++fences}`
    await run('logger', ['--socket-errors=on', '-u', unixPath, '-t', 'fence', `${text}.`])
    await until('rsyslog (unix)', () => arrived(text))
  }
  const settle = async (): Promise<void> => {
    if (options.unix !== null) await overUnix()
    if (options.udp !== null) await until('the UDP queue', () => udpQueued(udpPort) === 0 || undefined)
    // What the queue held may be in the thread's hands as the first one passes; it is not when the second one does.
    await overUdp()
    await overUdp()
  }
  let stopped = false
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    await program.stop(signal)
    if (!stopped) sender.close()
    stopped = true
  }
  const file = (name: string): string => join(folder, `${name}.log`)
  try {
    if (options.unix !== null) await until('its socket', () => existsSync(unixPath) || undefined)
    await settle()
  } catch (error) {
    await program.stop('SIGKILL')
    sender.close()
    remove()
    throw new Error(`rsyslogd did not start: ${program.said()}`, { cause: error })
  }
  return {
    pid: program.pid,
    folder,
    config,
    udpTarget: `${LOOPBACK}:${udpPort}`,
    unixTarget: unixPath,
    file,
    read: (name) => (existsSync(file(name)) ? readFileSync(file(name)) : Buffer.alloc(0)),
    kernelDrops: () => udpDrops(udpPort),
    settle,
    stop,
    remove,
  }
}
