import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beginPart, endPart } from '../../../tooling/checks/soak/part.ts'
import { survey } from '../src/check/index.ts'
import { openImage } from '../src/image/index.ts'
import { planRepair } from '../src/plan/index.ts'
import { MemorySource } from '../src/source/index.ts'
import { casesOf } from '../test/corpus/cases.ts'
import { DAMAGES } from '../test/corpus/damages/index.ts'

/**
 * What is still reachable after a collection may grow so much over 1000 checks: compiled code and what V8 learns of it take
 * some 2 MiB in the first 3000, after which it goes up and down. A survey that stays reachable takes 10 KiB, and the bytes
 * of its image besides.
 */
const GROWTH = 8 * 2 ** 20
/**
 * Resident memory says less: it keeps what was freed. With the same 17 MiB reachable it was seen to go from 209 to 250 MiB,
 * and back to 242. What grows by so much is neither on the heap nor in buffers.
 */
const RESIDENT_GROWTH = 96 * 2 ** 20
const WARM_UP = 2

const { goesOn } = beginPart()
const wanted = ['snapshot-table/zeroed', 'refcounts/too-high', 'l2/zeroed', 'l1/entry-zeroed']
const damages = DAMAGES.filter(({ name }) => wanted.includes(name) || name.startsWith('cross-link'))
const images: Buffer[] = []
for (const damage of damages)
  for (const { bytes, healthy } of await casesOf(damage)) images.push(bytes, healthy.bytes)

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

interface Memory {
  /** Reachable, with buffers outside of the heap; bytes. */
  readonly live: number
  readonly resident: number
}

/** Buffers are freed by a finalizer, which runs after the collection that found them. */
async function memory(): Promise<Memory> {
  for (let again = 0; again < 3; again++) {
    collect()
    await setImmediate()
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { live: heapUsed + external, resident: rss }
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
const [before, then] = [await memory(), checks]
let after = before
let most = before.resident
while (goesOn() || checks < then + 1000) {
  await round()
  after = await memory()
  most = Math.max(most, after.resident)
}
const thousands = (checks - then) / 1000
const failures: string[] = []
if ((after.live - before.live) / thousands > GROWTH)
  failures.push(`${after.live - before.live} bytes more are reachable after ${checks - then} checks`)
if (most - before.resident > RESIDENT_GROWTH)
  failures.push(`${most - before.resident} bytes more are resident after ${checks - then} checks`)
endPart({ images: images.length, checks, before, after, most }, failures)
