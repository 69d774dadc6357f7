import { setRefcount } from '../format/index.ts'
import type { ActionSpec, Draft, Edit } from './draft.ts'
import type { Phase } from './plan.ts'
import { readPadded } from './read-padded.ts'
import type { RefcountBlocks } from './refcount-blocks.ts'
import { refcountTarget, type Target, type TargetRules } from './refcount-target.ts'

/** Unchanged bytes between two changed runs that are written along: fewer, larger writes. */
const JOINED = 64

interface Change {
  /** Index in the block. */
  readonly index: number
  readonly value: number
}

interface Kind {
  readonly target: Target
  readonly phase: Phase
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
  const { refcountBlockEntries: perBlock } = survey.image.geometry
  let changed = false
  for (const [number, offset] of blocks.offsets.entries()) {
    const first = number * perBlock
    if (first >= survey.clusters) break
    if (offset === 0) continue
    signal?.throwIfAborted()
    const end = Math.min(first + perBlock, survey.clusters)
    const kinds: Kind[] = []
    const touched = new Uint8Array(end - first)
    for (let cluster = first; cluster < end; cluster++) {
      const target = refcountTarget(cluster, rules)
      if (target === undefined) continue
      const asks = target.class === 'free-leaks' && !draft.limits.allow.has('free-leaks')
      if (asks && rules.proof.mayHoldLost) continue
      if (!draft.may(target.class, target.code)) continue
      kindOf(kinds, target).changes.push({ index: cluster - first, value: target.value })
      touched[cluster - first] = 1
    }
    const ordered = kinds.sort((a, b) => Number(a.phase === 'lower') - Number(b.phase === 'lower'))
    for (const kind of ordered) {
      const edits = await blockEdits(draft, offset, kind, touched, survey.image.geometry.refcountOrder)
      const at = edits[0]?.offset ?? offset
      changed = (await draft.act(specOf(kind, first, at), edits)) || changed
    }
  }
  return changed
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
  const count = `${changes.length} cluster${changes.length === 1 ? '' : 's'} from ${first + (changes[0]?.index ?? 0)} on`
  const why =
    phase === 'raise'
      ? `refcounts of ${count} are lower than what uses them: QEMU would give them away again`
      : target.code === 'leak'
        ? `${count} are used by nothing${target.class === 'free-leaks' ? '' : ', and nothing is behind them'}`
        : `refcounts of ${count} are higher than what uses them`
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
  for (const { index } of changes) {
    const last = runs.at(-1)
    const near = last !== undefined && ((index - last.to) * bits) / 8 <= JOINED
    if (near && !anyBetween(touched, last.to, index)) last.to = index + 1
    else runs.push({ from: index, to: index + 1 })
  }
  const lastIndex = runs.at(-1)?.to ?? 0
  const block = await readPadded(draft.overlay, offset, Math.ceil((lastIndex * bits) / 8))
  for (const { index, value } of changes) setRefcount(block, order, index, value)
  return runs.map(({ from, to }) => {
    const start = Math.floor((from * bits) / 8)
    return { offset: offset + start, bytes: block.slice(start, Math.ceil((to * bits) / 8)), phase }
  })
}

/** Entries of another kind in between would be written by both. */
function anyBetween(touched: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (touched[index] === 1) return true
  return false
}
