import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentsOf } from '../schema/documents.ts'
import { haproxyBytes } from '../support/cli.ts'
import { httpLine } from '../support/http-lines.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch()
afterAll(() => scratch[Symbol.dispose]())

/** Lengths differ from line to line, so that a cut falls anywhere within one. */
const FRONTENDS = ['web', 'api', 'a-longer-name']
const BLOCK = Array.from({ length: 9000 }, (_, number) => ({
  second: number % 3600,
  bytes: 37 * number + 11,
  frontend: FRONTENDS[number % FRONTENDS.length] as string,
  uri: `/${'x'.repeat(number % 97)}`,
}))
/** Two parts of it are worth a thread each: 64 MiB. */
const REPEATS = 95

/** What the lines say, added up without reading them. */
function sums(times: number) {
  return FRONTENDS.map((frontend) => {
    const lines = BLOCK.filter((line) => line.frontend === frontend)
    return {
      key: { frontend },
      requests: lines.length * times,
      bytesOut: lines.reduce((sum, { bytes }) => sum + bytes, 0) * times,
    }
  }).sort((a, b) => b.bytesOut - a.bytesOut)
}

function totals(threads: number, ...logs: string[]) {
  const args = [...logs, '--by', 'frontend', '--json', '--threads', String(threads)]
  const ran = haproxyBytes(args, { cwd: scratch.path, env: { NODE_DEBUG: 'worker' } })
  expect(ran.status, ran.stderr).toBe(0)
  return { stdout: ran.stdout, usedThreads: /^WORKER /m.test(ran.stderr) }
}

describe.each([
  ['parts of a plain log', ['large.log']],
  ['compressed logs', ['a.gz', 'b.gz', 'c.gz']],
])('%s', (_, logs) => {
  beforeAll(() => {
    const block = BLOCK.map(httpLine).join('')
    if (logs.length === 1) writeFileSync(scratch.file('large.log'), block.repeat(REPEATS))
    // Stored, not deflated: as large as what holds more lines. No two are the same log.
    else
      for (const [number, name] of logs.entries()) {
        const lines = block.replaceAll('lb1', `lb${number + 1}`).repeat(4)
        writeFileSync(scratch.file(name), gzipSync(lines, { level: 0 }))
      }
  })

  test('have the sums of their lines, and of one thread, byte for byte', () => {
    const [one, two] = [totals(1, ...logs), totals(2, ...logs)]
    expect([one.usedThreads, two.usedThreads]).toEqual([false, true])
    expect(two.stdout).toBe(one.stdout)
    const [document] = documentsOf(two.stdout)
    const expected = sums(logs.length === 1 ? REPEATS : 4 * logs.length)
    expect(document?.groups).toMatchObject(expected)
    expect(document?.lines).toMatchObject({
      read: expected.reduce((sum, { requests }) => sum + requests, 0),
      unparsed: 0,
      truncated: 0,
      other: 0,
    })
  })
})
