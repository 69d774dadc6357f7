import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Config } from '../../src/config/index.ts'
import { modelFor, type WireFigure, WireSum, type WireTotal } from '../../src/model/index.ts'
import { messageText } from '../live/measured.ts'
import { type Rig, startRig } from '../live/rig.ts'
import type { Scenario } from '../live/scenario.ts'
import { SCENARIOS } from '../live/scenarios.ts'
import { ADVISED_RIG, configOf, factsOf, HTTP_FORMAT, lineReader, TCP_FORMAT } from './advised.ts'
import { MORE } from './more-scenarios.ts'

/** What a scenario's line is held to; `exact` where nothing is said. Bounds of complete requests are narrow. */
interface Expected {
  readonly out?: Verdict
  readonly in?: Verdict
}
type Verdict = 'exact' | 'narrow' | 'wide' | 'aborted' | 'estimated' | 'unknown'

/** At most so wide is a bound that isn't for want of chunk sizes, a length or a whole transfer. */
const NARROW = 60

const EXPECTED: Readonly<Record<string, Expected>> = {
  'http10-client': { out: 'narrow', in: 'narrow' },
  'http10-keep-alive-client': { out: 'narrow', in: 'narrow' },
  chunked: { out: 'wide' },
  'chunked-at-once': { out: 'wide' },
  'chunked-to-http10': { out: 'wide', in: 'narrow' },
  trailers: { out: 'wide' },
  'post-chunked': { in: 'wide' },
  'expect-continue': { out: 'wide' },
  'early-hints': { out: 'wide' },
  'until-close': { out: 'wide' },
  'gzip-frontend': { out: 'unknown' },
  'gzip-backend': { out: 'unknown' },
  'gzip-offload': { out: 'unknown' },
  'gzip-chunked': { out: 'unknown' },
  'gzip-http10': { out: 'narrow', in: 'narrow' },
  errorfile: { out: 'narrow' },
  'stats-page': { out: 'wide' },
  'stats-csv': { out: 'wide' },
  'bad-request': { in: 'unknown' },
  'request-timeout': { in: 'unknown' },
  'connect-close': { out: 'aborted', in: 'unknown' },
  'client-aborts': { out: 'aborted' },
  'server-aborts': { out: 'aborted' },
  'early-hints-together': { out: 'aborted' },
  logasap: { out: 'unknown', in: 'unknown' },
  'accept-proxy': { in: 'narrow' },
  'accept-proxy-v2': { in: 'narrow' },
  'old-server': { out: 'narrow' },
  'old-server-keeps': { out: 'narrow' },
  'old-server-closes': { out: 'narrow' },
  'old-server-until-close': { out: 'wide' },
  'old-both': { out: 'narrow', in: 'narrow' },
  'old-both-keep': { out: 'narrow', in: 'narrow' },
  'chunked-to-old': { out: 'wide', in: 'narrow' },
  'own-to-old': { out: 'narrow', in: 'narrow' },
  // What the client sends after the answer, HAProxy doesn't read.
  'deny-large-post': { in: 'wide' },
  'no-server-large-post': { in: 'wide' },
  'deny-chunked-post': { out: 'narrow', in: 'unknown' },
  // A reason phrase of 32 bytes or more could be an interim response.
  'reason-long': { out: 'wide' },
  'length-deleted': { out: 'unknown' },
  'connection-set': { out: 'unknown' },
  'status-set': { out: 'narrow' },
  'body-waited-for': { out: 'wide' },
  'chunked-empty': { out: 'wide' },
  'chunked-after-continue': { out: 'wide' },
  'until-close-after-hints': { out: 'wide' },
  'bad-length': { in: 'unknown' },
  'bad-request-errorfile': { in: 'unknown' },
  'half-closed': { out: 'aborted', in: 'unknown' },
  'second-bad': { in: 'unknown' },
}

/** What no field of a log tells: `Connection: close` and `keep-alive` of the client. */
const UNSEEN: Readonly<Record<string, { out: number; in: number }>> = {
  'client-closes': { out: 19, in: 19 },
  'keep-alive-said': { out: 0, in: 24 },
}

const LOGGED = [...SCENARIOS, ...MORE].filter(({ lines }) => lines > 0)
const model = modelFor('2.6.12')
let rig: Rig
let config: Config
beforeAll(async () => {
  rig = await startRig(LOGGED, ADVISED_RIG)
  config = configOf(rig.haproxy.config)
}, 60_000)
afterAll(() => rig?.stop())

const verdictOf = (scenario: Scenario, direction: 'out' | 'in'): Verdict => {
  if (scenario.name.startsWith('h2')) return 'estimated'
  return EXPECTED[scenario.name]?.[direction] ?? 'exact'
}

function hold(total: WireTotal, verdict: Verdict, truth: number): void {
  const { kind, value, low, high } = total
  const bytes = BigInt(truth)
  if (verdict === 'exact') {
    expect({ kind, value, low, high }).toEqual({ kind: 'exact', value: bytes, low: bytes, high: bytes })
    return
  }
  expect(low).toBeLessThanOrEqual(bytes)
  if (verdict === 'unknown') {
    expect(kind).toBe('unknown')
    expect(total.reasons).not.toEqual([])
    return
  }
  expect(high).toBeGreaterThanOrEqual(bytes)
  expect(value).toBeGreaterThanOrEqual(low)
  expect(value).toBeLessThanOrEqual(high as bigint)
  expect(kind).toBe(verdict === 'estimated' ? 'estimated' : 'bounded')
  if (verdict === 'narrow') expect(Number(high) - Number(low)).toBeLessThanOrEqual(NARROW)
  expect(total.aborted.requests.bounded > 0).toBe(verdict === 'aborted')
}

async function measure(scenario: Scenario) {
  const measured = await rig.run(scenario.name)
  const read = lineReader(scenario.mode === 'tcp' ? TCP_FORMAT : HTTP_FORMAT)
  const sums = { out: new WireSum(), in: new WireSum() }
  const figures: WireFigure[] = []
  for (const line of measured.lines) {
    const { transfer, fields } = read(line)
    const wire = model.wire(transfer, fields, factsOf(config, measured.frontendName, transfer.backend))
    sums.out.add(wire.out)
    sums.in.add(wire.in)
    figures.push(wire.out, wire.in)
  }
  return { measured, figures, sums, out: sums.out.result(), in: sums.in.result() }
}

describe.each(LOGGED)('$name', (scenario) => {
  test('bytes on the client side are as the line says, or within its bounds', async () => {
    const { measured, figures, sums: _, ...wire } = await measure(scenario)
    const unseen = UNSEEN[scenario.name] ?? { out: 0, in: 0 }
    expect(measured.lines.map(messageText)).toHaveLength(scenario.lines)
    hold(wire.out, verdictOf(scenario, 'out'), measured.client.plain.received - unseen.out)
    hold(wire.in, verdictOf(scenario, 'in'), measured.client.plain.sent - unseen.in)
    for (const { terms, value, kind } of figures) {
      // What a figure is made of adds up to it.
      if (kind === 'exact') expect(terms.reduce((sum, term) => sum + (term.value ?? 0), 0)).toBe(value)
    }
  })
})

test('a client that closes costs 19 bytes each way, which the figures say they assume away', async () => {
  const { out, in: sent } = await measure(LOGGED.find(({ name }) => name === 'client-closes') as Scenario)
  const closing = { code: 'no-client-close', requests: 1, bytes: 19 }
  expect(out.assumes).toEqual([closing])
  expect(sent.assumes).toContainEqual(closing)
})

test.each(['gzip-frontend', 'gzip-backend', 'gzip-offload', 'gzip-chunked'])(
  '%s: the counters of the compression bound it',
  async (name) => {
    const { measured, sums, out } = await measure(LOGGED.find((one) => one.name === name) as Scenario)
    const counted = name === 'gzip-frontend' ? measured.frontend : measured.backend
    expect(out.reasons).toEqual([{ code: 'compressed', requests: 1 }])
    const { kind, value, low, high, reasons } = sums.out.result({ compOut: BigInt(counted.comp_out ?? 0) })
    expect([kind, reasons]).toEqual(['bounded', []])
    const truth = BigInt(measured.client.plain.received)
    expect(low).toBeLessThanOrEqual(truth)
    expect(high).toBeGreaterThanOrEqual(truth)
    expect(low).toBeGreaterThan(truth - 200n)
    expect(Math.abs(Number(value) - Number(truth))).toBeLessThan(60)
  },
)
