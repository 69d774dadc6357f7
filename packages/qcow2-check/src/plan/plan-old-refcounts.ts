import type { Survey } from '../check/survey.ts'
import { OverlaySource } from '../source/index.ts'
import type { Draft, Edit } from './draft.ts'
import { lookAt } from './look.ts'
import type { Proof } from './nothing-behind.ts'
import { findOldBlock, findOldTable, isBlock, type OldTable } from './old-refcounts.ts'
import { entryBytes, POINTER } from './plan-refcount-structure.ts'
import type { RefcountBlocks } from './refcount-blocks.ts'

/**
 * The refcount table and blocks that are still in the file, where only what points to them was lost.
 *
 * @returns true if something was found again: the image has to be looked at anew
 */
export async function planOldRefcounts(
  draft: Draft,
  survey: Survey,
  { content }: Proof,
  blocks: RefcountBlocks,
  signal?: AbortSignal,
): Promise<boolean> {
  const named = survey.findings.some(({ code }) => code === 'header-refcount-table')
  if (named || blocks.tableOffset === 0 || blocks.offsets.every((offset) => offset === 0)) {
    const table = await findOldTable(survey, content, (tried) => withTable(draft, survey, tried, signal))
    if (table !== undefined) {
      const why = 'the header points to the refcount table again: its blocks count what is referenced'
      const spec = {
        class: 'rebuild-refcounts',
        code: 'header-refcount-table',
        offset: POINTER.offset,
        why,
      } as const
      return draft.act(spec, [{ offset: POINTER.offset, bytes: pointerBytes(table), phase: 'raise' }])
    }
  }
  if (blocks.tableOffset === 0) return false
  const edits: Edit[] = []
  const put = (index: number, offset: number) =>
    edits.push({ offset: blocks.tableOffset + index * 8, bytes: entryBytes(offset), phase: 'raise' })
  for (const index of lostIndexes(survey, blocks)) {
    const own = blocks.named[index] ?? 0
    const offset = (await isSharedBlock(survey, own, index))
      ? own
      : await findOldBlock(survey, content, index)
    if (offset === undefined) continue
    put(index, offset)
    for (const [other, block] of blocks.named.entries())
      if (block === offset && other !== index) put(other, 0)
  }
  const why = 'the refcount table points to its blocks again: they count what is referenced'
  const spec = {
    class: 'rebuild-refcounts',
    code: 'refcount-table-entry',
    offset: blocks.tableOffset,
    why,
  } as const
  return edits.length > 0 && draft.act(spec, edits)
}

/** Several entries name it, and it counts what this one is for. */
async function isSharedBlock(survey: Survey, offset: number, index: number): Promise<boolean> {
  const { clusterSize } = survey.image.geometry
  if (offset === 0 || offset % clusterSize !== 0 || offset >= survey.image.fileSize) return false
  const cluster = offset / clusterSize
  const owners = (await survey.ownersOf(new Set([cluster]))).get(cluster) ?? []
  return owners.every(({ kind }) => kind === 'refcount-block') && isBlock(survey, offset, index)
}

/** The image as it would be with this table for its refcounts. */
async function withTable(
  draft: Draft,
  { image }: Survey,
  table: OldTable,
  signal: AbortSignal | undefined,
): Promise<Survey> {
  const trial = new OverlaySource(draft.overlay)
  await trial.write(pointerBytes(table), POINTER.offset)
  return lookAt(trial, image, signal)
}

function pointerBytes({ offset, clusters }: OldTable): Uint8Array {
  const pointer = new Uint8Array(POINTER.length)
  pointer.set(entryBytes(offset))
  new DataView(pointer.buffer).setUint32(8, clusters)
  return pointer
}

/** Of references there are some, of refcounts none. */
function lostIndexes(survey: Survey, { offsets, capacity }: RefcountBlocks): readonly number[] {
  const { refcountBlockEntries: perBlock } = survey.image.geometry
  const end = Math.min(survey.clusters, capacity * perBlock)
  const lost: number[] = []
  for (let cluster = survey.nextReferenced(0); cluster < end; ) {
    const index = Math.floor(cluster / perBlock)
    if ((offsets[index] ?? 0) === 0) lost.push(index)
    cluster = survey.nextReferenced((index + 1) * perBlock)
  }
  return lost
}
