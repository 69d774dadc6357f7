import type { Survey } from '../check/survey.ts'
import { type Evidence, findEvidence } from '../recover/index.ts'
import type { Draft } from './draft.ts'
import { FreeSpace } from './free-space.ts'
import { planBitmaps } from './plan-bitmaps.ts'
import { planCompressed } from './plan-compressed.ts'
import { planCrossLinks } from './plan-cross-links.ts'
import { planEntries } from './plan-entries.ts'
import { planLength } from './plan-length.ts'
import { planMapping } from './plan-mapping.ts'
import { planSnapshotPointers } from './plan-snapshot-pointers.ts'
import { planSnapshots } from './plan-snapshots.ts'

export interface Structured {
  /** Survey of the overlay after all structural actions; the one given, if there were none. */
  readonly survey: Survey
  /** What is known of what is still lost there. */
  readonly evidence: Evidence | undefined
}

/** A planner of one structure. */
type Planner = (draft: Draft, survey: Survey, evidence: Evidence, space: FreeSpace) => Promise<boolean>

const PLANNERS: readonly Planner[] = [
  planBitmaps,
  planCompressed,
  planMapping,
  planSnapshots,
  planSnapshotPointers,
  planLength,
  planEntries,
  planCrossLinks,
]

/** Tables and pointers first; refcounts follow from them. Each planner sees what the one before has left. */
export async function planStructure(
  draft: Draft,
  survey: Survey,
  given: Evidence | undefined,
  look: () => Promise<Survey>,
  signal?: AbortSignal,
): Promise<Structured> {
  let state = survey
  const search = async () =>
    worthSearching(state) ? findEvidence(state, { ...(signal && { signal }) }) : undefined
  let evidence = given ?? (await search())
  // The header is to be put right first: what it names as its table may be anybody's data.
  if (draft.awaitsRelink) return { survey: state, evidence }
  for (const planner of PLANNERS) {
    if (evidence === undefined) break
    if (planner === planBitmaps && opensWhatIsLost(draft, state, evidence)) continue
    signal?.throwIfAborted()
    if (!(await planner(draft, state, evidence, new FreeSpace(draft, state)))) continue
    state = await look()
    evidence = await search()
  }
  return { survey: state, evidence }
}

/**
 * Bitmaps that can't be read keep QEMU from an image whose end was cut off or reads as zeros: without them it would open
 * it, read zeros where tables were, and list snapshots of zeros. Whoever consents to that knows.
 */
function opensWhatIsLost(draft: Draft, { findings }: Survey, { lostWindows }: Evidence): boolean {
  const cut = findings.some(({ code }) => code === 'truncated')
  const empty = findings.some(({ code, repair }) => code === 'lost-l2' && repair.class === 'none')
  if (!cut && !empty && !lostWindows.some(({ guest }) => guest !== undefined)) return false
  const broken = findings.find(({ code }) => code.startsWith('bitmap-'))
  return broken !== undefined && !draft.may(cut ? 'extend-file' : 'drop-bitmaps', broken.code)
}

/** Evidence is searched for where something may be lost: it reads every leaked cluster. */
function worthSearching(survey: Survey): boolean {
  return survey.findings.some(({ severity }) => severity === 'corruption' || severity === 'leak')
}
