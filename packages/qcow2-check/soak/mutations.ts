import { beginPart, endPart } from '../../../tooling/checks/soak/part.ts'
import { makeHealthy } from '../test/corpus/healthy.ts'
import { SHAPES } from '../test/corpus/shape.ts'
import { type Figures, mutations } from '../test/mutations/campaign.ts'

/** All shapes in turn, a few hundred mutations each; most are checked, many planned for. */
const BATCH = 300
const SHARE = { check: 2, map: 5, plan: 20 }

const { seed, goesOn } = beginPart()
const failures: string[] = []
const sums: Omit<Figures, 'broken'> = {
  ...{ images: 0, opened: 0, checked: 0, mapped: 0, planned: 0, refused: 0 },
  ...{ slowest: 0, mostReads: 0, mostBytes: 0, largestRead: 0 },
}
const LARGEST = new Set(['slowest', 'mostReads', 'mostBytes', 'largestRead'])
let first = seed
for (let round = 0; goesOn(); round++) {
  const shape = SHAPES[round % SHAPES.length]
  if (shape === undefined) break
  const { broken, ...figures } = await mutations(await makeHealthy(shape), {
    first,
    count: BATCH,
    share: SHARE,
  })
  failures.push(...broken)
  for (const [name, value] of Object.entries(figures) as [keyof typeof sums, number][])
    sums[name] = LARGEST.has(name) ? Math.max(sums[name], value) : sums[name] + value
  if (round % SHAPES.length === SHAPES.length - 1) first += BATCH
}
if (sums.slowest > 20) failures.push(`one took ${sums.slowest} s`)
endPart({ ...sums, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) }, failures)
