import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultsOf } from '../schema/documents.ts'
import { haproxyBytes } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'

const FORMAT = '%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B lc=%lc %{+Q}r'
const REPORT =
  'Nov 21 12:00:09 lb1 rsyslogd-2177: imuxsock lost 838 messages from pid 4713 due to rate-limiting'

const line = (number: number, second: number): string =>
  `Nov 21 12:00:0${second} lb1 haproxy[4713]: 10.0.0.1:40000 [21/Nov/2026:12:00:0${second}.000] web app/s1 0/0/0/0/0 200 100 lc=${number} "GET / HTTP/1.1"\n`
const plain = (second: number): string =>
  `Nov 21 12:00:0${second} lb1 haproxy[4713]: 10.0.0.1:40000 [21/Nov/2026:12:00:0${second}.000] web app/s1 0/0/0/0/0 200 100 - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"\n`

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('lost')
})
afterAll(() => scratch[Symbol.dispose]())

function file(name: string, text: string): string {
  writeFileSync(scratch.file(name), text)
  return scratch.file(name)
}

function document(status: number, ...args: string[]) {
  const ran = haproxyBytes(['lost', '--json', ...args])
  expect([ran.stderr, ran.status]).toEqual(['', status])
  const parsed = JSON.parse(ran.stdout)
  expect(faultsOf(parsed)).toEqual([])
  return parsed
}

test('gaps of %lc: told with their time and frontend, exit 4', () => {
  const log = file('gaps', line(1, 0) + line(2, 1) + line(6, 3) + line(7, 4))
  const { lost, entries } = document(4, log, '--format', FORMAT)
  expect(lost).toMatchObject({ kind: 'exact', lines: { low: 3, estimate: 3, high: 3 }, complete: true })
  expect(entries).toMatchObject([
    {
      evidence: 'lc',
      frontend: 'web',
      host: 'lb1',
      pid: 4713,
      from: '2026-11-21T12:00:01.000Z',
      to: '2026-11-21T12:00:03.000Z',
    },
  ])
  const { stdout } = haproxyBytes(['lost', log, '--format', FORMAT])
  expect(stdout).toContain('2026-11-21 12:00:01 to 12:00:03')
  expect(stdout).toContain('Lost: 3 lines')
})

test('a span cuts no gap into the lines beside it', () => {
  const log = file('span', line(1, 0) + line(2, 1) + line(6, 3) + line(7, 4) + line(9, 9))
  const window = ['--since', '2026-11-21T12:00:00', '--until', '2026-11-21T12:00:02']
  expect(document(4, log, '--format', FORMAT, ...window).lost.lines.estimate).toBe(3)
  expect(document(4, log, '--format', FORMAT, '--since', '2026-11-21T12:00:05').lost.lines.estimate).toBe(1)
})

test('with nothing to go by: no figure, exit 0, and what would tell', () => {
  const log = file('none', plain(0) + plain(1))
  const { lost, lacking } = document(0, log)
  expect(lost).toEqual({ kind: 'unknown', lines: null, bytes: null, complete: false })
  expect(lacking.map(({ code }: { code: string }) => code)).toEqual(['lc', 'snapshots', 'reports'])
  const { stdout } = haproxyBytes(['lost', log])
  expect(stdout).toContain('it cannot be excluded, and there is no figure')
  expect(stdout).not.toMatch(/\b0 lines/)
})

describe('the report of the origin post', () => {
  test.each([
    ['in the log itself', `${plain(0)}${REPORT}\n${plain(9)}`, undefined],
    ['in a file of its own', plain(0) + plain(9), `${REPORT}\n`],
  ])('%s', (_, log, syslog) => {
    const args = syslog === undefined ? [] : ['--syslog', file('syslog', syslog)]
    const { lost, entries } = document(4, file('report', log), ...args)
    expect(lost).toMatchObject({
      lines: { low: 838, high: 838 },
      bytes: { kind: 'estimated', estimate: 83_800 },
      complete: false,
    })
    expect(entries).toMatchObject([{ evidence: 'imuxsock', pid: 4713, to: '2026-11-21T12:00:09.000Z' }])
  })

  test('is not believed where a client wrote it', () => {
    const forged = plain(1).replace(
      'GET /',
      'GET /imuxsock lost 838 messages from pid 4713 due to rate-limiting',
    )
    const broken = forged.replace('200 100 - -', 'x')
    expect(document(3, file('forged', plain(0) + forged + broken)).lost.kind).toBe('unknown')
    const other =
      'Nov 21 12:00:01 lb1 sshd[1]: Invalid user imuxsock lost 838 messages from pid 4713 due to rate-limiting\n'
    expect(document(0, file('none', plain(0)), '--syslog', file('auth', other)).lost.kind).toBe('unknown')
  })
})

test("journald's export, in which a message with a line feed has its length", () => {
  const text = 'x\nSYSLOG_IDENTIFIER=systemd-journald\nMESSAGE=Suppressed 999 messages from haproxy.service'
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  const journal = Buffer.concat([
    Buffer.from(
      '__REALTIME_TIMESTAMP=1795262400000000\nSYSLOG_IDENTIFIER=systemd-journald\nMESSAGE=Suppressed 12 messages from haproxy.service\n\n',
    ),
    Buffer.from('__REALTIME_TIMESTAMP=1795262401000000\nSYSLOG_IDENTIFIER=app\nMESSAGE\n'),
    length,
    Buffer.from(`${text}\n\n`),
  ])
  writeFileSync(scratch.file('journal'), journal)
  const { lost, entries } = document(4, file('log', plain(0)), '--journal', scratch.file('journal'))
  expect([lost.lines.estimate, entries.length]).toEqual([12, 1])
})

const stat = (pid: number, requests: number, bytes: number): string =>
  `Name: HAProxy\nVersion: 2.6.12\nPid: ${pid}\nDroppedLogs: 0\n\n# pxname,svname,scur,bin,bout,req_tot,mode,\nweb,FRONTEND,0,0,${bytes},${requests},http,\n`

test('counters of two processes are not comparable: exit 5', () => {
  const [before, after] = [file('before', stat(1, 0, 0)), file('after', stat(2, 5, 500))]
  const { incomparable } = document(5, file('log', plain(0)), '--before', before, '--after', after)
  expect(incomparable).toMatchObject([{ code: 'other-process' }])
})

test('requests and bytes that no line has', () => {
  const [before, after] = [file('before', stat(1, 10, 1000)), file('after', stat(1, 15, 1500))]
  const { lost } = document(4, file('log', plain(0) + plain(1)), '--before', before, '--after', after)
  expect(lost).toMatchObject({
    lines: { low: 1, estimate: 3, high: 3 },
    bytes: { kind: 'exact', estimate: 300 },
  })
})

test.each([
  [['--before', '/dev/null'], '--before and --after go together'],
  [['--syslog', '/nonexistent'], '/nonexistent'],
  [['--nothing'], '--nothing'],
])('%j is refused', (args, words) => {
  const ran = haproxyBytes(['lost', file('log', plain(0)), ...args])
  expect(ran.stderr).toContain(words)
  expect(ran.stdout).toBe('')
  expect([2, 6]).toContain(ran.status)
})

const CONFIG = `global
    log /dev/log local0
defaults
    mode http
    log global
    option httplog
    option logasap
    timeout client 1s
frontend web
    bind 127.0.0.1:1
`

describe('advise', () => {
  test('prints sections and findings, as text and as JSON', () => {
    const config = file('haproxy.cfg', CONFIG)
    const { stdout, stderr, status } = haproxyBytes(['advise', config])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('# logasap (')
    expect(stdout).toContain('frontend web\n    # haproxy-bytes: lengths before any other rule\n')
    const parsed = JSON.parse(haproxyBytes(['advise', config, '--json', '--haproxy-version', '3.3.0']).stdout)
    expect(faultsOf(parsed)).toEqual([])
    expect(parsed.findings.map(({ code }: { code: string }) => code)).toEqual(
      expect.arrayContaining(['logasap', 'log-length', 'swapped-counts', 'zero-copy']),
    )
    expect(parsed.sections.map(({ name }: { name: string }) => name)).toEqual(['global', 'frontend web'])
  })

  test('reads folders as the daemons do', () => {
    mkdirSync(scratch.file('etc/rsyslog.d'), { recursive: true })
    mkdirSync(scratch.file('etc/logrotate.d'))
    file('etc/rsyslog.conf', 'module(load="imuxsock" SysSock.RateLimit.Interval="5")\n')
    file('etc/rsyslog.d/49-haproxy.conf', 'local0.* /var/log/haproxy.log\n')
    file('etc/sysctl.conf', 'not = rsyslog\n')
    file('etc/logrotate.d/haproxy', '/var/log/haproxy.log {\n  weekly\n}\n')
    const etc = scratch.file('etc')
    const args = ['--rsyslog', etc, '--logrotate', `${etc}/logrotate.d`, '--json']
    const parsed = JSON.parse(haproxyBytes(['advise', file('haproxy.cfg', CONFIG), ...args]).stdout)
    expect(faultsOf(parsed)).toEqual([])
    const codes = parsed.findings.map(({ code }: { code: string }) => code)
    expect(codes).toEqual(
      expect.arrayContaining(['rate-limit', 'own-messages-hidden', 'writer-not-signalled', 'not-compressed']),
    )
    expect(codes).not.toContain('not-understood')
  })

  test('what can not be read: exit 6', () => {
    expect(haproxyBytes(['advise', scratch.file('nothing')]).status).toBe(6)
    expect(haproxyBytes(['advise', file('haproxy.cfg', CONFIG), '--rsyslog', '/nonexistent']).status).toBe(6)
  })
})
