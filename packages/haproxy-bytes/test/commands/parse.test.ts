import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasFormat, SENT_LINES } from '../fixtures/lines.ts'
import { cliPath, haproxyBytes, type Ran } from '../support/cli.ts'
import { httpLine } from '../support/http-lines.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch()
const FILE = 'haproxy.log'
const HOSTILE = '=cmd|calc\u001b[2J'
const LINES = [
  httpLine({ bytes: 100 }),
  httpLine({ second: 1, bytes: 250, client: '192.0.2.77', server: 's2' }),
  'Nov 21 10:00:02 lb1 haproxy[7]: Proxy web stopped.\n',
  httpLine({ second: 3, bytes: 9, server: 's2', state: 'CD--', uri: `/?a=b,${HOSTILE}` }),
]
const parse = (...args: string[]): Ran => haproxyBytes(['parse', ...args], { cwd: scratch.path })
const rowsOf = ({ stdout }: Ran): Record<string, unknown>[] =>
  stdout
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
beforeAll(() => writeFileSync(scratch.file(FILE), LINES.join('')))
afterAll(() => scratch[Symbol.dispose]())

describe('forms', () => {
  test('a table, in which nothing of a log is obeyed', () => {
    const { status, stdout } = parse(FILE)
    expect(status).toBe(0)
    expect(stdout).toBe(`\
ended                client           frontend  backend/server  status  bytes out  ms  state  request
2026-11-21 10:00:00  192.0.2.1:4000   web       app/s1             200        100   3  ----   GET / HTTP/1.1
2026-11-21 10:00:01  192.0.2.77:4000  web       app/s2             200        250   3  ----   GET / HTTP/1.1
2026-11-21 10:00:03  192.0.2.1:4000   web       app/s2             200          9   3  CD--   GET /?a=b,=cmd|calc\\x1b[2J HTTP/1.1
`)
  })

  test('NDJSON, by the names of the log-format', () => {
    expect(rowsOf(parse(FILE, '--ndjson', '--where', 'server=s1'))).toEqual([
      {
        ...{ ci: '192.0.2.1', cp: 4000, tr: '21/Nov/2026:10:00:00.000', ft: 'web', b: 'app', s: 's1' },
        ...{ TR: 0, Tw: 0, Tc: 1, Tr: 2, Ta: 3, ST: 200, B: 100, CC: null, CS: null, tsc: '----' },
        ...{ ac: 1, fc: 1, bc: 0, sc: 0, rc: 0, sq: 0, bq: 0, hr: null, hs: null, r: 'GET / HTTP/1.1' },
      },
    ])
  })

  test('one JSON document', () => {
    const { schema, rows, lines } = JSON.parse(parse(FILE, '--json').stdout)
    expect([schema, rows.length, lines.other]).toEqual(['haproxy-bytes/parse@1', 3, 1])
  })

  test('CSV in which no cell starts a formula and no control character is left', () => {
    writeFileSync(scratch.file('formula'), '-1 5 =1+1\n200 6 a,\u001b[2J\n')
    const { stdout } = parse('formula', '--csv', '--format', '%ST %B %[req.hdr(a)]')
    expect(stdout).toBe(`ST,B,req.hdr(a)\r\n-1,5,"'=1+1"\r\n200,6,"a,\\x1b[2J"\r\n`)
  })

  test('lines byte for byte, without those that are no transfers', () => {
    const bytes = SENT_LINES.filter(hasFormat)
      .slice(0, 20)
      .flatMap((line) => [line.bytes, Buffer.from('\n')])
    const odd = Buffer.from(LINES[0]?.replace('GET /', 'GET /\xe9\xff\x00\x1b') ?? '', 'latin1')
    writeFileSync(scratch.file('raw'), Buffer.concat([odd, Buffer.from(LINES[2] as string), ...bytes]))
    const { stdout } = spawnSync(process.execPath, [cliPath(), 'parse', scratch.file('raw'), '--raw', '-q'])
    expect(stdout.equals(Buffer.concat([odd, ...bytes]))).toBe(true)
  })

  test.each([
    ['--raw', '--csv'],
    ['--ndjson', '--json'],
  ])('%s and %s exclude each other', (...forms) => {
    expect(parse(FILE, ...forms).status).toBe(2)
  })
})

describe('which transfers', () => {
  test.each<[string[], number[]]>([
    [['server=s2'], [250, 9]],
    [['server=s2', 'ci=192.0.2.77'], [250]],
    [['s=s2', 'B=9'], [9]],
    [['status=200'], [100, 250, 9]],
    [['status=20'], []],
    [['tsc=CD--'], [9]],
    [[`r=GET /?a=b,${HOSTILE} HTTP/1.1`], [9]],
  ])('%j', (conditions, bytes) => {
    const where = conditions.flatMap((condition) => ['--where', condition])
    expect(rowsOf(parse(FILE, '--ndjson', ...where)).map(({ B }) => B)).toEqual(bytes)
  })

  test('of a span of time', () => {
    const span = ['--since', '2026-11-21T10:00:01', '--until', '@1795255203']
    expect(rowsOf(parse(FILE, '--ndjson', ...span)).map(({ B }) => B)).toEqual([250])
    const berlin = ['--since', '2026-11-21T11:00:01+01:00', '--until', '2026-11-21T11:00:03+0100']
    expect(rowsOf(parse(FILE, '--ndjson', ...berlin)).map(({ B }) => B)).toEqual([250])
  })

  test('a field of a fetch, as it is written', () => {
    writeFileSync(scratch.file('fetch'), 'a.example 200 5\nb.example 200 6\n')
    const format = ['--format', '%[req.hdr(host),lower] %ST %B']
    const { stdout } = parse('fetch', '--ndjson', ...format, '--where', 'req.hdr(host),lower=b.example')
    expect(JSON.parse(stdout)).toEqual({ 'req.hdr(host),lower': 'b.example', ST: 200, B: 6 })
  })

  test('a field that no format has is refused', () => {
    const { status, stderr } = parse(FILE, '--where', 'srv=s1')
    expect([status, stderr]).toEqual([2, expect.stringContaining('no format has a field srv')])
  })
})

test('lines that are cut off are left out, told and end the run with 3', () => {
  writeFileSync(scratch.file('cut'), `${LINES[0]}${LINES[1]?.slice(0, 90)}\n`)
  const { status, stderr } = parse('cut', '--raw')
  expect([status, stderr]).toEqual([3, expect.stringContaining('1 lines that are cut off')])
  expect(parse('cut', '--raw', '--max-bad', '1').status).toBe(0)
})

test('a reader that goes away ends it quietly', async () => {
  writeFileSync(scratch.file('long'), LINES.join('').repeat(20_000))
  const child = spawn(process.execPath, [cliPath(), 'parse', scratch.file('long'), '--raw'])
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  child.stdout.once('data', () => child.stdout.destroy())
  expect([await once(child, 'close'), said]).toEqual([[0, null], ''])
})
