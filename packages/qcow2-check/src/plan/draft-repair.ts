import type { Survey } from '../check/survey.ts'
import type { ConsentClass, FindingCode } from '../findings/index.ts'
import { maxRefcount } from '../format/index.ts'
import type { Evidence } from '../recover/index.ts'
import { hasTooManyEntries } from './disk-tables.ts'
import { Draft } from './draft.ts'
import { FreeSpace } from './free-space.ts'
import { unnamedChanges } from './guard.ts'
import { mappingIsDamaged } from './hiding.ts'
import { lookAt } from './look.ts'
import { type Proof, proveNothingBehind } from './nothing-behind.ts'
import { pinRest, planStructureBehindPins } from './pinned-structure.ts'
import { planCopied } from './plan-copied.ts'
import { planFeatureBits } from './plan-feature-bits.ts'
import { planFlags } from './plan-flags.ts'
import { headerIsLost, planHeaders } from './plan-headers.ts'
import { planOldRefcounts } from './plan-old-refcounts.ts'
import { planRefcountStructure } from './plan-refcount-structure.ts'
import { planRefcounts } from './plan-refcounts.ts'
import { readRefcountBlocks } from './refcount-blocks.ts'
import { storedOnOverlay } from './stored-on-overlay.ts'

export interface DraftSettings {
  readonly allow: ReadonlySet<ConsentClass>
  readonly evidence?: Evidence
  readonly only?: ReadonlySet<string>
  readonly leaksOnly: boolean
  readonly signal?: AbortSignal
}

export interface RepairDraft {
  readonly draft: Draft
  /** Survey of the overlay as the actions leave it. */
  readonly after: Survey
  /** Actions that were taken out again, as the guest would have read other bytes than they said: a bug. */
  readonly refused: readonly string[]
  /** Of the image, while this was drafted. */
  readonly bytesRead: number
}

/** What can't be read can't be repaired: nothing is planned on a medium that fails, or for work without end. */
const UNFIT: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'read-error',
  'too-much-work',
  'image-too-large',
])
/** Rounds of taking actions out; then all that change tables. */
const MOST_ROUNDS = 4

export async function draftRepair(survey: Survey, settings: DraftSettings): Promise<RepairDraft> {
  const without = new Set<string>()
  let bytesRead = 0
  for (let round = 0; ; round++) {
    const { draft, after, base } = await draftOnce(survey, settings, without)
    const bad = await unnamedChanges(base ?? survey, after, draft, settings.signal)
    bytesRead += draft.overlay.bytesRead
    if (bad.length === 0) return { draft, after, refused: [...without], bytesRead }
    const suspects = round < MOST_ROUNDS ? bad : draft.actions
    for (const { id } of suspects) without.add(id)
  }
}

interface Drafted {
  readonly draft: Draft
  readonly after: Survey
  /** What guests read before, where no guest could read the image as it was. */
  readonly base?: Survey
}

async function draftOnce(
  survey: Survey,
  settings: DraftSettings,
  without: ReadonlySet<string>,
): Promise<Drafted> {
  const { image } = survey
  const { allow, only, leaksOnly, signal } = settings
  const draft = new Draft(image.source, { allow, without, ...(only && { only }) })
  const unfit = survey.findings.some(({ code }) => UNFIT.has(code)) || hasTooManyEntries(image)
  if (unfit || (leaksOnly && headerIsLost(survey))) return { draft, after: survey }
  const look = () => lookAt(draft.overlay, image, signal)
  let state = survey
  let evidence = settings.evidence
  let base: Survey | undefined
  let counted = survey
  if (!leaksOnly) {
    state = await planHeaders(draft, state, look, signal)
    if (headerIsLost(state)) return { draft, after: state }
    const features = await planFeatureBits(draft, state, signal)
    if (features !== undefined) state = features.survey
    if (features?.unreadable) base = state
    // A refcount table of a wrong length claims the clusters of others, and what was lost is proven by refcounts.
    if (refcountsAreLost(state)) {
      const proof = await proveNothingBehind(state, { signal })
      if (await planOldRefcounts(draft, state, proof, await readRefcountBlocks(state), signal)) {
        state = await look()
        counted = state
      }
    }
    const structured = await planStructureBehindPins(
      draft,
      state,
      state === survey ? evidence : undefined,
      signal,
    )
    state = structured.survey
    evidence = structured.evidence
  }
  const prove = (at: Survey): Promise<Proof> =>
    proveNothingBehind(at, {
      evidence,
      released: draft.released,
      damaged: survey,
      signal,
    })
  const faulty = (at: Survey) => at.counts.corruptions + at.counts.leaks > 0 || at.findings.length > 0
  if (!faulty(state)) return { draft, after: state, ...(base && { base }) }
  let proof = await prove(state)
  let blocks = await readRefcountBlocks(state)
  if (!leaksOnly) {
    if (await planOldRefcounts(draft, state, proof, blocks, signal)) {
      state = await look()
      counted = state
      proof = await prove(state)
      blocks = await readRefcountBlocks(state)
    }
    const space = new FreeSpace(draft, state)
    if (await planRefcountStructure(draft, state, proof, blocks, space)) {
      state = await look()
      proof = await prove(state)
      blocks = await readRefcountBlocks(state)
    }
  }
  const most = maxRefcount(state.image.geometry.refcountOrder)
  const rules = { survey: state, proof, mappingDamaged: mappingIsDamaged(survey), most, leaksOnly }
  let changed = await planRefcounts(draft, rules, blocks, signal)
  const onlyLeaks = leaksOnly && survey.counts.corruptions > 0
  if (!onlyLeaks) {
    // Refcounts change no references: what is stored now is all that flags need, and a survey would cost as much again.
    const stored = changed ? await storedOnOverlay(draft, state, blocks) : state.stored
    changed = (await planCopied(draft, state, stored, signal)) || changed
  }
  if (changed) state = await look()
  if (!leaksOnly) {
    state = await pinRest(draft, { damaged: survey, counted, left: state, evidence }, proof, signal)
    if (await planFlags(draft, state)) state = await look()
  }
  return { draft, after: state, ...(base && { base }) }
}

/** Nothing counts the header, or the table that leads to what counts it can't be. */
function refcountsAreLost({ stored, findings }: Survey): boolean {
  return (
    stored(0) === 0 ||
    findings.some(({ code }) => code === 'header-refcount-table' || code === 'refcount-table-entry')
  )
}
