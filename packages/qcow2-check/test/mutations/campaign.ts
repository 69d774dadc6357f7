import { survey } from '../../src/check/index.ts'
import { Qcow2Error } from '../../src/errors.ts'
import { CONSENT_CLASSES } from '../../src/findings/index.ts'
import { type Image, openImage } from '../../src/image/index.ts'
import { mapping } from '../../src/mapping/index.ts'
import { planRepair } from '../../src/plan/index.ts'
import type { Healthy } from '../corpus/healthy.ts'
import { carriedOut } from '../plan/carried-out.ts'
import { Mutant, numbers } from './mutant.ts'
import { mutate, placesOf } from './mutate.ts'
import { type Broken, brokenImage, brokenPlan, brokenSurvey } from './promises.ts'

/** Of how many mutated images one is checked, mapped, planned. All are opened. */
export interface Share {
  readonly check: number
  readonly map: number
  readonly plan: number
}

export interface Figures {
  images: number
  opened: number
  checked: number
  mapped: number
  planned: number
  /** Plans of which the guard took an action back: the guest would have read other bytes than it said. */
  refused: number
  /** Of the largest of all: seconds of processor time, reads, bytes read. */
  slowest: number
  mostReads: number
  mostBytes: number
  largestRead: number
  /** What broke, each with the number of its image; the first twenty. */
  readonly broken: string[]
}

const cpuSeconds = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}

/** `count` mutations of one image, numbered from `first`: the same number is the same mutation in every run. */
export async function mutations(
  healthy: Healthy,
  { first = 0, count, share }: { readonly first?: number; readonly count: number; readonly share: Share },
): Promise<Figures> {
  const figures: Figures = {
    ...{ images: 0, opened: 0, checked: 0, mapped: 0, planned: 0, refused: 0 },
    ...{ slowest: 0, mostReads: 0, mostBytes: 0, largestRead: 0 },
    broken: [],
  }
  const mutant = new Mutant(healthy)
  const places = placesOf(healthy)
  for (let number = first; number < first + count; number++) {
    mutate(mutant, places, numbers(number * 7919 + healthy.shape.name.length))
    const since = process.cpuUsage()
    const broken = await answered(mutant, number, share, figures).catch((error: unknown) => [
      `threw: ${error instanceof Error ? error.stack : error}`,
    ])
    figures.images++
    figures.slowest = Math.max(figures.slowest, cpuSeconds(since))
    figures.mostReads = Math.max(figures.mostReads, mutant.reads)
    figures.mostBytes = Math.max(figures.mostBytes, mutant.bytesRead)
    figures.largestRead = Math.max(figures.largestRead, mutant.largestRead)
    if (figures.broken.length < 20)
      figures.broken.push(...broken.map((what) => `${healthy.shape.name} ${number}: ${what}`))
    mutant.restore()
  }
  return figures
}

async function answered(mutant: Mutant, number: number, share: Share, figures: Figures): Promise<Broken> {
  let image: Image
  try {
    image = await openImage(mutant)
  } catch (error) {
    if (!(error instanceof Qcow2Error) || error.code !== 'not-qcow2') throw error
    return []
  }
  figures.opened++
  const broken = [...brokenImage(image, mutant.size)]
  if (number % share.map === 0) {
    figures.mapped++
    broken.push(...(await brokenMapping(image)))
  }
  const planning = number % share.plan === 0
  if (!planning && number % share.check !== 0) return broken
  figures.checked++
  const surveyed = await survey(image, { data: number % 4 === 0 })
  broken.push(...brokenSurvey(surveyed))
  if (!planning) return broken
  figures.planned++
  const allow = number % (2 * share.plan) === 0 ? CONSENT_CLASSES : []
  const plan = await planRepair(image, surveyed, { allow })
  broken.push(...brokenPlan(plan, mutant.bytes))
  if (plan.refused.length > 0) figures.refused++
  carriedOut(mutant.bytes, plan)
  return broken
}

/** Every byte of the disk is told of once, in order. */
async function brokenMapping(image: Image): Promise<Broken> {
  let reached = 0
  for await (const { offset, length } of mapping(image)) {
    if (offset !== reached || length <= 0) return [`an extent at ${offset}, not at ${reached}`]
    reached = offset + length
  }
  return reached === image.virtualSize ? [] : [`mapped up to ${reached} of ${image.virtualSize}`]
}
