import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { open, request, transfer } from './client.ts'
import { globalSection, startHaproxy } from './haproxy.ts'
import { scratchFolder } from './program.ts'
import { type SyslogSink, udpSink } from './syslog-sink.ts'
import { unixSink } from './unix-sink.ts'

const toRelease: (() => unknown)[] = []
afterEach(async () => {
  for (const release of toRelease.splice(0).reverse()) await release()
})

const replying = async (sink: SyslogSink, folder: string, format: string) => {
  const haproxy = await startHaproxy(
    folder,
    ([port], socket) => `${globalSection(socket)}

frontend web
    mode http
    bind 127.0.0.1:${port}
    log ${sink.target} len 2048 format ${format} local3
    timeout client 5s
    option httplog
    http-request return status 200
`,
  )
  toRelease.push(() => haproxy.stop())
  return haproxy
}

const scratch = (): string => {
  const { folder, remove } = scratchFolder('sink')
  toRelease.push(remove)
  return folder
}

test.each([
  ['rfc3164', /^<158>\w{3} [ \d]\d \d\d:\d\d:\d\d localhost haproxy\[\d+\]: 127\.0\.0\.1:/],
  ['local', /^<158>\w{3} [ \d]\d \d\d:\d\d:\d\d haproxy\[\d+\]: 127\.0\.0\.1:/],
  ['rfc5424', /^<158>1 \d{4}-\d\d-\d\dT[\d:.]+\+00:00 - haproxy \d+ - - 127\.0\.0\.1:/],
  ['raw', /^127\.0\.0\.1:/],
])('%s arrives byte for byte, over UDP and over a unix socket', async (format, head) => {
  for (const kind of ['udp', 'unix']) {
    const folder = scratch()
    const sink = kind === 'udp' ? await udpSink() : await unixSink(join(folder, 'log.sock'))
    toRelease.push(() => sink.stop())
    const haproxy = await replying(sink, folder, format)
    const connection = await open(haproxy.ports[0] ?? 0)
    await transfer(connection, request('/first'))
    await transfer(connection, request('/second'))
    await connection.finish()
    const lines = await sink.first(2)
    for (const line of lines) expect(line.toString('latin1')).toMatch(head)
    expect((await sink.holding('/second')).toString('latin1')).toMatch(/"GET \/second HTTP\/1\.1"\n$/)
    await sink.drain()
    expect(sink.datagrams).toHaveLength(2)
    expect(sink.drops()).toBe(0)
  }
})

test('a burst over UDP: what arrived and what the kernel dropped add up', async () => {
  const sink = await udpSink()
  toRelease.push(() => sink.stop())
  const haproxy = await replying(sink, scratch(), 'rfc3164')
  const connections = await Promise.all(Array.from({ length: 8 }, () => open(haproxy.ports[0] ?? 0)))
  await Promise.all(
    connections.map(async (connection) => {
      for (let turn = 0; turn < 100; turn++) await transfer(connection, request(`/${turn}`))
      await connection.finish()
    }),
  )
  await sink.drain()
  expect(sink.datagrams.length + sink.drops()).toBe(800)
})
