import type { Finding } from '../../src/findings/index.ts'
import type { Action } from '../../src/plan/index.ts'
import type { Case } from '../corpus/cases.ts'
import type { Content } from '../corpus/content.ts'
import { sameBytes } from './truth.ts'

/** Where a snapshot's entry begins: offset and length of its L1 table. */
const L1_POINTER = 12

/**
 * With several damages in an image one can be mended while another stays: a snapshot that has the L1 table of the active
 * disk reads other wrong bytes once that disk is right, and one whose own table is zeros reads zeros as soon as QEMU opens
 * the image again. Nothing is lost by that, as long as somebody is told.
 *
 * @param findings of a check of the repaired image
 * @param before what QEMU read from this disk of the damaged image; undefined where it couldn't
 * @returns true for a piece that the damaged image didn't give either, where the plan or the check says that it is wrong
 */
export function toldOf(
  one: Case,
  actions: readonly Action[],
  findings: readonly Finding[],
  id: string | undefined,
  before: Content | undefined,
): (piece: number) => boolean {
  const reference = one.healthy.contents.get(id)
  const strange = before !== undefined && hasStrangeTable(one, id)
  const wasWrong = (piece: number): boolean => {
    if (before === undefined) return leadsElsewhere(one, id, piece)
    return strange || before.pieces.get(piece) !== reference?.pieces.get(piece)
  }
  return (piece) =>
    wasWrong(piece) &&
    (findings.some((finding) => tellsOf(finding, id, piece)) ||
      actions.some((action) => givesUp(action, id, piece)))
}

/** QEMU took the L1 table of another disk for this one's, so that nothing it read was of this disk. */
function hasStrangeTable({ healthy, bytes }: Case, id: string | undefined): boolean {
  const entry = healthy.layout.disks.find((disk) => disk.id === id)?.entry
  return entry !== undefined && !sameBytes(healthy.bytes, bytes, entry.offset, L1_POINTER)
}

/** The damage is on the way to the piece: in the entry of the L1 table, or of the L2 table, that led to it. */
function leadsElsewhere({ healthy, bytes }: Case, id: string | undefined, piece: number): boolean {
  const { layout } = healthy
  const disk = layout.disks.find((candidate) => candidate.id === id)
  const mapped = disk?.mapped.find(({ guest }) => guest <= piece && piece < guest + layout.clusterSize)
  if (disk === undefined || mapped === undefined) return false
  const window = (layout.clusterSize / layout.l2EntrySize) * layout.clusterSize
  const l1Entry = disk.l1.offset + Math.floor(piece / window) * 8
  return (
    !sameBytes(healthy.bytes, bytes, l1Entry, 8) ||
    !sameBytes(healthy.bytes, bytes, mapped.entry, layout.l2EntrySize)
  )
}

/** A finding that stays names the disk, or the place on it. */
function tellsOf(
  { code, severity, snapshot, guest, fields }: Finding,
  id: string | undefined,
  piece: number,
) {
  if (severity !== 'corruption' && severity !== 'error' && code !== 'lost-l2') return false
  if (id !== undefined && snapshot === id) return true
  if (code === 'cross-link') {
    const disk = id === undefined ? 'the active disk' : `snapshot ${id}`
    return [fields.first, fields.second].some((owner) => new RegExp(`${disk}(\\)|$)`).test(String(owner)))
  }
  return snapshot === id && guest !== undefined && covers(guest, piece)
}

/** Somebody consented to reading zeros there. */
function givesUp({ lossy, guest, snapshots, active }: Action, id: string | undefined, piece: number) {
  const own = id === undefined ? active === true : snapshots.includes(id)
  return lossy && own && guest.some((range) => covers(range, piece))
}

const covers = ({ offset, length }: { offset: number; length: number }, piece: number): boolean =>
  offset <= piece && piece < offset + length
