import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  CountersError,
  findCounters,
  formatSnapshotLine,
  readCounters,
  type Snapshot,
  snapshotAfter,
  snapshotBefore,
  subtract,
} from '../../src/counters/index.ts'
import { startHaproxy } from '../live/haproxy.ts'
import { command } from '../live/stats-socket.ts'

const snapshot = (more: Partial<Snapshot> = {}, bout = 5n): Snapshot => ({
  time: Date.UTC(2026, 10, 21, 12),
  version: '2.6.12',
  pid: 7,
  startTime: 1000,
  uptime: 50,
  droppedLogs: 3n,
  proxies: [{ proxy: 'web', service: 'FRONTEND', counts: { bout, stot: 2n ** 60n }, open: 1, mode: 'http' }],
  ...more,
})

function fetchText(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve(text))
    }).on('error', reject)
  })
}

test('a real HAProxy says the same over its socket and to Prometheus', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'haproxy-bytes-counters-'))
  const haproxy = await startHaproxy(
    folder,
    ([port], socket) => `
global
  stats socket ${socket} level admin
defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 5s
frontend web
  bind 127.0.0.1:${port}
  http-request use-service prometheus-exporter if { path /metrics }
  http-request return status 200 content-type text/plain string "hello" if { path /hello }
  default_backend app
backend app
  server s1 127.0.0.1:1
`,
    { ports: 1 },
  )
  try {
    for (let n = 0; n < 3; n++) await fetchText(haproxy.ports[0] as number, '/hello')
    // The exposition counts its own request once it is answered: the socket is asked before.
    const text = await command(haproxy.socket, 'show info;show stat')
    const metrics = await fetchText(haproxy.ports[0] as number, '/metrics')
    const [socket] = readCounters(text) as [Snapshot]
    const [exposed] = readCounters(metrics) as [Snapshot]
    expect(socket).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+/),
      pid: haproxy.pid,
      droppedLogs: 0n,
    })
    expect(exposed).toMatchObject({ version: socket.version, startTime: socket.startTime })
    const web = findCounters(socket, 'web', 'FRONTEND')
    expect(web).toMatchObject({ mode: 'http', counts: { hrsp_2xx: 3n, intercepted: 3n } })
    const other = findCounters(exposed, 'web', 'FRONTEND')
    for (const column of ['bout', 'bin', 'hrsp_2xx', 'comp_in'] as const)
      expect([column, other?.counts[column]]).toEqual([column, web?.counts[column]])
    expect(findCounters(exposed, 'app', 's1')?.counts.bout).toBe(0n)
    expect(web?.counts.bout).toBeGreaterThan(100n)
  } finally {
    await haproxy.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

describe('what was written is read again', () => {
  test('a snapshot, to the last bit', () => {
    expect(readCounters(`${formatSnapshotLine(snapshot())}\n`)).toEqual([snapshot()])
  })

  test('a line that was cut off while it was written is left out', () => {
    const line = formatSnapshotLine(snapshot())
    expect(readCounters(`${line}\n${line.slice(0, 40)}`)).toHaveLength(1)
  })

  test.each([
    ['nothing', ''],
    ['a log', 'Nov 21 11:40:28 lb1 haproxy[1]: 127.0.0.1:1 [...'],
    ['half a snapshot', formatSnapshotLine(snapshot()).slice(0, 60)],
  ])('%s is an error', (_, text) => {
    expect(() => readCounters(text)).toThrow(CountersError)
  })

  test('a row with too few columns is an error with its line', () => {
    const text = '# pxname,svname,stot,bin,bout,\nweb,FRONTEND,1,2,3,\napp,BACKEND,1\n'
    expect(() => readCounters(text)).toThrow(expect.objectContaining({ code: 'bad-row', line: 3 }))
  })
})

test('of many snapshots the nearest around the log count', () => {
  const at = (minute: number): Snapshot => snapshot({ time: Date.UTC(2026, 10, 21, 12, minute) })
  const all = [at(0), at(10), at(20), at(30)]
  expect(snapshotBefore(all, Date.UTC(2026, 10, 21, 12, 15))).toEqual(at(10))
  expect(snapshotAfter(all, Date.UTC(2026, 10, 21, 12, 15))).toEqual(at(20))
  expect(snapshotBefore(all, Date.UTC(2026, 10, 21, 11))).toBeUndefined()
  expect(snapshotAfter(all, Date.UTC(2026, 10, 21, 13))).toBeUndefined()
})

describe('the difference of two snapshots', () => {
  test('counts since the first', () => {
    const after = snapshot({ droppedLogs: 10n, uptime: 60 }, 105n)
    expect(subtract(snapshot(), after)).toEqual({
      comparable: true,
      droppedLogs: 7n,
      proxies: [
        { proxy: 'web', service: 'FRONTEND', counts: { bout: 100n, stot: 0n }, open: 1, mode: 'http' },
      ],
    })
  })

  test.each<[string, Snapshot, Snapshot, string]>([
    ['another pid', snapshot(), snapshot({ pid: 8 }), 'other-process'],
    ['another start', snapshot(), snapshot({ startTime: 2000 }), 'other-process'],
    ['a count that went down', snapshot(), snapshot({}, 4n), 'decreased'],
    ['a later first', snapshot({ time: 1 + Date.UTC(2026, 10, 21, 12) }), snapshot(), 'order'],
    ['dropped lines that went down', snapshot(), snapshot({ droppedLogs: 1n }), 'decreased'],
  ])('%s: not comparable', (_, before, after, why) => {
    expect(subtract(before, after)).toMatchObject({ comparable: false, why })
  })

  test('a proxy that is new counts from zero', () => {
    expect(subtract(snapshot({ proxies: [] }), snapshot())).toMatchObject({
      proxies: [{ counts: { bout: 5n } }],
    })
  })
})
