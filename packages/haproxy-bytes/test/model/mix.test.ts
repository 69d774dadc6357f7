import { beforeAll, describe, expect, test } from 'vitest'
import { modelFor, type Wire, WireSum } from '../../src/model/index.ts'
import { type Mix, type RequestTruth, runMix } from '../live/mix.ts'
import { MIX_KINDS } from '../live/mix-kinds.ts'
import { ADVISED_RIG, configOf, factsOf, HTTP_FORMAT, lineReader } from './advised.ts'

const REQUESTS = 10_000
/** Kinds whose figures aren't exact, and how wide the bounds may be; of compressed ones nothing but a low is said. */
const OUT_WIDTH: Readonly<Record<string, number>> = {
  http10: 60,
  'http10-keep-alive': 60,
  chunked: Number.POSITIVE_INFINITY,
  trailers: Number.POSITIVE_INFINITY,
  hints: Number.POSITIVE_INFINITY,
  expect: Number.POSITIVE_INFINITY,
  'until-close': Number.POSITIVE_INFINITY,
}
const IN_WIDTH: Readonly<Record<string, number>> = {
  http10: 60,
  'http10-keep-alive': 60,
  'post-chunked': Number.POSITIVE_INFINITY,
}

let mix: Mix
let wires: Map<number, Wire>
beforeAll(async () => {
  mix = await runMix({ ...ADVISED_RIG, requests: REQUESTS, seed: 20_261_121 })
  const config = configOf(mix.config)
  const read = lineReader(HTTP_FORMAT)
  // No version is given: the fields themselves show what is counted.
  const model = modelFor(undefined)
  wires = new Map(
    mix.lines.map((line) => {
      const { transfer, fields, text } = read(line)
      const id = Number(/[?]id=(\d+)/.exec(text('r') ?? '')?.[1])
      return [id, model.wire(transfer, fields, factsOf(config, 'fe_mix', transfer.backend))] as const
    }),
  )
}, 120_000)

const isCompressed = ({ kind, response }: RequestTruth): boolean =>
  kind === 'gzip' && response.fields.some(([name]) => name.toLowerCase() === 'content-encoding')

function hold(figure: Wire['out'] | undefined, truth: number, width: number | undefined): string | undefined {
  if (figure === undefined) return 'no line'
  if (width === undefined) return figure.kind === 'exact' && figure.value === truth ? undefined : 'not exact'
  const { kind, low, high = Number.NaN } = figure
  if (kind !== 'bounded' || !(low <= truth && truth <= high)) return 'outside'
  return high - low <= width ? undefined : 'too wide'
}

describe('10,000 requests at random', () => {
  test.each(MIX_KINDS.map(({ name }) => name))('%s: each figure holds', (kind) => {
    const truths = mix.truths.filter((truth) => truth.kind === kind)
    expect(truths.length).toBeGreaterThan(300)
    const unseen = kind === 'client-closes' ? 19 : 0
    const wrong = truths.flatMap((truth) => {
      const wire = wires.get(truth.id)
      const out = isCompressed(truth)
        ? wire?.out.kind === 'unknown' && wire.out.reason === 'compressed' && wire.out.low <= truth.received
          ? undefined
          : 'compressed'
        : hold(wire?.out, truth.received - unseen, OUT_WIDTH[kind])
      const sent = hold(wire?.in, truth.sent - unseen, IN_WIDTH[kind])
      return out || sent ? [{ truth, wire, out, sent }] : []
    })
    expect(wrong).toEqual([])
  })

  test('sums hold too, and how they are split makes no difference', () => {
    const parts = Array.from({ length: 7 }, () => new WireSum())
    const whole = new WireSum()
    for (const [id, { out }] of wires) {
      whole.add(out)
      parts[id % parts.length]?.add(out)
    }
    const [first, ...others] = parts as [WireSum, ...WireSum[]]
    for (const part of others.reverse()) first.merge(part)
    expect(first.result()).toEqual(whole.result())
    const { kind, low, reasons } = whole.result()
    expect(kind).toBe('unknown')
    expect(reasons).toEqual([{ code: 'compressed', requests: mix.truths.filter(isCompressed).length }])
    expect(low).toBeLessThanOrEqual(BigInt(mix.client.wire.received))
    const counted = whole.result({ compOut: BigInt(mix.counters.be_gzip?.comp_out ?? 0) })
    expect(counted.kind).toBe('bounded')
    expect(counted.low).toBeLessThanOrEqual(BigInt(mix.client.wire.received))
    expect(counted.high).toBeGreaterThanOrEqual(BigInt(mix.client.wire.received))
  })
})
