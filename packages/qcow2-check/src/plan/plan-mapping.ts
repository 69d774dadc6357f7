import type { Survey } from '../check/survey.ts'
import { COPIED_HIGH } from '../format/index.ts'
import type { EntryRepair, Evidence } from '../recover/index.ts'
import type { Draft } from './draft.ts'
import { readPadded } from './read-padded.ts'
import { l1Leads, l2Reads } from './reads-now.ts'

const COPIED = BigInt(COPIED_HIGH) << 32n

/** Entries of L1 and L2 tables of which the file proves, or suggests, what they must have been. */
export async function planMapping(
  draft: Draft,
  survey: Survey,
  { entryRepairs }: Evidence,
): Promise<boolean> {
  let changed = false
  const entriesOfL2s = entryRepairs.filter(({ table }) => table === 'l2').length
  for (const repair of entryRepairs) {
    const { entryOffset: at, after, certain, guest, snapshots, table } = repair
    // What is merely possible would be data of somewhere else, if it is wrong: no consent makes that right.
    if (!certain) continue
    const code = codeAt(survey, repair)
    // Where something can be read now it changes, however well that is proven.
    const lost = await isLost(draft, survey, repair)
    // Where more is cross-linked than such entries explain, a whole table is in the wrong place, not a bit of an entry.
    if (!lost && table === 'l2' && survey.crossLinked.length > entriesOfL2s) continue
    const name = lost ? 'restore-mapping' : 'relink'
    if (!draft.may(name, code)) continue
    const bytes = new Uint8Array(8)
    // COPIED is set last of all, once the refcounts are right.
    new DataView(bytes.buffer).setBigUint64(0, after & ~COPIED)
    const spec = {
      class: name,
      code,
      offset: at,
      why: `${table === 'l1' ? 'an L1' : 'an L2'} entry must have been this: ${reasonOf(repair)}`,
      guest: [guest],
      disks: snapshots,
    } as const
    changed = (await draft.act(spec, [{ offset: at, bytes, phase: 'link' }])) || changed
  }
  return changed
}

/** The entry as it stands leads to nothing. */
async function isLost(
  draft: Draft,
  { image }: Survey,
  { entryOffset: at, table }: EntryRepair,
): Promise<boolean> {
  const bytes = await readPadded(draft.overlay, at, table === 'l1' ? 8 : image.geometry.l2EntrySize)
  if (table === 'l2') return !l2Reads(image, bytes)
  const view = new DataView(bytes.buffer)
  return !l1Leads(image, view.getUint32(0), view.getUint32(4))
}

function reasonOf({ proof }: EntryRepair): string {
  const clusters = `${proof.clusters} leaked cluster${proof.clusters === 1 ? '' : 's'}`
  switch (proof.kind) {
    case 'only-fit':
      return `nothing else fits it, and it accounts for ${clusters}`
    case 'near':
      return `${proof.bits ?? 1} of its bits differ, and it accounts for ${clusters}`
    case 'shared':
      return `the table shares data with other disks at just this place, and accounts for ${clusters}`
    case 'low-bits':
      return 'without its lowest bits it points to a leaked cluster'
    case 'nothing-lost':
      return 'everything in the file is accounted for, so that it pointed to nothing'
  }
}

/** The finding at the entry; where there is none, its table is what the leaks tell of. */
function codeAt({ findings }: Survey, { entryOffset: at, table }: EntryRepair) {
  const prefix = table === 'l1' ? 'l1-entry' : 'l2-entry'
  const own = findings.find(
    ({ code, offset, length }) => code.startsWith(prefix) && offset <= at && at < offset + length,
  )
  return own?.code ?? 'lost-l2'
}
