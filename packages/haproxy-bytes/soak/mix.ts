import { beginPart, endPart } from '../../../tooling/checks/soak/part.ts'
import { runMix } from '../test/live/mix.ts'
import { MIX_KINDS } from '../test/live/mix-kinds.ts'
import { ADVISED_RIG } from '../test/model/advised.ts'
import { notHeld, wiresOf } from '../test/model/mix-held.ts'

const REQUESTS = 10_000

const { seed, goesOn } = beginPart()
const figures = { rounds: 0, requests: 0, kinds: MIX_KINDS.length, exact: 0 }
const failures: string[] = []
for (let round = 0; goesOn(); round++) {
  const mix = await runMix({ ...ADVISED_RIG, requests: REQUESTS, seed: seed + round })
  const wires = wiresOf(mix)
  figures.rounds++
  figures.requests += mix.truths.length
  for (const { out } of wires.values()) if (out.kind === 'exact') figures.exact++
  for (const one of notHeld(mix.truths, wires)) failures.push(JSON.stringify(one).slice(0, 2000))
}
endPart(figures, failures)
