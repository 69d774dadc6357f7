import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adviseHaproxy, applyAdvice } from '../../src/advise/index.ts'
import { type Config, logFormats, parseConfig } from '../../src/config/index.ts'
import { modelFor, WireSum } from '../../src/model/index.ts'
import { factsOf, lineReader } from '../model/advised.ts'
import { haproxyBytes } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'
import { type Rig, startRig } from './rig.ts'
import type { Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'

/** Of each kind one that no field leaves open: the advice is to make them exact. */
const EXACT = [
  'get-1000',
  'get-0',
  'get-1mib',
  'head',
  'not-modified',
  'post',
  'keep-alive-3',
  'pipelined-2',
  'response-headers-set',
  'response-header-deleted',
  'hsts',
  'cookie-inserted',
  'cookie-present',
  'forwardfor',
  'request-headers-added',
  'unique-id',
  'cached',
  'denied',
  'tarpit',
  'redirect',
  'return',
  'no-server',
  'tls',
  'websocket',
  'tcp',
]

const asked = SCENARIOS.filter(({ name, lines }) => lines > 0 && EXACT.includes(name))
let rig: Rig
let config: Config

beforeAll(async () => {
  // Nothing but what people have: `option httplog`, rules of their own, and then what `advise` says.
  rig = await startRig(asked, {
    logLine: 'local0',
    rewrite: (text) => applyAdvice(text, adviseHaproxy(text)),
  })
  config = parseConfig(rig.haproxy.config)
}, 30_000)
afterAll(() => rig?.stop())

test('the scenarios are there, and HAProxy says nothing against the configuration', () => {
  expect(asked.map(({ name }) => name).sort()).toEqual([...EXACT].sort())
  expect(rig.haproxy.said()).not.toMatch(/WARNING|ALERT/)
})

describe.each(asked)('$name', (scenario: Scenario) => {
  test('bytes on the socket follow from the log to the byte', async () => {
    const measured = await rig.run(scenario.name)
    const format = logFormats(config).find(({ proxy }) => proxy === measured.frontendName)?.format as string
    const read = lineReader(format)
    const sums = { out: new WireSum(), in: new WireSum() }
    for (const line of measured.lines) {
      const { transfer, fields } = read(line)
      const wire = modelFor('2.6.12').wire(
        transfer,
        fields,
        factsOf(config, measured.frontendName, transfer.backend),
      )
      sums.out.add(wire.out)
      sums.in.add(wire.in)
    }
    const { received, sent } = measured.client.plain
    expect(sums.out.result()).toMatchObject({ kind: 'exact', value: BigInt(received) })
    expect(sums.in.result()).toMatchObject({ kind: 'exact', value: BigInt(sent) })
  })
})

test('all of it by the command line: advise, then total --exact with the advised configuration', async () => {
  using scratch = new Scratch('advised')
  const lines: Buffer[] = []
  let received = 0
  for (const { name } of asked) {
    const measured = await rig.run(name)
    lines.push(...measured.lines)
    received += measured.client.plain.received
  }
  writeFileSync(scratch.file('haproxy.cfg'), rig.haproxy.config)
  const text = lines.map((line) => line.toString('latin1').trimEnd()).join('\n')
  writeFileSync(scratch.file('log'), `${text}\n`, 'latin1')
  const nothing = haproxyBytes(['advise', scratch.file('haproxy.cfg'), '--json'])
  expect(JSON.parse(nothing.stdout).sections).toEqual([])
  const args = ['--config', scratch.file('haproxy.cfg'), '--haproxy-version', '2.6.12', '--exact', '--json']
  const ran = haproxyBytes(['total', scratch.file('log'), ...args])
  expect(ran.status).toBe(0)
  expect(JSON.parse(ran.stdout).totals.wire.out).toMatchObject({ kind: 'exact', value: received })
})
