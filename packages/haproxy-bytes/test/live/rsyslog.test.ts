import { afterEach, expect, test } from 'vitest'
import { type Burst, runBurst } from './burst.ts'
import { open, request, transfer } from './client.ts'
import { globalSection, startHaproxy } from './haproxy.ts'
import { scratchFolder } from './program.ts'
import { type Rsyslog, startRsyslog } from './rsyslog.ts'

const toRelease: (() => unknown)[] = []
afterEach(async () => {
  for (const release of toRelease.splice(0).reverse()) await release()
})

const linesOf = (bytes: Buffer): string[] =>
  bytes
    .toString('latin1')
    .split('\n')
    .filter((line) => line.includes('?id='))

const logTo = async (rsyslog: Rsyslog, target: string, format: string): Promise<void> => {
  const { folder, remove } = scratchFolder('logging')
  toRelease.push(remove)
  const haproxy = await startHaproxy(
    folder,
    ([port], socket) => `${globalSection(socket)}
frontend web
    mode http
    bind 127.0.0.1:${port}
    log ${target} len 2048 format ${format} local0
    timeout client 5s
    option httplog
    http-request return status 200
`,
  )
  toRelease.push(() => haproxy.stop())
  const connection = await open(haproxy.ports[0] ?? 0)
  await transfer(connection, request('/?id=1'))
  await connection.finish()
  await rsyslog.settle()
}

test('writes a line over UDP in each template', async () => {
  const rsyslog = await startRsyslog({ unix: null, custom: { mine: '%HOSTNAME%|%msg%\\n' } })
  toRelease.push(rsyslog.remove, () => rsyslog.stop())
  await logTo(rsyslog, rsyslog.udpTarget, 'rfc3164')
  const line = (name: string) => linesOf(rsyslog.read(name))[0]
  expect(line('traditional')).toMatch(/^\w{3} [ \d]\d [\d:]{8} localhost haproxy\[\d+\]: 127\.0\.0\.1:\d+ \[/)
  expect(line('file')).toMatch(
    /^\d{4}-\d\d-\d\dT[\d:]{8}\+00:00 localhost haproxy\[\d+\]: 127\.0\.0\.1:\d+ \[/,
  )
  expect(line('rfc5424')).toMatch(
    /^<134>1 \d{4}-\d\d-\d\dT\S+ localhost haproxy \d+ - - {1,2}127\.0\.0\.1:\d+ \[/,
  )
  // `%msg%` begins with a blank.
  expect(line('bare')).toMatch(/^\w{3} [ \d]\d [\d:]{8} {2}127\.0\.0\.1:\d+ \[/)
  expect(line('mine')).toMatch(/^localhost\| 127\.0\.0\.1:\d+ \[/)
})

test('takes the host for part of the line where a unix socket brings none', async () => {
  const rsyslog = await startRsyslog({ udp: null })
  toRelease.push(rsyslog.remove, () => rsyslog.stop())
  await logTo(rsyslog, rsyslog.unixTarget, 'rfc3164')
  expect(linesOf(rsyslog.read('bare'))[0]).toMatch(
    /^\w{3} [ \d]\d [\d:]{8} {2}haproxy\[\d+\]: 127\.0\.0\.1:\d+ \[/,
  )
})

const closes = (burst: Burst): void => {
  const lines = linesOf(burst.files.file).length
  expect(lines + burst.droppedLogs + burst.kernelDrops + burst.reportedLost).toBe(burst.received.size)
}

test('a burst without a limit over a unix socket: lines and what HAProxy dropped', async () => {
  const burst = await runBurst({ input: 'unix', requests: 300 })
  expect(burst.reportedLost).toBe(0)
  closes(burst)
})

test.each(['unix', 'udp'] as const)(
  'a burst into a limited %s input: all lines are accounted for',
  async (input) => {
    const rateLimit = { burst: 50, interval: 1 }
    const burst = await runBurst({ input, requests: 400, rateLimit, untilReported: true })
    expect(burst.reportedLost).toBeGreaterThan(0)
    expect(burst.files.file.toString('latin1')).toMatch(
      input === 'unix'
        ? /rsyslogd-2177: imuxsock\[pid: \d+, name: haproxy\]: \d+ messages lost due to rate-limiting \(50 allowed within 1 seconds\)/
        : /imudp\(127\.0\.0\.1\/\d+\/IPv4\): \d+ messages lost due to rate-limiting \(50 allowed within 1 seconds\)/,
    )
    closes(burst)
  },
)

test('without its internal messages rsyslog loses lines and says nothing in its files', async () => {
  const rateLimit = { burst: 50, interval: 30 }
  const burst = await runBurst({ input: 'udp', requests: 200, rateLimit, internal: false })
  expect(linesOf(burst.files.file).length).toBeLessThan(200)
  expect(burst.files.file.toString('latin1')).not.toMatch(/messages lost|begin to drop/)
})
