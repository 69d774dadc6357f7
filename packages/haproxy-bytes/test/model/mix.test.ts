import { beforeAll, describe, expect, test } from 'vitest'
import { type Wire, WireSum } from '../../src/model/index.ts'
import { type Mix, runMix } from '../live/mix.ts'
import { MIX_KINDS } from '../live/mix-kinds.ts'
import { ADVISED_RIG } from './advised.ts'
import { isCompressed, notHeld, wiresOf } from './mix-held.ts'

const REQUESTS = 10_000
let mix: Mix
let wires: Map<number, Wire>
beforeAll(async () => {
  mix = await runMix({ ...ADVISED_RIG, requests: REQUESTS, seed: 20_261_121 })
  wires = wiresOf(mix)
}, 120_000)

describe('10,000 requests at random', () => {
  test.each(MIX_KINDS.map(({ name }) => name))('%s: each figure holds', (kind) => {
    const truths = mix.truths.filter((truth) => truth.kind === kind)
    expect(truths.length).toBeGreaterThan(300)
    expect(notHeld(truths, wires)).toEqual([])
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
