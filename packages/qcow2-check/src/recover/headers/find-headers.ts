import {
  decodeHeader,
  encodeHeader,
  geometryOf,
  type Header,
  hasMagic,
  INCOMPATIBLE,
} from '../../format/index.ts'
import { readRange } from '../../image/read-range.ts'
import type { BlockSource } from '../../source/index.ts'
import type { HeaderEvidence, HeaderField } from '../evidence.ts'
import { findEvidence } from '../find-evidence.ts'
import { isZstd } from './compression.ts'
import { findL1Tables } from './find-l1.ts'
import { guestSize } from './guest-size.ts'
import { whatFollows, withBackingName } from './header-surroundings.ts'
import { type HeaderDraft, plausibleFields } from './plausible-fields.ts'
import { findRefcountAnchors, type RefcountAnchor } from './refcount-anchors.ts'
import { better, faultsOf, type Trial, tryHeader, withExtendedL2 } from './trial.ts'

export interface HeaderSearchOptions {
  readonly signal?: AbortSignal
  /** The beginning of another image that was made in the same way, of which fields are taken that nothing else tells. */
  readonly template?: Uint8Array
  /** Only headers that refcounts prove: without a refcount table nothing else is searched for. */
  readonly onlyProven?: boolean
}

/** Anchors that are followed up; a sound image has one. */
const MOST_ANCHORS = 4

/**
 * Puts together headers for an image whose own is gone, or of which fields are wrong. Each is tried: the image is walked
 * with it, and held against the refcounts. Reads the whole file where what stands at its beginning doesn't help.
 *
 * @returns best first; none where nothing in the file is a refcount table or an L1 table
 */
export async function findHeaders(
  source: BlockSource,
  options: HeaderSearchOptions = {},
): Promise<HeaderEvidence[]> {
  const { bytes } = await readRange(source, 0, 4096)
  const own = decodeHeader(withVersion(bytes))
  const tables = Number(own.refcountTableOffset)
  const anchors: (RefcountAnchor | undefined)[] = await findRefcountAnchors(source, {
    ...options,
    ...(tables > 0 && tables < source.size && { offset: tables }),
  })
  // Where every cluster is used once, a smaller cluster size fits the same counts.
  anchors.sort((a, b) => rank(b, own) - rank(a, own))
  const found: HeaderEvidence[] = []
  if (anchors.length === 0 && options.onlyProven !== true) anchors.push(undefined)
  for (const anchor of anchors.slice(0, MOST_ANCHORS)) {
    const wrecked = !hasMagic(bytes) && own.clusterBits !== anchor?.clusterBits && tables !== anchor?.offset
    const template = wrecked && options.template ? decodeHeader(options.template) : undefined
    const draft = template
      ? plausibleFields({ ...template, ...NO_PLACES }, anchor, source.size, 'template', false)
      : plausibleFields(own, anchor, source.size, 'kept', wrecked)
    const behind = whatFollows(bytes, withBackingName(bytes, draft))
    const evidence = await complete(source, behind.draft, anchor, behind.end, options)
    if (evidence) found.push(evidence)
    if (evidence?.proof.differ === 0) break
  }
  return found.sort((a, b) => a.proof.differ - b.proof.differ)
}

function rank(anchor: RefcountAnchor | undefined, own: Header): number {
  if (anchor === undefined) return 0
  const { clusterBits, refcountOrder, offset } = anchor
  const kept = (clusterBits === own.clusterBits ? 64 : 0) + (refcountOrder === own.refcountOrder ? 32 : 0)
  return clusterBits + kept + (BigInt(offset) === own.refcountTableOffset ? 128 : 0)
}

/** Another image has its tables elsewhere. */
const NO_PLACES = {
  l1TableOffset: 0n,
  refcountTableOffset: 0n,
  snapshotCount: 0,
  snapshotsOffset: 0n,
} as const

async function complete(
  source: BlockSource,
  draft: HeaderDraft,
  anchor: RefcountAnchor | undefined,
  end: Uint8Array,
  { signal }: HeaderSearchOptions,
): Promise<HeaderEvidence | undefined> {
  const own = await tryHeader(source, draft.header, signal)
  const lost = own.image.activeL1.entries === 0 || faultsOf(own, true) > 0
  const [trial = own, flagged] = lost ? await findL1(source, draft.header, own, signal) : []
  if (trial.image.activeL1.offset === 0) return undefined
  let best = await finish(source, draft, trial, signal)
  if (best.differ > 0 && flagged !== undefined) {
    const other = await finish(source, draft, flagged, signal)
    if (other.differ < best.differ) best = other
  }
  const { header, from, agree, differ } = best
  const proven = anchor !== undefined
  const names = Object.keys(header) as (keyof Header)[]
  const fields = names.map((name) => ({
    name,
    value: header[name],
    from: from[name] ?? ('derived' as const),
  }))
  return {
    header,
    bytes: Uint8Array.from([...encodeHeader(header), ...end]),
    fields,
    proof: { kind: proven ? 'refcounts' : 'structure', agree, differ },
    certain:
      proven &&
      differ === 0 &&
      from.size !== 'guessed' &&
      from.size !== 'carved' &&
      from.backingFileSize !== 'guessed',
  }
}

type Origins = Partial<Record<keyof Header, HeaderField['from']>>

interface Finished {
  readonly header: Header
  readonly from: Origins
  /** Clusters whose refcount is what is counted, and those where it is not. */
  readonly agree: number
  readonly differ: number
}

/** What follows from the tables: snapshots, size, compression; and how the refcounts agree with that. */
async function finish(
  source: BlockSource,
  draft: HeaderDraft,
  trial: Trial,
  signal: AbortSignal | undefined,
): Promise<Finished> {
  const from: Origins = { ...draft.from }
  if (trial.header.l1TableOffset !== draft.header.l1TableOffset) from.l1TableOffset = 'carved'
  const whole = await withCompression(source, await withSnapshots(source, trial, from, signal), signal)
  return { header: whole.header, from, ...agreement(whole) }
}

/**
 * The active L1 table, with extended L2 entries or without, whichever the refcounts speak for.
 *
 * @returns the one with the fewest faults; and, if that is another, the best of those that must be the active disk's by
 * their flags: with snapshots counted it may have fewer
 */
async function findL1(
  source: BlockSource,
  header: Header,
  own: Trial,
  signal?: AbortSignal,
): Promise<readonly [Trial, Trial?]> {
  const variants =
    header.clusterBits >= 14 && header.version === 3 ? [header, withExtendedL2(header)] : [header]
  let best: Trial | undefined
  let flagged: Trial | undefined
  for (const variant of variants) {
    const probe = variant === header ? own : await tryHeader(source, variant, signal)
    for (const { offset, entries, flagged: active } of await findL1Tables(probe, signal)) {
      const { l2Coverage } = probe.image.geometry
      const needed = Math.max(entries, Math.ceil(Number(variant.size) / l2Coverage))
      const l1Size = variant.size > 0n ? needed : entries
      const size = variant.size > 0n ? variant.size : BigInt(entries * l2Coverage)
      const next = await tryHeader(
        source,
        { ...variant, l1TableOffset: BigInt(offset), l1Size, size },
        signal,
      )
      best = better(best, next, false)
      if (active) flagged = better(flagged, next, false)
    }
  }
  if (best === undefined || better(own, best, false) === own) return [own]
  return best === flagged || flagged === undefined ? [best] : [best, flagged]
}

/** The snapshot table, and the size of the disk, which snapshots may tell. */
async function withSnapshots(
  source: BlockSource,
  trial: Trial,
  from: Origins,
  signal?: AbortSignal,
): Promise<Trial> {
  const evidence = await findEvidence(trial.survey, signal ? { signal } : {})
  const table = evidence.tables.find(({ certain }) => certain)
  let header = trial.header
  if (table && !table.current) {
    header = { ...header, snapshotCount: table.entries.length, snapshotsOffset: BigInt(table.offset) }
    from.snapshotCount = 'carved'
    from.snapshotsOffset = 'carved'
  }
  if (from.size !== 'kept' && from.size !== 'template') {
    const { size, from: how } = await guestSize(trial, evidence)
    const { l2Coverage } = geometryOf(
      header.clusterBits,
      header.refcountOrder,
      trial.image.features.extendedL2,
    )
    from.size = how
    from.l1Size = 'derived'
    header = { ...header, size: BigInt(size), l1Size: Math.max(header.l1Size, Math.ceil(size / l2Coverage)) }
  }
  const needed = Math.ceil(Number(header.size) / trial.image.geometry.l2Coverage)
  if (header.l1Size < needed) {
    header = { ...header, l1Size: needed }
    from.l1Size = 'derived'
  }
  return header === trial.header ? trial : better(await tryHeader(source, header, signal), trial, true)
}

/** Compressed clusters tell by their magic how they are. */
async function withCompression(source: BlockSource, trial: Trial, signal?: AbortSignal): Promise<Trial> {
  const { header, survey } = trial
  if (header.version !== 3 || survey.counts.compressedClusters === 0) return trial
  if (header.compressionType === 1 || !(await isZstd(trial.image))) return trial
  const incompatibleFeatures = header.incompatibleFeatures | INCOMPATIBLE.compressionType
  const headerLength = Math.max(112, header.headerLength)
  return tryHeader(source, { ...header, incompatibleFeatures, headerLength, compressionType: 1 }, signal)
}

/** Clusters whose refcount is what is counted, and those where it is not; of a very long file, of a part. */
function agreement({ survey }: Trial): { agree: number; differ: number } {
  let agree = 0
  let differ = survey.counts.checkErrors
  const end = Math.min(survey.clusters, 2 ** 27)
  for (let cluster = survey.nextCounted(0); cluster < end; cluster = survey.nextCounted(cluster + 1)) {
    const referenced = survey.referenced(cluster)
    if (referenced !== survey.stored(cluster)) differ++
    else if (referenced > 0) agree++
  }
  return { agree, differ }
}

/** Which version stands there, where its own field doesn't say it: only that of 3 has a length. */
function withVersion(bytes: Uint8Array): Uint8Array {
  const header = decodeHeader(bytes)
  if (header.version === 2 || header.version === 3) return bytes
  const patched = bytes.slice()
  const view = new DataView(patched.buffer)
  const { headerLength } = header
  const three = headerLength >= 104 && headerLength <= 4096 && headerLength % 8 === 0
  if (patched.length >= 8) view.setUint32(4, three || bytes.every((byte) => byte === 0) ? 3 : 2)
  return patched
}
