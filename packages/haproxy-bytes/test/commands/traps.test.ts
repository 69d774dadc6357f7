import { writeFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { documentsOf } from '../schema/documents.ts'
import { haproxyBytes } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch('traps')
afterAll(() => scratch[Symbol.dispose]())

/** Of httplog; bytes and termination state are what matters. */
const line = (status: number, bytes: string, state: string, more = ''): string =>
  `Nov 21 10:00:00 lb1 haproxy[7]: 192.0.2.1:4000 [21/Nov/2026:10:00:00.000] web app/<NOSRV> 0/-1/-1/-1/0 ${status} ${bytes} - - ${state} 1/1/0/0/0 0/0${more} "GET / HTTP/1.1"\n`

/** Counters that say the same as the lines. */
function counters(version: string, bout: number, h1 = bout, bin = 0): void {
  const row = (sessions: number, bytes: number, wire: number, sent: number): string =>
    `# pxname,svname,scur,stot,bin,bout,req_tot,h1_bytes_in,h1_bytes_out,mode,\nweb,FRONTEND,0,${sessions},${sent},${bytes},${sessions},0,${wire},http,\n`
  const info = (uptime: number): string => `Version: ${version}\nPid: 7\nUptime_sec: ${uptime}\n\n`
  writeFileSync(scratch.file('before'), info(10) + row(0, 0, 0, 0))
  writeFileSync(scratch.file('after'), info(20) + row(1, bout, h1, bin))
}

function run(
  args: readonly string[],
  log: string,
): { status: number | null; codes: string[]; document: Record<string, unknown> } {
  const { status, stdout } = haproxyBytes([...args, '--json'], { cwd: scratch.path, input: log })
  const [document] = documentsOf(stdout) as [
    Record<string, unknown> & { schema: string; warnings: { code: string }[] },
  ]
  return { status, codes: document.warnings.map(({ code }) => code), document }
}

const RECONCILE = ['reconcile', '-', '--before', 'before', '--after', 'after']

test.each<[string, string, string, number, string[]]>([
  ['replies of its own count in 2.6', '2.6.12', line(503, '217', 'SC--'), 0, []],
  ['replies of its own at 0, in 3.4', '3.4.0', line(503, '0', 'SC--'), 5, ['own-replies-zero']],
  ['the same, of a version that nobody said', '', line(503, '0', 'SC--'), 5, ['own-replies-zero']],
  ['3.4 without any', '3.4.0', line(200, '1143', '----'), 0, []],
  ['3.3.0, whatever the line says', '3.3.0', line(200, '1143', '----'), 5, ['swapped']],
  ['3.3.1 has it right', '3.3.1', line(200, '1143', '----'), 0, []],
  ['logged too early', '2.6.12', line(200, '+1143', '----'), 5, ['logasap']],
])('%s', (_, version, log, status, why) => {
  counters(version, Number(/\/<NOSRV> \S+ \d+ \+?(\d+)/.exec(log)?.[1]))
  const { status: ended, document } = run(RECONCILE, log)
  const codes = (document.incomparable as { code: string }[]).map(({ code }) => code)
  expect([ended, codes]).toEqual([status, why])
})

/** With %U; 3.3.0 has the request in %B and the response in %U. */
const COUNTED = '%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %U %tsc %{+Q}r'
const counted = (status: number, out: number, sent: number, uri: string): string =>
  `Nov 21 10:00:00 lb1 haproxy[7]: 192.0.2.1:4000 [21/Nov/2026:10:00:00.000] web app/s1 0/0/0/0/0 ${status} ${out} ${sent} ---- "GET ${uri} HTTP/1.1"\n`
const LONG = `/${'a'.repeat(200)}`

test.each<[string, string, number, string[]]>([
  ['a request that has no room for its request line', counted(304, 280, 122, LONG), 5, ['swapped']],
  ['one that has', counted(304, 122, 280, LONG), 0, []],
])('by %U: %s', (_, log, status, why) => {
  const [, out, sent] = / (\d+) (\d+) ----/.exec(log) ?? []
  counters('', Number(out), 0, Number(sent))
  const { status: ended, document } = run([...RECONCILE, '--format', COUNTED], log)
  expect([ended, (document.incomparable as { code: string }[]).map(({ code }) => code)]).toEqual([
    status,
    why,
  ])
  writeFileSync(scratch.file('counted'), log)
  const { codes } = run(['counted', '--format', COUNTED], '')
  expect(codes).toEqual(why.map(() => 'bytes-swapped'))
})

test.each<[string, readonly string[], string, string[]]>([
  ['3.4 by its lines', ['--exact'], line(503, '0', 'SC--'), ['own-replies-zero']],
  ['3.3.0 by its version', ['--haproxy-version', '3.3.0'], line(200, '74', '----'), ['bytes-swapped']],
  [
    'lines of two versions',
    ['--exact'],
    line(503, '0', 'SC--') + line(503, '217', 'SC--'),
    ['own-replies-zero', 'several-versions'],
  ],
  ['nothing', ['--exact', '--haproxy-version', '2.6.12'], line(503, '217', 'SC--'), []],
])('a total warns: %s', (_, args, log, codes) => {
  expect(run(['-', ...args], log)).toMatchObject({ status: 0, codes })
})

test('swapped bytes are no figure of the wire', () => {
  const { document } = run(['-', '--exact', '--haproxy-version', '3.3.0'], line(200, '74', '----'))
  expect(document.totals).toMatchObject({
    wire: { out: { kind: 'unknown', value: null, reasons: [{ code: 'swapped' }] } },
  })
})

test.each<[string, string, object | null, string, string[]]>([
  ['2.6', '2.6.12', { out: 1148, in: 0 }, 'wire', []],
  ['2.4 has none', '2.4.0', null, 'absent', []],
  ['from 2.9 on doubled', '3.0.0', null, 'doubled', ['wire-counters-doubled']],
])("HAProxy's own wire counters, %s", (_, version, counted, kind, codes) => {
  counters(version, 1143, 1148)
  const log = line(200, '1143', '----').replace('app/<NOSRV>', 'app/s1')
  const { document, codes: said } = run(
    ['explain', '-', '--format', 'http', '--before', 'before', '--after', 'after'],
    log,
  )
  const { totals, wireCounters } = document as {
    totals: { counted: { out: number } | null }
    wireCounters: string
  }
  expect([totals.counted?.out ?? null, wireCounters, said]).toEqual([counted && 1148, kind, codes])
})
