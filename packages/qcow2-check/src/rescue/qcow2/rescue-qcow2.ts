import { Qcow2Error } from '../../errors.ts'
import type { Image, OwnedRange } from '../../image/image.ts'
import { ExtentReader } from '../../mapping/extent-reader.ts'
import { readTolerantly } from '../../mapping/tolerant-read.ts'
import { tableReader } from '../../mapping/walk.ts'
import { Work } from '../../mapping/work.ts'
import { ByteBudget } from '../byte-budget.ts'
import { describeDisk } from '../described-disk.ts'
import type { ChosenDisks } from '../disks.ts'
import { LostMap } from '../lost-map.ts'
import type { RescuedDisk, RescueOptions } from '../options.ts'
import { type OutputFile, type OutputOptions, openOutput } from '../output-file.ts'
import { SequentialWriter } from '../sequential-writer.ts'
import { copyClusters } from './copy-clusters.ts'
import { countReferences } from './count-references.ts'
import { MadeClusters } from './made-clusters.ts'
import { Allocator, heldEntries, OutputL1 } from './output-tables.ts'
import { placeOf } from './place.ts'
import { type OutputDisk, outputDisk } from './window-walk.ts'
import { writeHeader, writeSnapshotTable } from './write-header.ts'
import { writeRefcounts } from './write-refcounts.ts'
import { type DiskReport, writeTables } from './write-tables.ts'

/** Writes the disks into a fresh image; what shares clusters in the source does so in the output. */
export async function rescueQcow2(
  image: Image,
  { disks }: ChosenDisks,
  options: RescueOptions,
  writing: OutputOptions,
): Promise<RescuedDisk[]> {
  const { l2Coverage } = image.geometry
  const plans = disks.map((disk) => outputDisk(disk, l2Coverage))
  const reports = disks.map((): DiskReport => ({ lost: new LostMap(), vmStateLost: false }))
  const crypto = cryptoHeader(image)
  if (options.dryRun) await writeImage(image, plans, reports, options, undefined, crypto)
  else {
    const output = openOutput(options.output, writing)
    try {
      await output.finish(await writeImage(image, plans, reports, options, output, crypto))
    } catch (error) {
      output.discard()
      throw error
    }
  }
  return disks.map((disk, index) => {
    const { lost, vmStateLost } = reports[index] as DiskReport
    return describeDisk(
      disk,
      options.output,
      lost,
      vmStateLost || stateCut(plans[index] as OutputDisk, l2Coverage),
    )
  })
}

/** Machine state for which the L1 table has no entries. */
function stateCut({ disk, windows, diskWindows }: OutputDisk, l2Coverage: number): boolean {
  return (windows - diskWindows) * l2Coverage < disk.vmStateSize
}

/** @returns bytes of the output */
async function writeImage(
  image: Image,
  disks: readonly OutputDisk[],
  reports: readonly DiskReport[],
  options: RescueOptions,
  output: OutputFile | undefined,
  crypto: OwnedRange | undefined,
): Promise<number> {
  const { backing, findings = [], signal, onProgress } = options
  const { clusterSize } = image.geometry
  const place = placeOf(image)
  const backingSize = backing?.size ?? 0
  const extents = new ExtentReader(image, backing)
  // A reader each time: both walks may do the same work, so that both stop at the same entry if they stop.
  const reader = () => tableReader(image, Work.forImage(image))
  const common = { extents, disks, reports, place, backingSize, findings, signal }
  if (!output) {
    await writeTables({ ...common, reader: reader(), bad: [] })
    return 0
  }
  const { references, made } = await countReferences(reader(), disks, place, backingSize, signal)
  let total = made * clusterSize
  for (const _ of references.clusters()) total += clusterSize
  let done = 0
  const advance = (bytes: number) => {
    done += bytes
    onProgress?.({ done: Math.min(done, total), total })
  }
  const bad = await copyClusters({ image, place, references, output, onCopied: advance, signal })
  references.add(0, 1)
  if (crypto) await copyCryptoHeader(image, crypto, output, (cluster) => references.add(cluster, 1))
  const allocator = new Allocator(place.base, references)
  const hold = heldEntries(disks.length)
  const l1s = disks.map(({ windows }) => {
    const clusters = Math.ceil((windows * 8) / clusterSize)
    const offset = windows === 0 ? 0 : allocator.take(clusters, 1) * clusterSize
    return new OutputL1(output, offset, windows, hold)
  })
  const budget = ByteBudget.forImage(image, disks.length, backingSize)
  const writer = new SequentialWriter(output)
  const parts = { clusterSize, extents, output: writer, allocator, references, budget, onMade: advance }
  const into = { output: writer, references, allocator, made: new MadeClusters(parts), l1s }
  await writeTables({ ...common, reader: reader(), bad, into })
  const guestDisks = disks.map(({ disk }) => disk)
  const snapshots = await writeSnapshotTable(output, allocator, clusterSize, guestDisks, l1s)
  const refcounts = await writeRefcounts(output, references, allocator, clusterSize)
  const [active] = disks
  const [l1] = l1s
  if (active && l1)
    await writeHeader(output, { image, size: active.disk.size, l1, refcounts, snapshots, crypto })
  // What several disks have in common was counted for each.
  onProgress?.({ done: total, total })
  return allocator.next * clusterSize
}

function cryptoHeader(image: Image): OwnedRange | undefined {
  if (image.features.encryption !== 'luks') return undefined
  const crypto = image.owned.find(({ kind }) => kind === 'crypto-header')
  if (crypto) return crypto
  throw new Qcow2Error('refused', image.source.name, 'is encrypted, and its encryption header is lost', {
    remedy: 'without it nothing in the image can be decrypted; give a header with --header-from',
  })
}

/** The encryption header keeps its offset too; what can't be read of it may be a key slot that isn't needed. */
async function copyCryptoHeader(
  { source, geometry }: Image,
  { offset, length }: OwnedRange,
  output: OutputFile,
  reference: (cluster: number) => void,
): Promise<void> {
  // A length beyond the file is an invention.
  const bytes = new Uint8Array(Math.max(0, Math.min(length, source.size - offset)))
  await readTolerantly(source, bytes, offset)
  await output.write(bytes, offset)
  const end = Math.ceil((offset + bytes.length) / geometry.clusterSize)
  for (let cluster = Math.floor(offset / geometry.clusterSize); cluster < end; cluster++) reference(cluster)
}
