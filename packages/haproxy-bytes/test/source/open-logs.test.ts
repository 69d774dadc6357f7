import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type OpenedLogs, openLogs } from '../../src/source/index.ts'

let folder: string
let opened: OpenedLogs[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'haproxy-bytes-series-'))
  opened = []
})
afterEach(async () => {
  for (const { logs } of opened) for (const log of logs) await log.close()
  rmSync(folder, { recursive: true, force: true })
})

const at = (name: string): string => join(folder, name)
const lines = (first: number, last: number): string =>
  Array.from({ length: last - first }, (_, n) => `line ${first + n}\n`).join('')
const write = (name: string, text: string): void => writeFileSync(at(name), text)
const gzip = (name: string): void => void execFileSync('gzip', ['-k', at(name)])

async function open(...operands: readonly string[]): Promise<OpenedLogs> {
  const result = await openLogs(operands)
  opened.push(result)
  return result
}

async function read(...operands: readonly string[]) {
  const { logs, duplicates } = await open(...operands)
  const parts: Buffer[] = []
  for (const log of logs) for await (const chunk of log.chunks()) parts.push(Buffer.from(chunk))
  const short = (path: string): string => path.slice(folder.length + 1)
  return {
    text: Buffer.concat(parts).toString(),
    names: logs.map(({ path }) => short(path)),
    left: duplicates.map(({ path, as, contained }) => [short(path), short(as), contained]),
  }
}

describe('a rotated series is read once, in its order', () => {
  test('named in any order, by a pattern that the shell did not expand', async () => {
    write('haproxy.log.3', lines(0, 10))
    execFileSync('gzip', [at('haproxy.log.3')])
    write('haproxy.log.2', lines(10, 20))
    execFileSync('zstd', ['-q', '--rm', at('haproxy.log.2')])
    write('haproxy.log.1', lines(20, 30))
    write('haproxy.log', lines(30, 40))
    mkdirSync(at('haproxy.log.d'))
    write('.haproxy.log.hidden', 'not this\n')
    const expected = ['haproxy.log.3.gz', 'haproxy.log.2.zst', 'haproxy.log.1', 'haproxy.log']
    expect(await read(at('*hap*.log*'))).toEqual({ text: lines(0, 40), names: expected, left: [] })
    const named = await read(at('haproxy.log'), at('haproxy.log.{1,2.zst}'), at('haproxy.log.3.gz'))
    expect(named).toEqual({ text: lines(0, 40), names: expected, left: [] })
  })

  test('a log and its compressed copy', async () => {
    write('haproxy.log.1', lines(0, 5000))
    gzip('haproxy.log.1')
    expect(await read(at('haproxy.log*'))).toEqual({
      text: lines(0, 5000),
      names: ['haproxy.log.1'],
      left: [['haproxy.log.1.gz', 'haproxy.log.1', false]],
    })
  })

  test('a copy that has grown since', async () => {
    write('haproxy.log', lines(0, 50_000))
    copyFileSync(at('haproxy.log'), at('copy'))
    appendFileSync(at('haproxy.log'), lines(50_000, 50_001))
    const { text, left } = await read(at('copy'), at('haproxy.log'))
    expect(text).toBe(lines(0, 50_001))
    expect(left).toEqual([['copy', 'haproxy.log', true]])
  })

  test('hard links, links, and the same name again', async () => {
    write('haproxy.log', lines(0, 10))
    linkSync(at('haproxy.log'), at('hard'))
    symlinkSync(at('haproxy.log'), at('soft'))
    const { text, left } = await read(at('haproxy.log'), at('hard'), at('soft'), at('haproxy.log'))
    expect(text).toBe(lines(0, 10))
    expect(left).toHaveLength(3)
  })

  test.each([
    ['two logs that begin alike', `start\n${lines(0, 9)}`, `start\n${lines(1, 9)}`],
    ['two empty ones', '', ''],
    ['two without a whole line', 'abc', 'abc'],
  ])('%s are two', async (_, one, other) => {
    write('a', one)
    write('b', other)
    expect(await read(at('a'), at('b'))).toEqual({ text: one + other, names: ['a', 'b'], left: [] })
  })

  test('one that is damaged and its whole copy', async () => {
    write('haproxy.log', lines(0, 50_000))
    gzip('haproxy.log')
    truncateSync(at('haproxy.log.gz'), 40_000)
    const { text, left } = await read(at('haproxy.log.gz'), at('haproxy.log'))
    expect(text).toBe(lines(0, 50_000))
    expect(left).toEqual([['haproxy.log.gz', 'haproxy.log', true]])
  })
})

test('a log that is rotated between opening and reading is read from where it went', async () => {
  write('haproxy.log', lines(0, 10))
  const { logs } = await open(at('haproxy.log'))
  renameSync(at('haproxy.log'), at('haproxy.log.1'))
  write('haproxy.log', lines(10, 20))
  const parts: Buffer[] = []
  for await (const chunk of logs[0]?.chunks() ?? []) parts.push(Buffer.from(chunk))
  expect(Buffer.concat(parts).toString()).toBe(lines(0, 10))
})

test('a line that is being written when its file is opened is read to its end', async () => {
  write('haproxy.log', `${lines(0, 2)}line `)
  const { logs } = await open(at('haproxy.log'))
  appendFileSync(at('haproxy.log'), '2\nline 3\n')
  const parts: Buffer[] = []
  for await (const chunk of logs[0]?.chunks() ?? []) parts.push(Buffer.from(chunk))
  expect(Buffer.concat(parts).toString()).toBe(lines(0, 3))
})

describe('what is no log', () => {
  test.each([
    ['a folder', (): string => folder, 'no-log', /it is a folder/],
    ['a device', (): string => '/dev/zero', 'no-log', /it is a device/],
    ['nothing', (): string => at('none'), 'unreadable', /no such file/],
    ['a pattern that nothing has', (): string => at('none*'), 'unreadable', /no file has such a name/],
  ] as const)('%s', async (_, path, code, message) => {
    write('haproxy.log', lines(0, 10))
    await expect(openLogs([at('haproxy.log'), path()])).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      remedy: expect.any(String),
    })
  })
})

describe('a log that may not be read', () => {
  /** Root may read everything. */
  async function asNobody<T>(act: () => Promise<T>): Promise<T> {
    if (process.geteuid?.() !== 0) return await act()
    const groups = process.getgroups?.() ?? []
    process.setgroups?.([65534])
    process.setegid?.(65534)
    process.seteuid?.(65534)
    try {
      return await act()
    } finally {
      process.seteuid?.(0)
      process.setegid?.(0)
      process.setgroups?.(groups)
    }
  }
  const groupOf = (path: string): string =>
    execFileSync('stat', ['-c', '%G', path], { encoding: 'utf8' }).trim()

  test.each([
    [0o040, /only the group (\S+) may read .*usermod -aG \1 /],
    [0o200, /only its owner may read .*sudo.*chmod g\+r/],
  ])('mode %o', async (mode, remedy) => {
    write('haproxy.log', lines(0, 1))
    chmodSync(folder, 0o755)
    chmodSync(at('haproxy.log'), mode)
    const refused = await asNobody(
      async () => await openLogs([at('haproxy.log')]).catch((error: unknown) => error),
    )
    expect(refused).toMatchObject({ code: 'unreadable', remedy: expect.stringMatching(remedy) })
    expect(refused).toMatchObject({ remedy: expect.stringContaining(groupOf(at('haproxy.log'))) })
  })

  test('nor its folder entered', async () => {
    mkdirSync(at('log'))
    write('log/haproxy.log', lines(0, 1))
    chmodSync(folder, 0o755)
    chmodSync(at('log'), 0o010)
    const refused = await asNobody(
      async () => await openLogs([at('log/haproxy.log')]).catch((error: unknown) => error),
    )
    chmodSync(at('log'), 0o700)
    expect(refused).toMatchObject({ remedy: expect.stringContaining(`may enter ${at('log')}`) })
  })
})
