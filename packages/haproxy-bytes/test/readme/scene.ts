import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** What examples/demo.ts left of a real HAProxy 2.6.12: configuration, log, counters from before and after, bytes received. */
const RECORDED = join(import.meta.dirname, 'recorded')

/** The files of the page. */
export function makeScene(folder: string): void {
  cpSync(RECORDED, folder, { recursive: true })
  const lines = readFileSync(join(RECORDED, 'haproxy.log'), 'latin1').split(/(?<=\n)/)
  // A rate limit of syslog drops what comes in one burst, and says so with what gets through next.
  const [, stamp, pid] = /^<134>(.{15}) haproxy\[(\d+)\]/.exec(lines[68] ?? '') ?? []
  const report = `${stamp} lb1 rsyslogd-2177: imuxsock[pid: ${pid}, name: haproxy]: 8 messages lost due to rate-limiting (50 allowed within 2 seconds)\n`
  const lossy = [...lines.slice(0, 60), report, ...lines.slice(68)]
  writeFileSync(join(folder, 'lossy.log'), lossy.join(''), 'latin1')
  // The other load balancer: half of its log is rotated and compressed.
  const other = lines.map((line) => line.replaceAll(' shop ', ' api ').replaceAll('127.0.0.1:', '192.0.2.7:'))
  writeFileSync(join(folder, 'lb2.log.1.gz'), gzipSync(Buffer.from(other.slice(0, 60).join(''), 'latin1')))
  writeFileSync(join(folder, 'lb2.log'), other.slice(60).join(''), 'latin1')
  const [first = '', second = ''] = lines
  writeFileSync(join(folder, 'odd.log'), `${first}${second.slice(0, 90)}\nwhat is this?\n`, 'latin1')
}
