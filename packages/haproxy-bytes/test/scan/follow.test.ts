import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Zone } from '../../src/clock/index.ts'
import { parseLogFormat } from '../../src/log-format/index.ts'
import { readLogs, type ScannedLog, type ScanResult, type ScanWarning } from '../../src/scan/index.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'haproxy-bytes-follow-'))
  path = join(folder, 'haproxy.log')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const lines = (first: number, last: number): string =>
  Array.from({ length: last - first }, (_, n) => `192.0.2.1 ${first + n}\n`).join('')

/** Reads the log on, and counts the bytes of its transfers: every line has its number there. */
class Following {
  readonly seen: number[] = []
  readonly warnings: ScanWarning[] = []
  readonly #stop = new AbortController()
  readonly #result: Promise<ScanResult>
  #waiting: { readonly count: number; readonly done: () => void } | undefined

  constructor(onTick: (logs: readonly ScannedLog[]) => Promise<void> = async () => {}, operands = [path]) {
    this.#result = readLogs(
      operands,
      {
        formats: [parseLogFormat('%ci %B')],
        zone: new Zone('UTC'),
        signal: this.#stop.signal,
        follow: { every: 20, onTick },
        onWarning: (warning) => this.warnings.push(warning),
      },
      {
        line: (reading) => {
          this.seen.push(reading.kind === 'transfer' ? (reading.transfer.bytesOut ?? -1) : -1)
          if (this.#waiting && this.seen.length >= this.#waiting.count) this.#waiting.done()
        },
      },
    )
  }

  async until(count: number): Promise<void> {
    if (this.seen.length >= count) return
    const reached = new Promise<void>((done) => {
      this.#waiting = { count, done }
    })
    await Promise.race([reached, this.#result])
  }

  async stop(): Promise<ScanResult> {
    this.#stop.abort()
    return await this.#result
  }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

describe('every line once, over', () => {
  test('growth, by lines and by parts of lines', async () => {
    writeFileSync(path, lines(0, 10))
    const following = new Following()
    await following.until(10)
    appendFileSync(path, `${lines(10, 20)}192.0.`)
    await following.until(20)
    appendFileSync(path, `2.1 20\n${lines(21, 30)}`)
    await following.until(30)
    const { logs, failures } = await following.stop()
    expect(following.seen).toEqual(upTo(30))
    expect([logs.length, failures, following.warnings]).toEqual([1, [], []])
  })

  test('what was written just before it was stopped', async () => {
    writeFileSync(path, lines(0, 10))
    const following = new Following()
    await following.until(10)
    appendFileSync(path, lines(10, 5000))
    await following.stop()
    expect(following.seen).toEqual(upTo(5000))
  })

  test('a new file of the name, though the writer goes on with the old one for a while', async () => {
    writeFileSync(path, lines(0, 10))
    const writer = openSync(path, 'a')
    const following = new Following()
    await following.until(10)
    renameSync(path, `${path}.1`)
    writeFileSync(path, '')
    writeSync(writer, lines(10, 20))
    await following.until(20)
    writeSync(writer, lines(20, 25))
    closeSync(writer)
    writeFileSync(path, lines(25, 40))
    await following.until(40)
    const { logs } = await following.stop()
    expect(following.seen).toEqual(upTo(40))
    expect(logs.map(({ to }) => to)).toEqual([lines(0, 25).length, lines(25, 40).length])
  })

  test('many rotations, with the old log compressed at once', async () => {
    writeFileSync(path, lines(0, 10))
    const following = new Following()
    for (let turn = 1; turn < 6; turn++) {
      await following.until(turn * 10)
      renameSync(path, `${path}.${turn}`)
      execFileSync('gzip', [`${path}.${turn}`])
      writeFileSync(path, lines(turn * 10, turn * 10 + 10))
    }
    await following.until(60)
    await following.stop()
    expect(following.seen).toEqual(upTo(60))
  })

  test('a log that is gone for a while', async () => {
    writeFileSync(path, lines(0, 10))
    const following = new Following()
    await following.until(10)
    rmSync(path)
    appendFileSync(path, lines(10, 20))
    await following.until(20)
    await following.stop()
    expect(following.seen).toEqual(upTo(20))
  })

  test('copytruncate, also where more is written at once than there was', async () => {
    writeFileSync(path, lines(0, 10))
    const following = new Following()
    await following.until(10)
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
    appendFileSync(path, lines(10, 100))
    await following.until(100)
    await following.stop()
    expect(following.seen).toEqual(upTo(100))
  })

  test.each(['haproxy.log.1', 'haproxy.log-20261121'])(
    'copytruncate of lines that nobody has looked at, which are in %s',
    async (copy) => {
      writeFileSync(path, lines(0, 10))
      writeFileSync(`${path}.7`, lines(500, 600))
      const following = new Following()
      await following.until(10)
      // Without a turn of the event loop between them nobody can look.
      appendFileSync(path, lines(10, 20))
      copyFileSync(path, join(folder, copy))
      writeFileSync(path, lines(20, 50))
      await following.until(50)
      await following.stop()
      expect(following.seen).toEqual(upTo(50))
      expect(following.warnings).toEqual([{ code: 'copied', path, as: join(folder, copy) }])
    },
  )

  test('copytruncate to where it is not found is told', async () => {
    writeFileSync(path, lines(0, 20))
    const following = new Following()
    await following.until(20)
    writeFileSync(path, lines(20, 30))
    await following.until(30)
    await following.stop()
    expect(following.seen).toEqual(upTo(30))
    expect(following.warnings).toEqual([{ code: 'shrank', path, offset: lines(20, 30).length }])
  })

  test('a series that was rotated before, of which only the last is read on', async () => {
    writeFileSync(`${path}.2`, lines(0, 10))
    execFileSync('gzip', [`${path}.2`])
    writeFileSync(`${path}.1`, lines(10, 20))
    writeFileSync(path, lines(20, 30))
    const following = new Following(undefined, [`${path}*`])
    await following.until(30)
    appendFileSync(path, lines(30, 40))
    await following.until(40)
    await following.stop()
    expect(following.seen).toEqual(upTo(40))
  })
})

test('a line that is not complete when it is stopped is told, and not counted', async () => {
  writeFileSync(path, `${lines(0, 10)}192.0.2.1 1`)
  const following = new Following()
  await following.until(10)
  await following.stop()
  expect(following.seen).toEqual(upTo(10))
  expect(following.warnings).toEqual([{ code: 'unfinished-line', path, offset: lines(0, 10).length }])
})

test('what is told in between are whole lines, as far as the log is read', async () => {
  writeFileSync(path, lines(0, 10))
  const lengths: number[] = []
  let ticked: (() => void) | undefined
  const following = new Following(async (logs) => {
    lengths.push(logs[0]?.to ?? -1)
    ticked?.()
  })
  await following.until(10)
  await new Promise<void>((resolve) => {
    ticked = resolve
    appendFileSync(path, lines(10, 20))
  })
  await following.stop()
  expect(lengths.length).toBeGreaterThan(0)
  for (const length of lengths) expect(readFileSync(path, 'latin1')[length - 1]).toBe('\n')
  expect(statSync(path).size).toBe(lines(0, 20).length)
})

test('a beat that fails ends it', async () => {
  writeFileSync(path, lines(0, 10))
  const following = new Following(async () => {
    throw new Error('no space left')
  })
  await expect(following.until(11)).rejects.toThrow('no space left')
})
