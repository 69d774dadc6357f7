import { type ClusterRange, type Survey, type SurveyOptions, survey } from '../../check/index.ts'
import type { Image, Snapshot } from '../../image/index.ts'
import type { CarvedEntry } from '../evidence.ts'
import { inBytes, rangesWhere } from '../reading/candidate-ranges.ts'
import type { ClusterReader } from '../reading/cluster-reader.ts'
import type { TableRules } from '../reading/table-rules.ts'
import { carveEntry, LONGEST_ENTRY } from './carved-entries.ts'
import { type DamagedEntry, damagedEntry } from './mend-entries.ts'

/** Bytes from where the header says that the table is; it need not be broken from its beginning. */
const TABLE_REACH = 2 ** 20
/** Entries read one after another; QEMU allows 65536 of them. */
const MOST_ENTRIES = 65536

/** The table that the header names, entry by entry, as far as they follow one another. */
export interface CurrentTable {
  readonly sound: readonly CarvedEntry[]
  readonly damaged: readonly DamagedEntry[]
}

/**
 * Clusters of the table that the header names, whoever else claims them, and those behind it that nobody has: guest data
 * may hold tables of its own.
 */
export function placesOfCurrentTable(
  { image, clusters, referenced }: Survey,
  { geometry, fileSize }: TableRules,
): Iterable<ClusterRange> {
  const { clusterSize } = geometry
  const { header, snapshots } = image
  if (header.snapshotCount === 0 || header.snapshotsOffset >= BigInt(fileSize)) return []
  const first = Math.floor(Number(header.snapshotsOffset) / clusterSize)
  const ends = snapshots.entries.filter(({ sound }) => sound).map((e) => e.entryOffset + e.entryLength)
  const end =
    snapshots.offset === 0 ? first : Math.ceil(Math.max(snapshots.offset + 1, ...ends) / clusterSize)
  const count = Math.min(Math.ceil(TABLE_REACH / clusterSize), clusters - first)
  return rangesWhere([{ first, count }], (cluster) => cluster < end || referenced(cluster) === 0)
}

export async function readCurrentTable(
  survey: Survey,
  reader: ClusterReader,
  rules: TableRules,
): Promise<CurrentTable> {
  const sound: CarvedEntry[] = []
  const damaged: DamagedEntry[] = []
  const [first] = inBytes(placesOfCurrentTable(survey, rules), rules.geometry.clusterSize)
  if (first === undefined || BigInt(first.offset) !== survey.image.header.snapshotsOffset)
    return { sound, damaged }
  await reader.pieces([first], LONGEST_ENTRY, (offset, bytes, length) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let previousId: string | undefined
    for (let at = 0, count = 0; at + 40 <= Math.min(length, bytes.length) && count < MOST_ENTRIES; count++) {
      const entry = carveEntry(bytes, view, at, offset, rules)
      const broken = entry ? undefined : damagedEntry(bytes, at, offset, rules, previousId)
      if (entry) sound.push(entry)
      else if (broken) damaged.push(broken)
      else return
      previousId = entry?.id ?? (broken && new TextDecoder().decode(broken.entry.id))
      at += (entry ?? broken)?.length as number
    }
  })
  return { sound, damaged }
}

/**
 * What the image is without entries of the snapshot table that can't be believed. They may name anything as L1 table, of
 * any length, and what is counted by that says nothing.
 */
export async function surveyBelievable(
  found: Survey,
  options: SurveyOptions,
  read: (survey: Survey) => Promise<CurrentTable>,
): Promise<{ readonly survey: Survey; readonly current: CurrentTable }> {
  const sound = await surveyWith(found, ({ sound }) => sound, options)
  const current = await read(sound)
  const offsets = new Set(current.sound.map(({ offset }) => offset))
  const believed = await surveyWith(sound, ({ entryOffset }) => offsets.has(entryOffset), options)
  return { survey: believed, current }
}

async function surveyWith(
  found: Survey,
  test: (snapshot: Snapshot) => boolean,
  options: SurveyOptions,
): Promise<Survey> {
  const { image } = found
  const entries = image.snapshots.entries.filter(test)
  if (entries.length === image.snapshots.entries.length) return found
  const believable: Image = { ...image, snapshots: { ...image.snapshots, entries, complete: false } }
  return survey(believable, options)
}
