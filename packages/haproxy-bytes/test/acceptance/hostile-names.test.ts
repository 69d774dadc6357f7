import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentsOf } from '../schema/documents.ts'
import { haproxyBytes } from '../support/cli.ts'
import { httpLine } from '../support/http-lines.ts'
import { Scratch } from '../support/scratch.ts'

/** What somebody who can send lines to a syslog server may call a host; syslog forbids none of it but blanks. */
const HOSTS = [
  '=cmd|"/c_calc"!A1',
  '+1+1',
  '-2+3',
  '@SUM(A1)',
  '<script>alert(1)</script>',
  '"quoted"',
  'back\\slash',
  'new\\nline',
  '}evil{x="1"}',
  'title\x1b]0;owned\x07',
  'clear\x1b[2J',
  'bidi\u202egpj.exe',
  'c1\x9b31m',
  'comma,semi;colon',
  '|pipe',
  '%percent',
]
const scratch = new Scratch()
const run = (...args: string[]) => haproxyBytes(args, { cwd: scratch.path })
/** What a terminal obeys, or is fooled by. */
const OBEYED = /(?![\n\r\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u

beforeAll(() => {
  const lines = HOSTS.map((host, index) => httpLine({ host, bytes: 1000 - index }))
  writeFileSync(scratch.file('haproxy.log'), lines.join(''))
  writeFileSync(scratch.file('unread.log'), 'rubbish \x1b[2J\x07 =1+1 \u202e\n')
})
afterAll(() => scratch[Symbol.dispose]())

test('each is a host of its own, whatever it is called', () => {
  const [document] = documentsOf(run('haproxy.log', '--by', 'host', '--json').stdout)
  const groups = document?.groups as { key: { host: string }; bytesOut: number }[]
  // A character a byte, as nobody knows what syslog's bytes mean.
  expect(groups.map(({ key }) => key.host)).toEqual(HOSTS.map((host) => Buffer.from(host).toString('latin1')))
})

describe('nothing is obeyed by a terminal', () => {
  test.each([[[]], [['--csv']], [['--prom', '/dev/stdout']]])('%j', (form) => {
    const args = form.includes('/dev/stdout') ? ['--prom', 'x.prom'] : form
    const { status, stdout, stderr } = run('haproxy.log', '--by', 'host', ...args)
    expect(status).toBe(0)
    const shown = form.includes('/dev/stdout') ? readFileSync(scratch.file('x.prom'), 'utf8') : stdout
    expect(`${shown}${stderr}`).not.toMatch(OBEYED)
    expect(shown).toContain('\\x1b')
  })

  test.each([[[]], [['--json']]])('of a line that nobody can read: %j', (form) => {
    const { status, stdout, stderr } = run('unread.log', ...form)
    expect([status, stderr.includes('rubbish')]).toEqual([3, true])
    expect(`${stdout}${stderr}`).not.toMatch(OBEYED)
  })
})

test('no cell of the CSV begins a formula', () => {
  const rows = run('haproxy.log', '--by', 'host', '--csv').stdout.split('\r\n').slice(1, -1)
  expect(rows).toHaveLength(HOSTS.length)
  for (const row of rows) expect(row).not.toMatch(/^"?[=+\-@|%\t]/)
  expect(rows).toContain(`"'-2+3",1,998,,1,0,0,0,0`)
})

test('a label of a metric ends where its name ends', () => {
  run('haproxy.log', '--by', 'host', '--prom', 'x.prom')
  const lines = readFileSync(scratch.file('x.prom'), 'utf8').trimEnd().split('\n')
  // The grammar of the exposition format, version 0.0.4.
  const sample = /^[a-zA-Z_:][a-zA-Z0-9_:]*(?:\{[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*"\})? \d+(?:\.\d+)?$/
  const samples = lines.filter((line) => !line.startsWith('# '))
  expect(samples.filter((line) => !sample.test(line))).toEqual([])
  expect(samples.filter((line) => line.startsWith('haproxy_bytes_requests{'))).toHaveLength(HOSTS.length)
})

test('a partial result carries them to the same figures', () => {
  writeFileSync(scratch.file('part'), run('haproxy.log', '--by', 'host', '--partial').stdout)
  const [merged] = documentsOf(run('merge', 'part', '--json').stdout)
  const [whole] = documentsOf(run('haproxy.log', '--by', 'host', '--json').stdout)
  expect({ ...merged, schema: '' }).toEqual({ ...whole, schema: '' })
})
