import { setRefcount } from '../format/index.ts'
import { differingByBlock } from './differing-by-block.ts'
import type { ActionSpec, Draft, Edit } from './draft.ts'
import type { Phase } from './plan.ts'
import { readPadded } from './read-padded.ts'
import type { RefcountBlocks } from './refcount-blocks.ts'
import {
  refcountTarget,
  type Target,
  type TargetRules,
  type TargetRun,
  targetRuns,
} from './refcount-target.ts'

/** Unchanged bytes between two changed runs that are written along: fewer, larger writes. */
const JOINED = 64

interface Change {
  /** Indexes in the block: the first, and the one after the last. */
  readonly from: number
  readonly to: number
  readonly value: number
}

interface Kind {
  readonly target: Target
  readonly phase: Phase
  /** Ascending. */
  readonly changes: Change[]
}

/** Refcounts in blocks that are sound: raised to what is referenced, lowered where nothing is behind. */
export async function planRefcounts(
  draft: Draft,
  rules: TargetRules,
  blocks: RefcountBlocks,
  signal?: AbortSignal,
): Promise<boolean> {
  const { survey } = rules
  if (draft.awaitsRelink && !rules.leaksOnly) return false
  const { refcountBlockEntries: perBlock, refcountOrder } = survey.image.geometry
  let changed = false
  for (const { number, targets } of targetsByBlock(rules)) {
    const offset = blocks.offsets[number] ?? 0
    if (offset === 0) continue
    signal?.throwIfAborted()
    const first = number * perBlock
    const kinds: Kind[] = []
    const touched = new Uint8Array(Math.min(perBlock, survey.clusters - first))
    for (const { first: cluster, count, target } of targets) {
      const asks = target.class === 'free-leaks' && !draft.limits.allow.has('free-leaks')
      if (asks && rules.proof.mayHoldLost) continue
      if (!draft.may(target.class, target.code)) continue
      const from = cluster - first
      kindOf(kinds, target).changes.push({ from, to: from + count, value: target.value })
      touched.fill(1, from, from + count)
    }
    const ordered = kinds.sort((a, b) => Number(a.phase === 'lower') - Number(b.phase === 'lower'))
    for (const kind of ordered) {
      const edits = await blockEdits(draft, offset, kind, touched, refcountOrder)
      const at = edits[0]?.offset ?? offset
      changed = (await draft.act(specOf(kind, first, at), edits)) || changed
    }
  }
  return changed
}

interface BlockTargets {
  /** Index in the refcount table. */
  readonly number: number
  readonly targets: Iterable<TargetRun>
}

/** Blocks with something to change, ascending: those where anything differs, and those whose values say nothing. */
function* targetsByBlock(rules: TargetRules): Generator<BlockTargets> {
  const { survey, proof } = rules
  const { refcountBlockEntries: perBlock } = survey.image.geometry
  const differing = differingByBlock(survey)
  let next = differing.next()
  for (let number = 0; number * perBlock < survey.clusters; number++) {
    const runs = !next.done && next.value.number === number ? next.value.runs : undefined
    if (runs !== undefined) next = differing.next()
    if (proof.isGarbled(number * perBlock)) yield { number, targets: singleTargets(number, rules) }
    else if (runs !== undefined) yield { number, targets: runs.flatMap((run) => [...targetRuns(run, rules)]) }
  }
}

/** Of a block whose values say nothing even a refcount that fits may have to change. */
function* singleTargets(number: number, rules: TargetRules): Generator<TargetRun> {
  const { clusters, image } = rules.survey
  const { refcountBlockEntries: perBlock } = image.geometry
  const end = Math.min((number + 1) * perBlock, clusters)
  for (let first = number * perBlock; first < end; first++) {
    const target = refcountTarget(first, rules)
    if (target !== undefined) yield { first, count: 1, target }
  }
}

function kindOf(kinds: Kind[], target: Target): Kind {
  for (const kind of kinds) {
    const { class: name, code, raise } = kind.target
    if (name === target.class && code === target.code && raise === target.raise) return kind
  }
  const kind: Kind = { target, phase: target.raise ? 'raise' : 'lower', changes: [] }
  kinds.push(kind)
  return kind
}

function specOf({ target, phase, changes }: Kind, first: number, offset: number): ActionSpec {
  const clusters = changes.reduce((sum, { from, to }) => sum + to - from, 0)
  const start = first + (changes[0]?.from ?? 0)
  const one = clusters === 1
  const which = one ? `cluster ${start}` : `${clusters} clusters from ${start} on`
  const them = one ? 'it' : 'them'
  const refcounts = one ? `the refcount of ${which} is` : `the refcounts of ${which} are`
  const why =
    phase === 'raise'
      ? `${refcounts} lower than what uses ${them}: QEMU would give ${them} away again`
      : target.code === 'leak'
        ? `${which} ${one ? 'is' : 'are'} used by nothing${target.class === 'free-leaks' ? '' : `, and nothing is behind ${them}`}`
        : `${refcounts} higher than what uses ${them}`
  return { class: target.class, code: target.code, offset, why, lossy: target.class === 'free-leaks' }
}

async function blockEdits(
  draft: Draft,
  offset: number,
  { changes, phase }: Kind,
  touched: Uint8Array,
  order: number,
): Promise<readonly Edit[]> {
  const bits = 2 ** order
  const runs: { from: number; to: number }[] = []
  for (const { from, to } of changes) {
    const last = runs.at(-1)
    const near = last !== undefined && ((from - last.to) * bits) / 8 <= JOINED
    if (near && !anyBetween(touched, last.to, from)) last.to = to
    else runs.push({ from, to })
  }
  const lastIndex = runs.at(-1)?.to ?? 0
  const block = await readPadded(draft.overlay, offset, Math.ceil((lastIndex * bits) / 8))
  for (const { from, to, value } of changes) fillRefcounts(block, order, { from, to, value })
  return runs.map(({ from, to }) => {
    const start = Math.floor((from * bits) / 8)
    return { offset: offset + start, bytes: block.slice(start, Math.ceil((to * bits) / 8)), phase }
  })
}

/** Entries of whole bytes are written once and then copied, twice as many each time. */
function fillRefcounts(block: Uint8Array, order: number, { from, to, value }: Change): void {
  const width = 2 ** order / 8
  setRefcount(block, order, from, value)
  if (width < 1) for (let index = from + 1; index < to; index++) setRefcount(block, order, index, value)
  else
    for (let done = 1; done < to - from; done *= 2)
      block.copyWithin((from + done) * width, from * width, (from + Math.min(done, to - from - done)) * width)
}

/** Entries of another kind in between would be written by both. */
function anyBetween(touched: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (touched[index] === 1) return true
  return false
}
