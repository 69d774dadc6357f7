import type { Header } from '../format/index.ts'
import type { BlockSource } from '../source/index.ts'
import { believeBackingName, checkBackingOffset } from './backing-name.ts'
import { believeClusterBits } from './believe-cluster-bits.ts'
import { believeGeometry } from './believe-geometry.ts'
import { believeActiveDisk } from './believe-l1.ts'
import { believeRefcountOrder } from './believe-refcount-order.ts'
import { BlockerList } from './blocker-list.ts'
import { checkExtensions, decodeExtensions, readExtensions, refuseMisplacedExtensions } from './extensions.ts'
import { believeFeatures, checkDataFile } from './features.ts'
import { FIX_HEADER, FindingsList } from './findings-list.ts'
import { readHeaderBytes } from './header-bytes.ts'
import { believeHeaderLength, checkFeatures, checkIdentity, FIELD } from './header-rules.ts'
import type { Image } from './image.ts'
import type { OpenContext } from './open-context.ts'
import { noSnapshots } from './snapshots/no-snapshots.ts'
import { refuseSnapshotEntries, refuseSnapshotPlace } from './snapshots/refuse-snapshots.ts'
import { believeRefcountTable, checkEncryption, checkReadable, refuseTotalSize } from './table-rules.ts'
import { TableWindow } from './table-window.ts'
import { believeToldSize } from './which-size.ts'

export interface OpenOptions {
  /** The external data file, opened by the caller. */
  readonly dataFile?: BlockSource
  /** Taken for the header of the image, whatever stands in the file: one that was rebuilt, or of a sibling. */
  readonly header?: Header
  /**
   * What a repair keeps in a bitmap (`pin-leaks`) is not owned by it, so that it counts as leaked, as it did before: for
   * a search for what it is.
   */
  readonly withoutPins?: boolean
}

/**
 * Opens an image as far as it can be understood; damage becomes findings. The order of the steps is QEMU's, so that
 * what it would refuse comes out in its order.
 *
 * @throws Qcow2Error `not-qcow2`: nothing at its beginning looks like QCOW2; `unreadable`: its beginning can't be read
 */
export async function openImage(source: BlockSource, options: OpenOptions = {}): Promise<Image> {
  await refresh(source)
  const bytes = await readHeaderBytes(source, options.header)
  const { header, cluster } = bytes
  const fileSize = source.size
  const findings = new FindingsList()
  const blockers = new BlockerList()
  const rules = { bytes, header, fileSize, findings, blockers }
  if (bytes.error !== undefined)
    findings.add('read-error', { offset: cluster.length, length: 1 }, { why: bytes.error })
  checkIdentity(rules)
  const stated = await believeRefcountOrder(source, header, believeGeometry(header))
  const geometry = await believeClusterBits(source, header, stated)
  const withoutPins = options.withoutPins ?? false
  const context: OpenContext = { source, fileSize, header, geometry, findings, blockers, withoutPins }
  if (geometry !== stated) await refuseStated({ ...context, geometry: stated })
  checkBackingOffset(context)
  const headerLength = believeHeaderLength(header, cluster)
  const decoded = decodeExtensions(context, cluster, headerLength)
  const extensions = readExtensions(decoded.extensions)
  checkFeatures(rules, extensions.featureNames)
  const refcountTable = believeRefcountTable(context)
  refuseSnapshotPlace(context)
  const stands = await believeActiveDisk(context)
  checkReadable(context)
  checkEncryption(context)
  refuseMisplacedExtensions(context, cluster, headerLength)
  const told = await checkExtensions(context, decoded, extensions)
  const features = believeFeatures(context, told.luks)
  checkDataFile(context, extensions.dataFileName)
  if (header.cryptMethod === 2 && extensions.crypto === undefined)
    (await import('./crypto-header.ts')).refuseMissingCrypto(context)
  const backing = believeBackingName(context, cluster)
  await refuseSnapshotEntries(context, new TableWindow(source))
  const snapshots =
    header.snapshotCount === 0
      ? noSnapshots(context)
      : await (await import('./snapshots/read-snapshots.ts')).readSnapshots(context, stands.virtualSize)
  const disk = believeToldSize(stands, header, geometry, snapshots)
  const { bitmaps, owned } =
    extensions.bitmaps === undefined
      ? { bitmaps: [], owned: [] }
      : await (await import('./bitmaps/read-bitmaps.ts')).readBitmaps(
          context,
          extensions.bitmaps,
          disk.virtualSize,
        )
  refuseTotalSize(context)
  const { backingFormat: format, dataFileName } = extensions
  return {
    source,
    header,
    headerLength,
    extensions: extensions.list,
    geometry,
    ...disk,
    fileSize,
    refcountTable,
    snapshots,
    owned: [...told.owned, ...owned],
    bitmaps,
    ...(told.luks !== undefined && { luks: told.luks }),
    features,
    ...(backing !== undefined && {
      backingFile: {
        name: new TextDecoder().decode(backing),
        bytes: backing,
        ...(format !== undefined && { format }),
      },
    }),
    ...(dataFileName !== undefined && { dataFileName }),
    ...(options.dataFile !== undefined && { dataFile: options.dataFile }),
    findings: findings.all,
    blockers: blockers.all,
  }
}

/** A cluster size that is possible, but not that of the image: QEMU believes it, and stumbles over the rest. */
async function refuseStated(stated: OpenContext): Promise<void> {
  const { header, geometry, findings, blockers } = stated
  if (geometry.clusterBits !== header.clusterBits) return
  const fields = { clusterBits: header.clusterBits, fits: false }
  findings.add('header-cluster-bits', FIELD.clusterBits, fields, { repair: FIX_HEADER })
  const quiet = { ...stated, findings: new FindingsList(), blockers: new BlockerList() }
  checkBackingOffset(quiet)
  believeRefcountTable(quiet)
  refuseSnapshotPlace(quiet)
  await believeActiveDisk(quiet)
  for (const { message } of quiet.blockers.all) blockers.add('header-cluster-bits', message)
  blockers.close()
}

/** A source that can't tell its length any more fails at the first read, where it is reported. */
async function refresh(source: BlockSource): Promise<void> {
  try {
    await source.refresh?.()
  } catch {}
}
