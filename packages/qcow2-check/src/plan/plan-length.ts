import type { Survey } from '../check/survey.ts'
import { LIMITS } from '../format/index.ts'
import type { Evidence } from '../recover/index.ts'
import { ClusterSet } from './cluster-set.ts'
import { distinctDisks, readL2, windowsOf } from './disk-tables.ts'
import type { Draft } from './draft.ts'
import { joinRanges } from './join-ranges.ts'
import { addTargets } from './leaked-content.ts'
import { readPadded } from './read-padded.ts'

/** How much a file may grow: further away, an entry is rubbish and not one of a file that was cut off. */
const MOST_TIMES = 4
const MOST_MORE = 2 ** 30

/** A file that was cut off gets its length back, so that QEMU reads zeros where it would fail. */
export async function planLength(draft: Draft, survey: Survey, _evidence: Evidence): Promise<boolean> {
  const { image, findings } = survey
  const cut = findings.find(({ code }) => code === 'truncated' || code.endsWith('beyond-end'))
  // Tables of zeros would make a disk of zeros that looks whole: its data have no refcounts that tell of them.
  if (image.features.externalData && findings.some(({ code }) => code === 'l1-entry-beyond-end')) return false
  if (cut === undefined || !draft.may('extend-file', 'truncated')) return false
  const { clusterSize } = image.geometry
  const most = Math.min(image.fileSize * MOST_TIMES, image.fileSize + MOST_MORE) / clusterSize
  const last = await lastPointedTo(survey, most)
  if (last === undefined) return false
  const size = (last + 1) * clusterSize
  if (size <= draft.overlay.size) return false
  const spec = {
    class: 'extend-file' as const,
    code: 'truncated' as const,
    offset: image.fileSize,
    why: `the file ends before clusters that its tables name; it gets ${size - image.fileSize} bytes of zeros`,
    lossy: true,
    guest: joinRanges(
      findings.flatMap(({ code, guest }) => (code.endsWith('beyond-end') && guest ? [guest] : [])),
    ),
    disks: [undefined, ...image.snapshots.entries.map(({ id }) => id)],
  }
  return draft.act(spec, [{ offset: size - 1, bytes: new Uint8Array(1), phase: 'append' }])
}

async function lastPointedTo({ image, clusters }: Survey, most: number): Promise<number | undefined> {
  const beyond = new ClusterSet()
  const wanted = (cluster: number) => cluster >= clusters && cluster < most
  const { clusterBits } = image.geometry
  const seen = new Set<number>()
  const disks = distinctDisks(image)
  for (const { l1 } of disks) {
    const bytes = await readPadded(image.source, l1.offset, Math.min(l1.entries * 8, LIMITS.l1Table))
    addTargets(bytes, clusterBits, wanted, beyond)
  }
  for await (const { entries } of windowsOf(image, disks))
    for (const { l2 } of entries) {
      if (l2 === 0 || seen.has(l2)) continue
      seen.add(l2)
      const { buffer } = await readL2(image, l2)
      addTargets(new Uint8Array(buffer), clusterBits, wanted, beyond)
    }
  return [...beyond].at(-1)
}
