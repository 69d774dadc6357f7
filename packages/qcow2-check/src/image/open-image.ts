import { Qcow2Error } from '../errors.ts'
import { decodeHeader, geometryOf, type Header, hasMagic, INCOMPATIBLE, LIMITS } from '../format/index.ts'
import type { BlockSource } from '../source/index.ts'
import { believeActiveL1, believeGeometry, believeRefcountTable, believeVirtualSize } from './believe.ts'
import { FIX_HEADER, FindingsList } from './findings-list.ts'
import type { Blocker, Image } from './image.ts'
import { readRange } from './read-range.ts'
import { readSnapshotTable } from './snapshot-table.ts'

export interface OpenOptions {
  /** The external data file, opened by the caller. */
  readonly dataFile?: BlockSource
  /** Taken for the header of the image, whatever stands in the file: one that was rebuilt, or of a sibling. */
  readonly header?: Header
}

/**
 * Opens an image as far as it can be understood; damage becomes findings.
 *
 * @throws Qcow2Error `not-qcow2`: nothing at its beginning looks like QCOW2; `unreadable`: its beginning can't be read
 */
export async function openImage(source: BlockSource, options: OpenOptions = {}): Promise<Image> {
  const beginning = await readRange(source, 0, 65536)
  if (beginning.error !== undefined && beginning.bytes.length < 72 && options.header === undefined)
    throw new Qcow2Error('unreadable', source.name, `can't be read: ${beginning.error}`)
  const header = options.header ?? decodeHeader(beginning.bytes)
  const fileSize = source.size
  if (options.header === undefined && !hasMagic(beginning.bytes) && !plausible(header, fileSize))
    throw new Qcow2Error('not-qcow2', source.name, 'is not a QCOW2 image')
  const findings = new FindingsList()
  if (options.header === undefined && !hasMagic(beginning.bytes))
    findings.add('header-magic', { offset: 0, length: 4 }, {}, { repair: FIX_HEADER })
  const geometry = believeGeometry(header, findings)
  const virtualSize = believeVirtualSize(header, geometry, findings)
  const activeL1 = believeActiveL1(header, geometry, fileSize, findings)
  const refcountTable = believeRefcountTable(header, geometry, fileSize, findings)
  const context = { source, header, geometry, fileSize, virtualSize, findings }
  const snapshots = await readSnapshotTable(context)
  const incompatible = header.incompatibleFeatures
  const externalData = (incompatible & INCOMPATIBLE.dataFile) !== 0n
  const blockers: Blocker[] = []
  if ((incompatible & INCOMPATIBLE.dirty) !== 0n)
    findings.add('dirty', { offset: 72, length: 8 }, {}, { repair: FIX_HEADER })
  if ((incompatible & INCOMPATIBLE.corrupt) !== 0n)
    findings.add('corrupt-bit', { offset: 72, length: 8 }, {}, { repair: FIX_HEADER })
  return {
    source,
    header,
    geometry,
    virtualSize,
    fileSize,
    activeL1,
    refcountTable,
    snapshots,
    owned: [],
    features: {
      extendedL2: geometry.subclusters === 32,
      compression: header.compressionType === 1 ? 'zstd' : 'zlib',
      externalData,
      encryption: header.cryptMethod === 2 ? 'luks' : header.cryptMethod === 1 ? 'aes' : 'none',
      lazyRefcounts: (header.compatibleFeatures & 1n) !== 0n,
    },
    ...(options.dataFile !== undefined && { dataFile: options.dataFile }),
    findings: findings.all,
    blockers,
  }
}

/** Without its magic, a beginning is taken for a header if all that must hold in one does. */
function plausible(header: Header, fileSize: number): boolean {
  if (header.version !== 2 && header.version !== 3) return false
  const { clusterBits, refcountOrder, l1TableOffset, refcountTableOffset } = header
  if (clusterBits < LIMITS.clusterBits.min || clusterBits > LIMITS.clusterBits.max) return false
  if (refcountOrder > LIMITS.refcountOrder) return false
  const { clusterSize } = geometryOf(clusterBits, refcountOrder, false)
  return [l1TableOffset, refcountTableOffset].every(
    (offset) => offset > 0n && offset % BigInt(clusterSize) === 0n && offset < BigInt(fileSize),
  )
}
