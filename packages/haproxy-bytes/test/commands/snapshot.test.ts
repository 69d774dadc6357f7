import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCounters } from '../../src/counters/index.ts'
import { globalSection, type Haproxy, startHaproxy } from '../live/haproxy.ts'
import { type Scratch as Folder, scratchFolder } from '../live/program.ts'
import { Random } from '../live/random.ts'
import { until } from '../live/waiting.ts'
import { documentsOf, faultsOf } from '../schema/documents.ts'
import { cliPath, haproxyBytes } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch('snapshot')
let folder: Folder
let haproxy: Haproxy
let port: number
beforeAll(async () => {
  folder = scratchFolder('snapshot')
  haproxy = await startHaproxy(
    folder.folder,
    ([own, stats], socket) =>
      [
        globalSection(socket, [`stats socket 127.0.0.1:${stats} level user`]),
        'defaults\n    mode http\n    timeout client 5s\n    timeout server 5s\n    timeout connect 1s',
        // Many, so that a line takes more than a page of memory.
        ...Array.from({ length: 40 }, (_, at) => `backend be_${at}\n    server s1 127.0.0.1:1`),
        `frontend fe\n    bind 127.0.0.1:${own}\n    http-request return status 200`,
        '',
      ].join('\n\n'),
    { ports: 2 },
  )
  port = haproxy.ports[1] as number
})
afterAll(async () => {
  await haproxy?.stop()
  folder?.remove()
  scratch[Symbol.dispose]()
})

const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n')

test.each<[string, () => string]>([
  ['a path', () => haproxy.socket],
  ['unix@ and a path', () => `unix@${haproxy.socket}`],
  ['a host and port', () => `127.0.0.1:${port}`],
  ['ipv4@', () => `ipv4@127.0.0.1:${port}`],
])('%s: a line of counters of frontends and backends', (name, socket) => {
  const file = scratch.file(name.replace(/\W/g, ''))
  const { status, stderr, stdout } = haproxyBytes(['snapshot', '--socket', socket(), '-o', file, '--json'])
  expect([status, stderr]).toEqual([0, ''])
  const [document] = documentsOf(stdout) as [never]
  expect(faultsOf(document)).toEqual([])
  expect(document).toMatchObject({ path: file, snapshots: 1 })
  const [snapshot] = readCounters(readFileSync(file, 'latin1'))
  expect(snapshot).toMatchObject({ pid: haproxy.pid, version: expect.stringMatching(/^\d+\.\d+/) })
  expect(Math.abs((snapshot?.time ?? 0) - Date.now())).toBeLessThan(60_000)
  expect(new Set(snapshot?.proxies.map(({ service }) => service))).toEqual(new Set(['FRONTEND', 'BACKEND']))
  expect(statSync(file).mode & 0o137).toBe(0)
})

test('on a beat, so many', () => {
  const file = scratch.file('beat')
  const args = ['--socket', haproxy.socket, '-o', file, '--every', '100ms', '--count', '4']
  expect(haproxyBytes(['snapshot', ...args]).status).toBe(0)
  const times = readCounters(readFileSync(file, 'latin1')).map(({ time = 0 }) => time)
  expect(times).toHaveLength(4)
  expect([...times].sort((a, b) => a - b)).toEqual(times)
})

test('killed at any time, what is there is whole, and the next run goes on', async () => {
  const file = scratch.file('killed')
  const random = new Random(9)
  let known = 0
  for (let round = 0; round < 8; round++) {
    const args = [cliPath(), 'snapshot', '--socket', haproxy.socket, '-o', file, '--every', '100ms']
    const child = spawn(process.execPath, args, { stdio: 'ignore' })
    const ended = once(child, 'exit')
    const wanted = known + 1 + random.below(3)
    await until('snapshots', () => (existsSync(file) && linesOf(file).length > wanted) || undefined)
    child.kill('SIGKILL')
    await ended
    // What a kill, or a power cut, may leave at worst.
    if (round % 2 === 1) appendFileSync(file, linesOf(file)[0]?.slice(0, 1 + random.below(5000)) ?? '')
    const snapshots = readCounters(readFileSync(file, 'latin1'))
    expect(snapshots.length).toBeGreaterThan(known)
    known = snapshots.length
  }
  expect(haproxyBytes(['snapshot', '--socket', haproxy.socket, '-o', file]).status).toBe(0)
  const lines = linesOf(file)
  expect(lines.pop()).toBe('')
  expect(lines).toHaveLength(known + 1)
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ schema: 'haproxy-bytes/snapshot@1' })
}, 30_000)

test('stopped by a signal it says so', async () => {
  const file = scratch.file('stopped')
  const args = [cliPath(), 'snapshot', '--socket', haproxy.socket, '-o', file, '--every', '1h']
  const child = spawn(process.execPath, args, { stdio: 'ignore' })
  const ended = once(child, 'exit')
  await until('a snapshot', () => (existsSync(file) && linesOf(file).length > 1) || undefined)
  child.kill('SIGTERM')
  expect(await ended).toEqual([null, 'SIGTERM'])
})

test('HAProxy may be gone for a while', async () => {
  const file = scratch.file('gone')
  const answer = await haproxy.statText()
  const info = Object.entries(await haproxy.info())
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
  let asked = 0
  // Answers every other time, and hangs up at once in between.
  const server = createServer((socket) => {
    const text = asked++ % 2 === 0 ? `${info}\n\n${answer}\n` : ''
    socket.once('data', () => socket.end(text))
  })
  const path = join(folder.folder, 'fake.sock')
  await new Promise<void>((ready) => server.listen(path, ready))
  const args = [cliPath(), 'snapshot', '--socket', path, '-o', file, '--every', '100ms', '--count', '3']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (part) => (said += part))
  const [status] = await once(child, 'close')
  server.close()
  expect([status, readCounters(readFileSync(file, 'latin1')).length]).toEqual([0, 3])
  expect(said).toMatch(/warning: .*gave no counters.*\[snapshot-missed\]/)
})

test.each<[string, readonly string[], number, RegExp]>([
  ['a file that is something else', ['-o', 'other'], 6, /other: it holds something else/],
  ['a folder that is not there', ['-o', 'nosuch/file'], 6, /no such/],
  ['no file', [], 2, /-o/],
  ['a count without a beat', ['-o', 'x', '--count', '3'], 2, /--every/],
  ['a beat too fast', ['-o', 'x', '--every', '1ms'], 2, /100ms/],
])('%s: refused', (_, args, code, what) => {
  writeFileSync(scratch.file('other'), 'a log\n')
  const { status, stderr } = haproxyBytes(['snapshot', '--socket', haproxy.socket, ...args], {
    cwd: scratch.path,
  })
  expect([status, stderr]).toEqual([code, expect.stringMatching(what)])
  expect(readFileSync(scratch.file('other'), 'utf8')).toBe('a log\n')
})

test.each<[string, () => void, RegExp]>([
  ['its own', () => {}, /mode 660 group NAME/],
  [
    'a group',
    () => {
      chownSync(haproxy.socket, 0, groupId('adm'))
      chmodSync(haproxy.socket, 0o660)
    },
    /takes the group adm/,
  ],
])('a socket that it may not ask, with %s: says whose it is', (_, prepare, remedy) => {
  chmodSync(folder.folder, 0o755)
  prepare()
  const who = [
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    '--inh-caps=-all',
    process.execPath,
    cliPath(),
  ]
  const args = [...who, 'snapshot', '--socket', haproxy.socket, '-o', '/dev/null']
  const { status, stderr } = spawnSync('setpriv', args, { encoding: 'utf8', timeout: 20_000 })
  expect([status, stderr]).toEqual([6, expect.stringMatching(/permission denied/)])
  expect(stderr).toMatch(remedy)
})

const groupId = (name: string): number =>
  Number(
    readFileSync('/etc/group', 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.split(':')[2],
  )
