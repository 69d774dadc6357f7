import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
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
import type { Readable } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import { decompress, openLog } from '../../src/source/index.ts'

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

async function allOf(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

describe('a log is read by what it holds, whatever it is called', () => {
  test.each([
    ['plain', ['cat'], 'none'],
    ['log.1.gz', ['gzip', '-c'], 'gzip'],
    ['log.2', ['gzip', '-c'], 'gzip'],
    ['log.3.zst', ['zstd', '-c', '-q'], 'zstd'],
  ] as [string, [string, ...string[]], string][])('%s', async (name, command, compression) => {
    const log = await openLog(file(name, ...command))
    expect(log.compression).toBe(compression)
    expect((await allOf(log.chunks)).equals(TEXT)).toBe(true)
  })

  test('gzip members one after the other, as a shipper appends them', async () => {
    const path = file('members.gz', 'gzip', '-c')
    writeFileSync(path, Buffer.concat([readFileSync(path), readFileSync(path)]))
    expect((await allOf((await openLog(path)).chunks)).length).toBe(2 * TEXT.length)
  })

  test('an empty file', async () => {
    const path = join(folder, 'empty')
    writeFileSync(path, '')
    expect(await allOf((await openLog(path)).chunks)).toHaveLength(0)
  })

  test('its time is that of its last change', async () => {
    const path = file('dated', 'cat')
    utimesSync(path, 1000, 2000)
    const log = await openLog(path)
    log.chunks.destroy()
    expect(log.modified).toBe(2_000_000)
  })
})

describe.each(['program', 'script'] as const)('zstd by %s', (reader) => {
  const open = (path: string): Promise<Readable> => decompress(createReadStream(path), 'zstd', reader)

  test('the same text', async () => {
    expect((await allOf(await open(file('a.zst', 'zstd', '-c', '-q')))).equals(TEXT)).toBe(true)
  })

  test('one that was cut off is an error', async () => {
    const path = file('cut.zst', 'zstd', '-c', '-q')
    truncateSync(path, 5000)
    await expect(allOf(await open(path))).rejects.toThrow()
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
    await expect(allOf(await open(path))).rejects.toThrow()
  })
})

test('a gzip file that was cut off is an error, after what could be read', async () => {
  const path = file('cut.gz', 'gzip', '-c')
  truncateSync(path, 50_000)
  let length = 0
  const { chunks } = await openLog(path)
  await expect(
    (async () => {
      for await (const chunk of chunks) length += (chunk as Buffer).length
    })(),
  ).rejects.toThrow(/unexpected end/)
  expect(length).toBeGreaterThan(0)
})
