import { survey } from '../src/check/index.ts'
import { openImage } from '../src/image/index.ts'
import { planRepair } from '../src/plan/index.ts'
import { MemorySource } from '../src/source/index.ts'
import { casesOf } from '../test/corpus/cases.ts'
import { DAMAGES } from '../test/corpus/damages/index.ts'
import { beginPart, endPart } from './part.ts'

/** Resident memory may grow so much after the first rounds, whatever the number of those that follow. */
const GROWTH = 32 * 2 ** 20
const WARM_UP = 2

const { goesOn } = beginPart()
const wanted = ['snapshot-table/zeroed', 'refcounts/too-high', 'l2/zeroed', 'l1/entry-zeroed']
const damages = DAMAGES.filter(({ name }) => wanted.includes(name) || name.startsWith('cross-link'))
const images: Buffer[] = []
for (const damage of damages)
  for (const { bytes, healthy } of await casesOf(damage)) images.push(bytes, healthy.bytes)

/** After a collection, where node was started with --expose-gc. */
const resident = (): number => {
  ;(globalThis as { gc?: () => void }).gc?.()
  return process.memoryUsage().rss
}

let checks = 0
async function round(): Promise<void> {
  for (let again = 0; again < 3; again++)
    for (const bytes of images) {
      const image = await openImage(new MemorySource(Buffer.from(bytes)))
      const surveyed = await survey(image, { data: true })
      if (checks % 20 === 0) await planRepair(image, surveyed)
      checks++
    }
}
for (let warming = 0; warming < WARM_UP; warming++) await round()
const [before, then] = [resident(), checks]
let most = before
while (goesOn() || checks < then + 1000) {
  await round()
  most = Math.max(most, resident())
}
const figures = { images: images.length, checks, before, after: resident(), most }
endPart(
  figures,
  most - before > GROWTH ? [`grew by ${most - before} bytes over ${checks - then} checks`] : [],
)
