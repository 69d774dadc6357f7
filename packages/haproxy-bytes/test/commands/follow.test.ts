import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cliPath, haproxyBytes } from '../support/cli.ts'
import { httpLine } from '../support/http-lines.ts'
import { Scratch } from '../support/scratch.ts'

let scratch: Scratch
let child: ChildProcess | undefined
beforeEach(() => {
  scratch = new Scratch()
})
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  scratch[Symbol.dispose]()
})

const LOG = 'haproxy.log'
const PROM = 'haproxy.prom'
const lines = (first: number, last: number): string =>
  Array.from({ length: last - first }, (_, n) => httpLine({ second: first + n, bytes: 1 })).join('')

function follow(...args: readonly string[]): ChildProcess {
  child = spawn(process.execPath, [cliPath(), '--follow', '--every', '20ms', ...args], { cwd: scratch.path })
  return child
}

/** Requests that the file of --prom tells; 0 before there is one. One that is not whole fails. */
function requests(): number {
  if (!existsSync(scratch.file(PROM))) return 0
  const text = readFileSync(scratch.file(PROM), 'utf8')
  expect(text.endsWith('\n')).toBe(true)
  const values = [...text.matchAll(/^haproxy_bytes_requests(?:\{[^}]*\})? (\d+)$/gm)]
  expect(values).toHaveLength(1)
  return Number(values[0]?.[1])
}

/** Resolves when the file of --prom tells at least so many requests. */
async function told(count: number): Promise<void> {
  const watcher = watch(scratch.path)
  try {
    while (requests() < count) await once(watcher, 'change')
  } finally {
    watcher.close()
  }
}

test('totals to the end, then it dies by the signal', async () => {
  writeFileSync(scratch.file(LOG), lines(0, 5))
  const running = follow(LOG, '--prom', PROM, '--json')
  let printed = ''
  running.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  await told(5)
  appendFileSync(scratch.file(LOG), lines(5, 12))
  await told(12)
  renameSync(scratch.file(LOG), scratch.file(`${LOG}.1`))
  writeFileSync(scratch.file(LOG), lines(12, 20))
  await told(20)
  running.kill('SIGTERM')
  expect(await once(running, 'close')).toEqual([null, 'SIGTERM'])
  expect(JSON.parse(printed)).toMatchObject({ lines: { read: 20, parsed: 20 }, totals: { bytesOut: 20 } })
})

describe('killed while it writes', () => {
  test.each([1, 2, 3])('what is there is whole, and a new run goes on (%i)', async (round) => {
    writeFileSync(scratch.file(`${LOG}.1`), lines(0, 7))
    writeFileSync(scratch.file(LOG), lines(7, 10))
    const running = follow(`${LOG}*`, '--prom', PROM)
    await told(10)
    for (let n = 10; n < 10 + round * 3; n++) appendFileSync(scratch.file(LOG), lines(n, n + 1))
    await told(10 + round)
    running.kill('SIGKILL')
    await once(running, 'close')
    const before = requests()
    expect(before).toBeGreaterThanOrEqual(10 + round)
    appendFileSync(scratch.file(LOG), lines(10 + round * 3, 40))
    const again = follow(`${LOG}*`, '--prom', PROM)
    await told(40)
    again.kill('SIGINT')
    await once(again, 'close')
    expect(requests()).toBe(40)
    expect(readdirSync(scratch.path).sort()).toEqual([LOG, `${LOG}.1`, PROM])
  })
})

test('a log cannot be followed in shards', () => {
  writeFileSync(scratch.file(LOG), lines(0, 1))
  const { status, stderr } = haproxyBytes(['--follow', '--shard', '0/2', LOG], { cwd: scratch.path })
  expect([status, stderr]).toEqual([2, expect.stringContaining('contradict')])
})
