import type { Survey } from '../check/survey.ts'
import type { Finding, FindingCode } from '../findings/index.ts'
import { SNAPSHOT_POINTER } from '../format/index.ts'
import type { Evidence, TableEvidence } from '../recover/index.ts'
import type { ActionSpec, Draft } from './draft.ts'
import type { FreeSpace } from './free-space.ts'
import { mappingIsDamaged } from './hiding.ts'
import { readPadded } from './read-padded.ts'
import { entryForTable, type ListedEntry } from './snapshot-entry-bytes.ts'
import { unbornSnapshot, writeRebuiltL1s } from './snapshot-l1s.ts'
import { faultyAmong, matchAmong } from './snapshot-matches.ts'

/** The table itself can't be read as it stands. */
const TABLE: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'snapshots-offset',
  'snapshots-count',
  'snapshot-table-overwritten',
  'snapshot-entry',
  'snapshot-phantom',
])
/** An entry can be read, but what it says can't be. */
const ENTRY: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'snapshot-extra-data',
  'snapshot-l1-offset',
  'snapshot-l1-size',
  'snapshot-l1-lost',
])

/** The snapshot table: found again, shortened, or built anew from what the file proves. */
export async function planSnapshots(
  draft: Draft,
  survey: Survey,
  evidence: Evidence,
  space: FreeSpace,
): Promise<boolean> {
  const { entries } = survey.image.snapshots
  const table = survey.findings.find(({ code }) => TABLE.has(code))
  const unborn = await unbornSnapshot(draft, survey, evidence)
  const listing = table !== undefined || draft.limits.allow.has('adopt-snapshot')
  let changed = await writeRebuiltL1s(draft, survey, evidence, listing)
  const faults = survey.findings.filter(({ code }) => ENTRY.has(code))
  const certain = evidence.snapshots.filter((found) => found.certain && found.l1.offset !== unborn?.l1.offset)
  const faulty = faultyAmong(faults)
  const certainOf = matchAmong(certain)
  const bad = entries.filter((snapshot) => !snapshot.sound || faulty(snapshot) || snapshot === unborn)
  const hopeless = new Set(bad.filter((snapshot) => !certainOf(snapshot)))
  const matched = new Set(entries.map(certainOf))
  const unlisted = certain.filter((found) => !matched.has(found))
  // A rebuilt L1 table was written to its place: its entry is right as it is.
  const mendable = bad.filter(
    (snapshot) => certainOf(snapshot) && certainOf(snapshot)?.rebuiltL1 === undefined,
  )
  const context = { draft, survey, evidence, space }
  if (table !== undefined || mendable.length > 0 || unborn !== undefined) {
    const cause = table ??
      faults[0] ?? { code: 'snapshot-l1-lost' as const, offset: unborn?.entryOffset ?? 0 }
    const kept = [...hopeless].filter((one) => one !== unborn && (one.sound || table === undefined))
    const list = ordered([
      ...certain,
      ...kept,
      ...entries.filter((one) => !hopeless.has(one) && !certainOf(one)),
    ])
    if (list.length > 0 || unborn !== undefined) {
      // Of some nothing but the entry is left, which stays as it is.
      const faultyOtherwise = faultyAmong(faults.filter(({ code }) => code !== 'snapshot-l1-lost'))
      const bare = new Set(kept.filter((one) => !faultyOtherwise(one)))
      const affected = [...unlisted, ...bad.filter((one) => !bare.has(one))]
      const listing = { ...context, bare: bare.size }
      return (await listAnew(listing, 'restore-snapshots', cause, list, affected)) || changed
    }
    if (draft.may('drop-snapshot', cause.code))
      changed = (await pointTo(context, 'drop-snapshot', cause, { count: 0, offset: 0 }, [])) || changed
    return changed
  }
  const listed = entries.filter((snapshot) => !hopeless.has(snapshot))
  const [first] = hopeless
  const dropped = first && faults.find((fault) => faultyAmong([fault])(first))
  if (dropped && draft.may('drop-snapshot', dropped.code))
    return (await listAnew(context, 'drop-snapshot', dropped, listed, [...hopeless])) || changed
  // With a damage in the active tables the orphan may be the active disk itself.
  if (unlisted.length > 0 && !mappingIsDamaged(survey) && draft.may('adopt-snapshot', 'snapshot-orphan')) {
    const orphan = survey.findings.find(({ code }) => code === 'snapshot-orphan')
    const cause = orphan ?? { code: 'snapshot-orphan' as const, offset: unlisted[0]?.l1.offset ?? 0 }
    return (
      (await listAnew(context, 'adopt-snapshot', cause, ordered([...entries, ...unlisted]), unlisted)) ||
      changed
    )
  }
  return changed
}

type Cause = Pick<Finding, 'code' | 'offset'>

interface Context {
  readonly draft: Draft
  readonly survey: Survey
  readonly evidence: Evidence
  readonly space: FreeSpace
  /** Snapshots that are listed though nothing but the entry is left of them. */
  readonly bare?: number
}

async function listAnew(
  context: Context,
  name: 'restore-snapshots' | 'drop-snapshot' | 'adopt-snapshot',
  cause: Cause,
  list: readonly ListedEntry[],
  affected: readonly ListedEntry[],
): Promise<boolean> {
  const { draft, survey, evidence, space } = context
  const { image } = survey
  // What a whole table says is in the new one too.
  if (name === 'adopt-snapshot' && image.snapshots.complete && image.snapshots.length > 0)
    releaseOldTable(draft, survey)
  const existing = evidence.tables.find((table) => listsExactly(table, list))
  if (existing) {
    const target = { count: existing.entries.length, offset: existing.offset }
    return pointTo(context, name, cause, target, affected)
  }
  if (list.length === 0) return pointTo(context, name, cause, { count: 0, offset: 0 }, affected)
  const parts: Uint8Array[] = []
  const taken = new Set(list.flatMap((one) => ('id' in one ? one.id : (one.entry?.id ?? []))))
  for (const one of list) {
    const own =
      'id' in one ? await readPadded(draft.overlay, one.entryOffset, one.entryLength) : one.entry?.bytes
    parts.push(entryForTable(one, own, image, taken))
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const { clusterSize } = image.geometry
  const offset = await space.take(Math.ceil(length / clusterSize))
  if (offset === undefined) return false
  const bytes = new Uint8Array(Math.ceil(length / clusterSize) * clusterSize)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  const pointer = pointerBytes({ count: list.length, offset })
  if (name === 'restore-snapshots') releaseOldTable(draft, survey)
  return draft.act(specOf(context, name, cause, list.length, affected), [
    { offset, bytes, phase: 'append' },
    { offset: SNAPSHOT_POINTER.offset, bytes: pointer, phase: 'header' },
  ])
}

/** What it held is in the new table, or was written over: there is no other. */
function releaseOldTable(draft: Draft, { image, referenced, crossLinked }: Survey): void {
  const { clusterSize } = image.geometry
  const { snapshotsOffset } = image.header
  if (snapshotsOffset >= BigInt(image.fileSize) || snapshotsOffset % BigInt(clusterSize) !== 0n) return
  const first = Number(snapshotsOffset) / clusterSize
  const count = Math.max(1, Math.ceil(image.snapshots.length / clusterSize))
  for (let cluster = first; cluster < first + count; cluster++)
    if (referenced(cluster) <= 1 && !crossLinked.includes(cluster)) draft.released.add(cluster)
}

interface Pointer {
  readonly count: number
  readonly offset: number
}

function pointTo(
  context: Context,
  name: 'restore-snapshots' | 'drop-snapshot' | 'adopt-snapshot',
  cause: Cause,
  pointer: Pointer,
  affected: readonly ListedEntry[],
): Promise<boolean> {
  const edit = { offset: SNAPSHOT_POINTER.offset, bytes: pointerBytes(pointer), phase: 'header' as const }
  return context.draft.act(specOf(context, name, cause, pointer.count, affected), [edit])
}

function specOf(
  { bare = 0 }: Context,
  name: 'restore-snapshots' | 'drop-snapshot' | 'adopt-snapshot',
  { code, offset }: Cause,
  count: number,
  affected: readonly ListedEntry[],
): ActionSpec {
  const snapshots = affected.flatMap((one) =>
    'id' in one ? one.id : (one.entry?.id ?? `orphan:${one.orphan ?? '?'}`),
  )
  const listed = `${count} snapshot${count === 1 ? '' : 's'}`
  const why = {
    'restore-snapshots':
      bare > 0
        ? `the header points to a table of ${listed}; of ${bare} nothing but the entry is left`
        : `the header points to a table of the ${listed} that the file proves`,
    'drop-snapshot': `the table lists ${listed}: what the others held can't be found`,
    'adopt-snapshot': `${listed} ${count === 1 ? 'is' : 'are'} listed, with those that are whole and were not listed`,
  }[name]
  return { class: name, code, offset, why, lossy: name === 'drop-snapshot', disks: snapshots }
}

function listsExactly({ entries, whole, certain }: TableEvidence, list: readonly ListedEntry[]): boolean {
  if (!whole || !certain || entries.length !== list.length || entries.some(({ mended }) => mended))
    return false
  const tables = new Set(entries.map(({ l1 }) => `${l1.offset} ${l1.entries}`))
  return list.every(({ l1 }) => tables.has(`${l1.offset} ${l1.entries}`))
}

/** As they were taken, as far as the file tells. */
function ordered(list: readonly ListedEntry[]): readonly ListedEntry[] {
  const dateOf = (one: ListedEntry) => {
    const { date, dateNanoseconds } =
      'id' in one ? one : (one.entry ?? { date: Infinity, dateNanoseconds: 0 })
    return date + dateNanoseconds / 1e9
  }
  return [...list].sort((a, b) => dateOf(a) - dateOf(b) || idOf(a) - idOf(b))
}

function idOf(one: ListedEntry): number {
  const id = Number('id' in one ? one.id : one.entry?.id)
  return Number.isFinite(id) ? id : Number.MAX_SAFE_INTEGER
}

function pointerBytes({ count, offset }: Pointer): Uint8Array {
  const bytes = new Uint8Array(SNAPSHOT_POINTER.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, count)
  view.setBigUint64(4, BigInt(offset))
  return bytes
}
