import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Zone } from '../../src/clock/index.ts'
import { parseLogFormat } from '../../src/log-format/index.ts'
import { readLogs, type ScanResult, type ScanWarning } from '../../src/scan/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'haproxy-bytes-hostile-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)

const MIB = 1 << 20
const line = (bytes: number): string => `192.0.2.1 ${bytes}\n`
const LINES = Array.from({ length: 50_000 }, (_, n) => line(n)).join('')

interface Read extends ScanResult {
  readonly kinds: Readonly<Record<string, number>>
  readonly bytes: number
  readonly warnings: ScanWarning[]
}

async function read(...operands: readonly string[]): Promise<Read> {
  const kinds: Record<string, number> = {}
  const warnings: ScanWarning[] = []
  let bytes = 0
  const result = await readLogs(
    operands,
    {
      formats: [parseLogFormat('%ci %B')],
      zone: new Zone('UTC'),
      onWarning: (warning) => warnings.push(warning),
    },
    {
      line(reading) {
        kinds[reading.kind] = (kinds[reading.kind] ?? 0) + 1
        if (reading.kind === 'transfer') bytes += reading.transfer.bytesOut ?? 0
      },
    },
  )
  return { ...result, kinds, bytes, warnings }
}

/** MiB by which the memory of this process grows at the most meanwhile. */
async function growth(act: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 5)
  await act()
  clearInterval(timer)
  return (most - before) / MIB
}

describe('memory is bounded', () => {
  test.each([
    ['gzip', 'gzip -c'],
    ['zstd', 'zstd -q -c'],
  ])('whatever %s makes of a small file: a line without an end', async (name, pack) => {
    execFileSync('sh', ['-c', `head -c 300000000 /dev/zero | ${pack} > ${at(name)}`])
    appendFileSync(at(name), execFileSync('sh', ['-c', pack], { input: `\n${line(7)}` }))
    expect(statSync(at(name)).size).toBeLessThan(MIB)
    let found: Read | undefined
    expect(
      await growth(async () => {
        found = await read(at(name))
      }),
    ).toBeLessThan(120)
    expect([found?.kinds, found?.bytes]).toEqual([{ 'too-long': 1, transfer: 1 }, 7])
  })
})

describe('what is damaged counts as far as it goes, and is told with its place', () => {
  test.each([
    ['gzip', 'gzip'],
    ['zstd', 'zstd -q'],
  ])('%s, cut off', async (name, pack) => {
    writeFileSync(at('log'), LINES)
    execFileSync('sh', ['-c', `${pack} -c ${at('log')} > ${at(`cut.${name}`)}`])
    const size = Math.floor(statSync(at(`cut.${name}`)).size / 2)
    truncateSync(at(`cut.${name}`), size)
    const { stdout } = spawnSync(name, ['-dc', at(`cut.${name}`)], { maxBuffer: 1 << 28 })
    const whole = stdout.toString().lastIndexOf('\n') + 1
    const { failures, kinds, warnings } = await read(at(`cut.${name}`))
    expect(failures).toEqual([{ path: at(`cut.${name}`), offset: size, why: expect.any(String) }])
    expect(kinds.transfer).toBe(stdout.toString().slice(0, whole).split('\n').length - 1)
    expect(kinds.transfer).toBeGreaterThan(1000)
    expect(warnings.map(({ code }) => code)).toEqual(whole < stdout.length ? ['unfinished-line'] : [])
  })

  test('gzip with a byte changed: nothing wrong is counted from behind it', async () => {
    writeFileSync(at('log'), LINES)
    execFileSync('sh', ['-c', `gzip -c ${at('log')} > ${at('flipped.gz')}`])
    const bytes = readFileSync(at('flipped.gz'))
    bytes[bytes.length - 6] = (bytes.at(-6) as number) ^ 1
    writeFileSync(at('flipped.gz'), bytes)
    const { failures } = await read(at('flipped.gz'))
    expect(failures).toEqual([expect.objectContaining({ why: 'its checksum is another' })])
  })

  test('the logs after it are read all the same', async () => {
    writeFileSync(at('sound'), line(5))
    const { failures, bytes } = await read(at('flipped.gz'), at('sound'))
    expect([failures.length, bytes]).toEqual([1, 5 + (49_999 * 50_000) / 2])
  })

  test('bytes after gzip that are none of it', async () => {
    writeFileSync(at('garbage.gz'), execFileSync('gzip', ['-c'], { input: LINES }))
    const { size } = statSync(at('garbage.gz'))
    appendFileSync(at('garbage.gz'), 'garbage')
    const { warnings, kinds, failures } = await read(at('garbage.gz'))
    expect([kinds, failures]).toEqual([{ transfer: 50_000 }, []])
    expect(warnings).toEqual([{ code: 'garbage', path: at('garbage.gz'), offset: size }])
  })
})

describe('other kinds of files', () => {
  test.each([
    ['plain', 'cat'],
    ['gzip', 'gzip -c'],
    ['zstd', 'zstd -q -c'],
  ])('a pipe with a name, %s', async (name, pack) => {
    const pipe = at(`pipe-${name}`)
    execFileSync('mkfifo', [pipe])
    const writer = spawn('sh', ['-c', `${pack} > ${pipe}`], { stdio: ['pipe', 'ignore', 'inherit'] })
    writer.stdin.end(LINES)
    const { kinds, logs } = await read(pipe)
    expect(kinds).toEqual({ transfer: 50_000 })
    expect(logs[0]?.to).toBe(LINES.length)
    if (writer.exitCode === null) await once(writer, 'close')
  })

  test('a socket is refused', async () => {
    const server = createServer().listen(at('socket'))
    await once(server, 'listening')
    await expect(read(at('socket'))).rejects.toMatchObject({ code: 'no-log' })
    server.close()
  })

  test('an empty log, and one of a single line feed', async () => {
    writeFileSync(at('empty'), '')
    expect((await read(at('empty'))).kinds).toEqual({})
    writeFileSync(at('feed'), '\n')
    expect((await read(at('feed'))).kinds).toEqual({ other: 1 })
  })
})

describe('a last line without a line feed', () => {
  const HOUR_AGO = Date.now() / 1000 - 3600

  test.each([
    ['that ends within its figure, of a file that is written', 'now', '192.0.2.1 7', { transfer: 1 }],
    ['of which a part is there, of a file that is written', 'now', '192.0', { transfer: 1 }],
    ['of a file that nobody writes', 'before', '192.0.2.1 7', { transfer: 2 }],
    ['of which a part is there, of a file that nobody writes', 'before', '192.0', { transfer: 1, cut: 1 }],
  ])('%s', async (_, when, last, kinds) => {
    writeFileSync(at('last'), line(5) + last)
    if (when === 'before') utimesSync(at('last'), HOUR_AGO, HOUR_AGO)
    const found = await read(at('last'))
    expect(found.kinds).toEqual(kinds)
    const isTold = when === 'now'
    expect(found.warnings).toEqual(
      isTold ? [{ code: 'unfinished-line', path: at('last'), offset: line(5).length }] : [],
    )
  })
})
