import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  createReadStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { decompress, type OpenedLog, openLog } from '../../src/source/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'haproxy-bytes-source-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Text that compresses as logs do, and a piece that doesn't. */
const TEXT = Buffer.concat([
  ...Array.from({ length: 20_000 }, (_, n) =>
    Buffer.from(`Nov 21 11:40:28 lb1 haproxy[1]: line ${n * 7919}\n`),
  ),
  randomBytes(300_000),
])

function file(name: string, ...command: readonly [string, ...string[]]): string {
  const plain = join(folder, 'plain')
  writeFileSync(plain, TEXT)
  const path = join(folder, name)
  const [program, ...args] = command
  writeFileSync(path, execFileSync(program, [...args, plain], { maxBuffer: 1 << 28 }))
  return path
}

const opened: OpenedLog[] = []
async function open(path: string): Promise<OpenedLog> {
  const log = await openLog(path)
  opened.push(log)
  return log
}
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close()
})

async function allOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of chunks) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}

describe('a log is read by what it holds, whatever it is called', () => {
  test.each([
    ['plain', ['cat'], 'none'],
    ['log.1.gz', ['gzip', '-c'], 'gzip'],
    ['log.2', ['gzip', '-c'], 'gzip'],
    ['log.3.zst', ['zstd', '-c', '-q'], 'zstd'],
  ] as [string, [string, ...string[]], string][])('%s', async (name, command, compression) => {
    const log = await open(file(name, ...command))
    expect(log.compression).toBe(compression)
    expect((await allOf(log.chunks())).equals(TEXT)).toBe(true)
  })

  test('gzip members one after the other, as a shipper appends them', async () => {
    const path = file('members.gz', 'gzip', '-c')
    writeFileSync(path, Buffer.concat([readFileSync(path), readFileSync(path)]))
    expect((await allOf((await open(path)).chunks())).length).toBe(2 * TEXT.length)
  })

  test('an empty file', async () => {
    const path = join(folder, 'empty')
    writeFileSync(path, '')
    expect(await allOf((await open(path)).chunks())).toHaveLength(0)
  })

  test('its time is that of its last change', async () => {
    const path = file('dated', 'cat')
    utimesSync(path, 1000, 2000)
    const log = await open(path)
    expect(log.modified).toBe(2_000_000)
  })
})

describe.each(['program', 'script'] as const)('zstd by %s', (reader) => {
  const unpacked = (path: string): AsyncIterable<Uint8Array> =>
    decompress(createReadStream(path), 'zstd', { reader })

  test('the same text', async () => {
    expect((await allOf(unpacked(file('a.zst', 'zstd', '-c', '-q')))).equals(TEXT)).toBe(true)
  })

  test('one that was cut off is an error', async () => {
    const path = file('cut.zst', 'zstd', '-c', '-q')
    truncateSync(path, 5000)
    await expect(allOf(unpacked(path))).rejects.toThrow()
  })

  test('one that wants a window of 256 MiB is refused', async () => {
    const path = join(folder, 'window.zst')
    const input = Buffer.concat([TEXT, Buffer.alloc(300 << 20)])
    writeFileSync(
      path,
      execFileSync('zstd', ['-c', '-q', '--long=28', '--stream-size=300000000', '-1'], {
        input,
        maxBuffer: 1 << 28,
      }),
    )
    await expect(allOf(unpacked(path))).rejects.toThrow()
  })
})

test('a zstd file is read from its beginning each time, and tells where it was cut off', async () => {
  const path = file('twice.zst', 'zstd', '-c', '-q')
  const log = await open(path)
  for (const _ of [1, 2]) expect((await allOf(log.chunks())).equals(TEXT)).toBe(true)
  truncateSync(path, 5000)
  for (const _ of [1, 2])
    await expect(allOf(log.chunks())).rejects.toMatchObject({ name: 'DamagedError', offset: 5000 })
})

test('a gzip file that was cut off is an error, after all that gzip could read', async () => {
  const path = file('cut.gz', 'gzip', '-c')
  truncateSync(path, 50_000)
  const parts: Buffer[] = []
  const { chunks } = await open(path)
  await expect(
    (async () => {
      for await (const chunk of chunks()) parts.push(Buffer.from(chunk))
    })(),
  ).rejects.toMatchObject({ name: 'DamagedError', offset: 50_000 })
  const { stdout } = spawnSync('gzip', ['-dc', path], { maxBuffer: 1 << 28 })
  expect(stdout.length).toBeGreaterThan(100_000)
  expect(Buffer.concat(parts).equals(stdout)).toBe(true)
})

test('bytes after a gzip file are told of, as gzip does', async () => {
  const path = file('garbage.gz', 'gzip', '-c')
  const { length } = readFileSync(path)
  for (const garbage of ['not compressed at all', 'x'.repeat(200_000)]) {
    truncateSync(path, length)
    appendFileSync(path, garbage)
    const places: number[] = []
    const log = await open(path)
    expect((await allOf(log.chunks({ onGarbage: (offset) => places.push(offset) }))).equals(TEXT)).toBe(true)
    expect(places).toEqual([length])
  }
})
