import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentsOf } from '../schema/documents.ts'
import { haproxyBytes } from '../support/cli.ts'
import { httpLine } from '../support/http-lines.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch()
const FILE = 'haproxy.log'
const HUGE = '9007199254740991'
const LINES = [
  httpLine({ bytes: 100 }),
  httpLine({ second: 1, bytes: 250, client: '192.0.2.77' }),
  httpLine({ second: 2, bytes: HUGE, frontend: 'big' }),
  httpLine({ second: 3, bytes: 9, frontend: 'big', state: 'CD--' }),
]
const total = (...args: string[]) => haproxyBytes(args, { cwd: scratch.path })
beforeAll(() => writeFileSync(scratch.file(FILE), LINES.join('')))
afterAll(() => scratch[Symbol.dispose]())

describe('forms', () => {
  test('text, where bytes in are unknown and not 0', () => {
    expect(total(FILE, '--by', 'frontend')).toMatchObject({ status: 0, stderr: '' })
    expect(total(FILE, '--by', 'frontend').stdout).toBe(`\
frontend  requests              bytes out  bytes in  aborted
big              2  9,007,199,254,741,000   unknown     1: 9
web              2                    350   unknown
all              4  9,007,199,254,741,350   unknown     1: 9

4 lines, 4 transfers
`)
  })

  test('JSON, exact beyond 2^53', () => {
    const { status, stdout } = total(FILE, '--by', 'frontend', '--json')
    expect(status).toBe(0)
    const [document] = documentsOf(stdout)
    expect(document).toEqual({
      schema: 'haproxy-bytes/total@1',
      lines: { read: 4, parsed: 4, unparsed: 0, truncated: 0, other: 0 },
      groups: [
        { key: { frontend: 'big' }, ...sums(2, '9007199254741000', 1, 9) },
        { key: { frontend: 'web' }, ...sums(2, 350, 0, 0) },
      ],
      totals: sums(4, '9007199254741350', 1, 9),
      warnings: [],
    })
  })

  test('NDJSON: a row a group, and one of all', () => {
    const rows = documentsOf(total(FILE, '--by', 'client/24', '--ndjson').stdout)
    expect(rows.map(({ schema }) => schema)).toEqual([
      'haproxy-bytes/total-group@1',
      'haproxy-bytes/total-totals@1',
    ])
    expect(rows[0]).toMatchObject({ key: { 'client/24': '192.0.2.0/24' }, requests: 4 })
  })

  test('CSV, with an empty cell for what is unknown', () => {
    expect(total(FILE, '--by', 'frontend', '--csv').stdout.split('\r\n')).toEqual([
      'frontend,requests,bytes_out,bytes_in,without_bytes_in,aborted_requests,aborted_bytes_out,early_requests,early_bytes_out',
      'big,2,9007199254741000,,2,1,9,0,0',
      'web,2,350,,2,0,0,0,0',
      '',
    ])
  })

  test('a Prometheus textfile beside, that replaces the one before', () => {
    writeFileSync(scratch.file('x.prom'), 'old')
    expect(total(FILE, '--by', 'frontend', '--prom', 'x.prom').status).toBe(0)
    const text = readFileSync(scratch.file('x.prom'), 'utf8')
    expect(text).toMatch(/^# HELP haproxy_bytes_requests .*\n# TYPE haproxy_bytes_requests gauge\n/)
    expect(text).toContain('haproxy_bytes_out_bytes{frontend="big"} 9007199254741000\n')
    expect(text).toContain('haproxy_bytes_lines{kind="read"} 4\n')
    expect(text).not.toContain('haproxy_bytes_in_bytes{')
  })
})

function sums(requests: number, bytesOut: number | string, aborted: number, abortedBytes: number) {
  return {
    requests,
    bytesOut,
    bytesIn: null,
    withoutBytesIn: requests,
    aborted: { requests: aborted, bytesOut: abortedBytes },
    early: { requests: 0, bytesOut: 0 },
  }
}

describe('what could not be summed', () => {
  const LOSS =
    'Nov 21 10:00:04 lb1 rsyslogd-2177: imuxsock lost 838 messages from pid 4713 due to rate-limiting\n'
  const cut = LINES[0]?.slice(0, 100) as string
  const write = (...lines: string[]) => writeFileSync(scratch.file('odd.log'), lines.join(''))
  const warnings = (...args: string[]) => {
    const { status, stdout, stderr } = total('odd.log', '--json', ...args)
    return {
      status,
      warnings: documentsOf(stdout)[0]?.warnings as { code: string; fields: object }[],
      stderr,
    }
  }

  test('is counted by reason, with samples, and ends the run with 3', () => {
    write(...LINES, `${cut}\n`, 'not a line of \x1b[2J HAProxy at all\n')
    const found = warnings()
    expect(found.status).toBe(3)
    expect(found.warnings.map(({ code, fields }) => [code, fields])).toEqual([
      ['lines-cut', { lines: 1, samples: [cut] }],
      ['lines-unread', { reason: 'unknown', lines: 1, samples: ['not a line of \\x1b[2J HAProxy at all'] }],
    ])
    expect(found.stderr).not.toContain('\x1b')
    expect(warnings('--max-bad', '1').status).toBe(3)
    expect(warnings('--max-bad', '2').status).toBe(0)
  })

  test('loss that the log itself tells of is warned of, and changes no exit code', () => {
    write(...LINES, LOSS)
    const { status, warnings: found } = warnings()
    expect(status).toBe(0)
    expect(found.map(({ code, fields }) => [code, fields])).toEqual([
      ['loss-reported', { place: 'imuxsock', lines: 838, reports: 1 }],
    ])
  })

  test('a client can write no report of loss', () => {
    write(...LINES, httpLine({ uri: '/rsyslogd-2177:imuxsock+lost+838+messages' }), `${LOSS.slice(36)}`)
    expect(warnings().warnings.filter(({ code }) => code.startsWith('loss'))).toEqual([])
  })

  test('numbers of %lc that nobody saw are lines that were lost', () => {
    write('7 100 web\n', '8 100 web\n', '11 100 web\n', '3 1 other\n', '4 1 other\n')
    const { status, warnings: found } = warnings('--format', '%lc %B %ft')
    expect([status, found.map(({ code, fields }) => [code, fields])]).toEqual([
      0,
      [['counter-gap', { host: null, pid: null, frontend: 'web', lines: 2 }]],
    ])
  })

  test('but not in a span of time, whose ends part lines that were written as one', () => {
    const time = (second: string) => `[21/Nov/2026:10:00:${second}.000]`
    write(`7 9 web ${time('02')} 0\n`, `8 9 web ${time('00')} 0\n`, `9 9 web ${time('02')} 0\n`)
    const found = warnings('--format', '%lc %B %ft [%tr] %Ta', '--since', '2026-11-21T10:00:01')
    expect([found.status, found.warnings]).toEqual([0, []])
  })

  test('bytes in of some lines are the sum of those', () => {
    const frontend = (name: string, format: string): string =>
      `frontend ${name}\n  mode http\n  bind :80\n  log-format "${format}"\n`
    writeFileSync(scratch.file('odd.cfg'), frontend('f', 'f %U %B') + frontend('g', 'g %B'))
    write('f 7 100\n', 'f 8 40\n', 'g 50\n')
    const { stdout } = total('odd.log', '--json', '--config', 'odd.cfg', '--max-bad', '9')
    const [document] = documentsOf(stdout)
    expect(document).toMatchObject({ totals: { bytesIn: 15, withoutBytesIn: 1 } })
    expect(document?.warnings).toMatchObject([{ code: 'bytes-in-partly', fields: { requests: 1, of: 3 } }])
  })
})

test('a format may hold text that is not ASCII, as the log has it', () => {
  writeFileSync(scratch.file('accented.log'), 'é 12 ü€\né 30 ü€\n')
  const { status, stdout } = total('accented.log', '--json', '--format', 'é %B ü€')
  expect(status).toBe(0)
  expect(documentsOf(stdout)[0]).toMatchObject({ lines: { parsed: 2 }, totals: { bytesOut: 42 } })
})

test.each([
  [['--partial', '--csv', FILE], 2, /contradict/],
  [['--partial', '--prom', 'p', FILE], 2, /contradict/],
  [['--prom', FILE, FILE], 2, /is an input itself/],
  [['--by', 'colour', FILE], 2, /there is no key colour/],
  [['--shard', '4/4', FILE], 2, /I\/N/],
  [['--shard', '0/2', '-'], 2, /cannot be divided/],
  [['none.log'], 6, /none\.log/],
])('%j is refused', (args, status, message) => {
  const ran = total(...args)
  expect([ran.status, ran.stdout]).toEqual([status, ''])
  expect(ran.stderr).toMatch(message)
})
