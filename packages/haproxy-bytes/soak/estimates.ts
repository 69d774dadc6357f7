import { beginPart, endPart } from '../../../tooling/checks/soak/part.ts'
import { Random } from '../test/live/random.ts'
import { coverage, SIZES } from '../test/loss/trials.ts'

const TRIALS = 1000
const LOSSES = [
  { lost: 1, lines: 300 },
  { lost: 20, lines: 1000 },
  { lost: 300, lines: 1500 },
] as const

const { seed, goesOn } = beginPart()
const worst: Record<string, { seeds: number; held: number; width: number }> = {}
const failures: string[] = []
for (let round = 0; goesOn(); round++)
  for (const [name, draw] of Object.entries(SIZES))
    for (const loss of LOSSES) {
      const random = new Random(seed + round * LOSSES.length + loss.lost)
      const { held, width } = coverage(draw, { ...loss, trials: TRIALS, random })
      const key = `${name}, ${loss.lost} of ${loss.lines}`
      const known = worst[key] ?? { seeds: 0, held: TRIALS, width: 0 }
      worst[key] = {
        seeds: known.seeds + 1,
        held: Math.min(known.held, held),
        width: Math.max(known.width, Math.round(width * 1000) / 1000),
      }
      if (held < 0.93 * TRIALS || width > 1.5)
        failures.push(`${key}: held ${held}, width ${width}, round ${round}`)
    }
endPart({ trials: TRIALS, worst }, failures)
