import { hasPins } from '../check/index.ts'
import type { Survey } from '../check/survey.ts'
import { maxRefcount } from '../format/index.ts'
import type { Evidence } from '../recover/index.ts'
import type { Draft } from './draft.ts'
import { FreeSpace } from './free-space.ts'
import { lookAt } from './look.ts'
import type { Proof } from './nothing-behind.ts'
import type { RepairStates } from './pin-cause.ts'
import { planPins } from './plan-pins.ts'
import { planRefcountStructure } from './plan-refcount-structure.ts'
import { planRefcounts } from './plan-refcounts.ts'
import { planStructure, type Structured } from './plan-structure.ts'
import { readRefcountBlocks } from './refcount-blocks.ts'
import { unpinOwned } from './unpin.ts'

/**
 * Plans the structure of an image. What an earlier repair has pinned counts as leaked meanwhile, so that it can still be
 * given back to its owner; the pin lets go of what was.
 */
export async function planStructureBehindPins(
  draft: Draft,
  survey: Survey,
  evidence: Evidence | undefined,
  signal?: AbortSignal,
): Promise<Structured> {
  const { image } = survey
  const pinned = hasPins(survey)
  const look = () => lookAt(draft.overlay, image, signal, { withoutPins: pinned })
  if (!pinned) return planStructure(draft, survey, evidence, look, signal)
  const before = await look()
  const structured = await planStructure(draft, before, undefined, look, signal)
  if (structured.survey === before) return { survey, evidence: structured.evidence }
  const { survey: after } = structured
  await unpinOwned(draft, before, after, new FreeSpace(draft, after))
  return { survey: await lookAt(draft.overlay, image, signal), evidence: structured.evidence }
}

/**
 * Pins what is still leaked, and gives what the pin is made of its refcounts.
 *
 * @param proof of what was leaked before
 */
export async function pinRest(
  draft: Draft,
  states: RepairStates,
  proof: Proof,
  signal?: AbortSignal,
): Promise<Survey> {
  const { left: state } = states
  const look = () => lookAt(draft.overlay, state.image, signal)
  const pinned = await planPins(draft, states, new FreeSpace(draft, state), signal)
  if (pinned === undefined) return state
  let after = await look()
  // What was found before stands: nothing but the directory that was replaced is free, nothing but rubbish is lowered.
  const rules: Proof = {
    ...proof,
    mayFree: (cluster) => pinned.replaced.has(cluster),
    mayLower: (cluster) => pinned.lower.has(cluster),
    suspected: () => true,
    isGarbled: () => false,
    orphans: true,
  }
  let blocks = await readRefcountBlocks(after)
  if (await planRefcountStructure(draft, after, rules, blocks, new FreeSpace(draft, after))) {
    after = await look()
    blocks = await readRefcountBlocks(after)
  }
  const most = maxRefcount(after.image.geometry.refcountOrder)
  const target = { survey: after, proof: rules, mappingDamaged: true, most, leaksOnly: false }
  return (await planRefcounts(draft, target, blocks, signal)) ? await look() : after
}
