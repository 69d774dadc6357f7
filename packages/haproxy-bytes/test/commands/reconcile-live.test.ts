import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCounters } from '../../src/counters/index.ts'
import { globalSection, type Haproxy, startHaproxy } from '../live/haproxy.ts'
import { type Scratch as Folder, scratchFolder } from '../live/program.ts'
import { type SyslogSink, udpSink } from '../live/syslog-sink.ts'
import { documentsOf, faultsOf } from '../schema/documents.ts'
import { haproxyBytes } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch('reconcile-live')
let folder: Folder
let sink: SyslogSink
let haproxy: Haproxy

const MONITORED = [
  'monitor-uri /alive',
  "http-request return status 200 content-type text/plain string 'hello'",
]
async function start(): Promise<Haproxy> {
  return await startHaproxy(
    folder.folder,
    ([port], socket) =>
      [
        globalSection(socket),
        'defaults\n    mode http\n    timeout client 5s\n    timeout server 5s\n    timeout connect 1s',
        `frontend fe\n    bind 127.0.0.1:${port}\n    log ${sink.target} len 65535 local0`,
        `    log-format '%ci:%cp [%tr] %ft %b/%s %Ta %ST %B %U %tsc %lc %{+Q}r'`,
        '    http-request use-service prometheus-exporter if { path /metrics }',
        ...MONITORED.map((line) => `    ${line}`),
        '',
      ].join('\n'),
    { ports: 1 },
  )
}
beforeAll(async () => {
  folder = scratchFolder('reconcile')
  sink = await udpSink()
  haproxy = await start()
})
afterAll(async () => {
  await haproxy?.stop()
  await sink?.stop()
  folder?.remove()
  scratch[Symbol.dispose]()
})

const ask = (path: string): Promise<void> =>
  new Promise((done, failed) => {
    const agent = false
    get({ host: '127.0.0.1', port: haproxy.ports[0], path, agent }, (response) => {
      response.resume().once('end', () => done())
    }).once('error', failed)
  })

const snapshot = (name: string): void => {
  const args = ['snapshot', '--socket', haproxy.socket, '-o', scratch.file(name)]
  expect(haproxyBytes(args)).toMatchObject({ status: 0, stderr: '' })
}

/** All lines so far, but some. */
async function writeLog(name: string, left: readonly number[] = []): Promise<void> {
  await sink.drain()
  writeFileSync(scratch.file(name), Buffer.concat(sink.datagrams.filter((_, at) => !left.includes(at))))
}

function reconcile(args: readonly string[]) {
  const { status, stdout, stderr } = haproxyBytes(['reconcile', ...args, '--json'], { cwd: scratch.path })
  const [document] = documentsOf(stdout) as [never]
  expect(faultsOf(document)).toEqual([])
  const { proxies, incomparable, span } = document as {
    span: { sinceStart: boolean }
    incomparable: { code: string }[]
    proxies: { lostLines: object; out: { gap: number; causes: object[] } }[]
  }
  return { status, stderr, span, why: incomparable.map(({ code }) => code), proxy: proxies[0] }
}

/** By Debian's own parser of XML: the suite's counts, and each case with what it says. */
function junitOf(name: string) {
  const script = `
import json, sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
print(json.dumps([root.tag, [[suite.attrib, [[case.attrib['classname'], case.attrib['name'],
  [[part.tag, part.attrib['type'], part.attrib['message']] for part in case]] for case in suite.iter('testcase')]] for suite in root]]))`
  const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', script, scratch.file(name)], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return JSON.parse(stdout) as [
    string,
    [Record<string, string>, [string, string, [string, string, string][]][]][],
  ]
}

test('a run against snapshots, the running process, its exporter, and over a restart', async () => {
  snapshot('snapshots')
  for (let n = 0; n < 20; n++) await ask('/hello')
  for (let n = 0; n < 3; n++) await ask('/alive')
  await writeLog('log')
  snapshot('snapshots')
  writeFileSync(scratch.file('haproxy.cfg'), haproxy.config)
  const counters = ['--before', 'snapshots', '--after', 'snapshots']
  const config = ['--config', 'haproxy.cfg']

  // Answers to monitor-uri are counted and never logged: 150 bytes each (2.6.12).
  const whole = reconcile(['log', ...config, ...counters, '--junit', 'whole.xml'])
  expect(whole).toMatchObject({ status: 0, stderr: '' })
  expect(whole.proxy?.out).toMatchObject({
    gap: 450,
    causes: [{ code: 'monitor', kind: 'exact', value: 450 }],
  })
  expect(junitOf('whole.xml')).toEqual([
    'testsuites',
    [
      [
        expect.objectContaining({ name: 'haproxy-bytes reconcile', tests: '1', failures: '0', errors: '0' }),
        [['haproxy-bytes.counters', 'fe', []]],
      ],
    ],
  ])

  // %lc tells how many are missing, whatever else is counted.
  await writeLog('less', [4, 11])
  const less = reconcile(['less', ...config, ...counters, '--junit', 'less.xml'])
  expect(less).toMatchObject({ status: 4, proxy: { lostLines: { low: 2, high: 2 } } })
  const [, [[counts, cases] = []] = []] = junitOf('less.xml')
  expect(counts).toMatchObject({ failures: '1' })
  expect(cases?.[0]?.[2]).toEqual([
    ['failure', 'loss', expect.stringMatching(/gap \d+ bytes \(.*lines lost/)],
  ])

  // A span of time is widened to the snapshots around it: at its ends nothing is missing.
  const [, second] = readCounters(readFileSync(scratch.file('snapshots'), 'latin1'))
  const middle = new Date((second?.time ?? 0) - 1).toISOString()
  const spanned = reconcile(['log', ...config, ...counters, '--since', middle])
  expect(spanned).toMatchObject({ status: 0, proxy: { lines: 20, out: { gap: 450 } } })

  const later = reconcile(['log', ...config, ...counters, '--since', new Date().toISOString()])
  expect(later).toMatchObject({ status: 5, why: ['one-snapshot'] })

  // Since the process began: the log has all of that.
  const running = reconcile(['log', ...config, '--socket', haproxy.socket])
  expect(running).toMatchObject({ status: 0, span: { sinceStart: true }, proxy: { out: { gap: 450 } } })
  const exporter = reconcile(['log', ...config, '--metrics', `http://127.0.0.1:${haproxy.ports[0]}/metrics`])
  expect(exporter).toMatchObject({ status: 0, span: { sinceStart: true }, proxy: { out: { gap: 450 } } })
  const late = reconcile(['less', ...config, '--socket', haproxy.socket])
  expect(late.status).toBe(5)

  await haproxy.stop()
  haproxy = await start()
  await ask('/hello')
  await writeLog('both')
  snapshot('snapshots')
  const reloaded = reconcile(['both', ...config, ...counters, '--junit', 'reloaded.xml'])
  expect(reloaded).toMatchObject({ status: 5, why: ['other-process'] })
  expect(junitOf('reloaded.xml')[1][0]?.[0]).toMatchObject({ errors: '1', failures: '0' })
  expect(readFileSync(scratch.file('snapshots'), 'utf8').trim().split('\n')).toHaveLength(3)
})
