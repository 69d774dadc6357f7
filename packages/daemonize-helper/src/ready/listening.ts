import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { BlockList, isIPv4, isIPv6 } from 'node:net'
import type { ProcStat } from '../identity/index.ts'

/** TCP_LISTEN of include/net/tcp_states.h. */
const LISTEN = '0A'
/** __SO_ACCEPTCON of linux/net.h: listen(2) was called on it. */
const ACCEPTS = 0x10000

/** Who listens: the inode numbers of sockets (/proc/PID/net/tcp, proc(5)) in the network namespace of a process. */
export function tcpListeners(pid: number, port: number, host?: string): Set<number> {
  const tables = [
    ...rows(`/proc/${pid}/net/tcp`).map((row) => ({ row, address: addressOf(row[1], 4) })),
    ...rows(`/proc/${pid}/net/tcp6`).map((row) => ({ row, address: addressOf(row[1], 16) })),
  ]
  const found = tables.filter(
    ({ row, address }) =>
      row[3] === LISTEN && address?.port === port && (host === undefined || serves(address.host, host)),
  )
  return new Set(found.map(({ row }) => Number(row[9])))
}

/** Listening stream sockets at a path, as it was bound (a relative one stays so). */
export function unixListeners(pid: number, path: string): Set<number> {
  const found = rows(`/proc/${pid}/net/unix`).filter(
    (row) => (Number.parseInt(row[3] ?? '', 16) & ACCEPTS) !== 0 && row.slice(7).join(' ') === path,
  )
  return new Set(found.map((row) => Number(row[6])))
}

/** Whether one of the processes has one of the sockets open. */
export function holdsAny(processes: readonly ProcStat[], inodes: ReadonlySet<number>): boolean {
  if (inodes.size === 0) return false
  return processes.some(({ pid }) => descriptorsOf(pid).some((inode) => inodes.has(inode)))
}

function descriptorsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => socketInode(`/proc/${pid}/fd/${fd}`) ?? [])
  } catch {
    return []
  }
}

function socketInode(link: string): number | undefined {
  try {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.[1]
    return inode === undefined ? undefined : Number(inode)
  } catch {
    return undefined
  }
}

function rows(path: string): string[][] {
  try {
    return readFileSync(path, 'latin1')
      .split('\n')
      .slice(1)
      .filter((line) => line !== '')
      .map((line) => line.trim().split(/\s+/))
  } catch {
    return []
  }
}

/** `0100007F:1F90`: each word of the address in the machine's byte order, the port in the network's. */
function addressOf(text = '', bytes: 4 | 16): { readonly host: string; readonly port: number } | undefined {
  const [hex = '', port = ''] = text.split(':')
  const raw = Buffer.from(hex, 'hex')
  if (raw.length !== bytes) return undefined
  raw.swap32()
  const host =
    bytes === 4
      ? raw.join('.')
      : Array.from({ length: 8 }, (_, index) => raw.readUInt16BE(index * 2).toString(16)).join(':')
  return { host, port: Number.parseInt(port, 16) }
}

/** Whether a socket bound to one address is reached by another: itself, or any address of the family. */
function serves(bound: string, host: string): boolean {
  if (/^(?:0(?:\.0){3}|0(?::0){7})$/.test(bound)) return true
  const same = new BlockList()
  const wanted = host === 'localhost' ? '127.0.0.1' : host
  if (!isIPv4(wanted) && !isIPv6(wanted)) return false
  same.addAddress(wanted, isIPv4(wanted) ? 'ipv4' : 'ipv6')
  return same.check(bound, isIPv4(bound) ? 'ipv4' : 'ipv6')
}
