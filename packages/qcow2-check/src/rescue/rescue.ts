import { Qcow2Error } from '../errors.ts'
import type { Image } from '../image/image.ts'
import { tableReader } from '../mapping/walk.ts'
import { Work } from '../mapping/work.ts'
import { ByteBudget } from './byte-budget.ts'
import { describeDisk } from './described-disk.ts'
import { type ChosenDisks, chooseDisks, rawNames } from './disks.ts'
import { LostMap } from './lost-map.ts'
import type { RescuedDisk, RescueOptions, RescueResult } from './options.ts'
import { assertWritable, type OutputOptions, openOutput } from './output-file.ts'
import { ProtectedFiles } from './protected-files.ts'
import { copyRaw } from './raw.ts'
import { assertMapWritable, writeMap } from './write-map.ts'

/**
 * Gets guest data out of an image, also of one that QEMU can't open. What can't be had reads as zeros in the output and
 * is listed in the result, and in a file if `map` names one. The output appears when it is whole; the image is never
 * written to.
 *
 * A raw output is sparse, and has the disk but no machine state. A QCOW2 output is a new image of version 3 without
 * backing file and bitmaps: every data cluster stays at its offset (of an encrypted image it could not be read
 * elsewhere), what was shared stays shared, compressed clusters are inflated. With all disks, snapshots become internal
 * snapshots with their machine state. An encrypted image needs no key, and can only become QCOW2 again.
 *
 * @throws Qcow2Error `no-snapshot`; `exists`; `refused`: the output is what is read, or encryption stands against the
 *   format; `not-written`; what `signal` was aborted with
 */
export async function rescue(image: Image, options: RescueOptions): Promise<RescueResult> {
  const { output, format, map, dryRun = false } = options
  refuseCiphertext(image, options)
  const chosen = chooseDisks(image, options)
  const protectedFiles = new ProtectedFiles(image, options.members ?? [])
  const writing: OutputOptions = {
    force: options.force ?? false,
    allowUnsafeFolder: options.allowUnsafeFolder ?? false,
    protectedFiles,
  }
  const outputs = format === 'raw' ? rawNames(output, chosen.disks) : [output]
  for (const path of outputs) assertWritable(path, writing)
  if (map !== undefined) {
    if (outputs.includes(map)) throw new Qcow2Error('refused', map, 'is the output itself')
    assertMapWritable(map, writing)
  }
  const rescued =
    format === 'raw'
      ? await rescueRaw(image, chosen, outputs, options, writing)
      : await (await import('./qcow2/rescue-qcow2.ts')).rescueQcow2(image, chosen, options, writing)
  const { dropped } = chosen
  const complete =
    dropped.length === 0 && rescued.every(({ lost, vmStateLost }) => lost.length === 0 && !vmStateLost)
  const result: RescueResult = { format, disks: rescued, dropped, complete }
  if (map === undefined || dryRun) return result
  protectedFiles.add(outputs)
  await writeMap(map, image.source.name, output, result, writing)
  return result
}

function refuseCiphertext({ features, source }: Image, { format, backing }: RescueOptions): void {
  if (features.encryption === 'none') return
  if (format === 'raw') {
    const why = 'is encrypted: without its header the data could never be decrypted'
    throw new Qcow2Error('refused', source.name, why, {
      remedy: 'take -O qcow2; the result opens with the same key',
    })
  }
  if (features.encryption === 'luks' && features.externalData)
    throw new Qcow2Error('refused', source.name, 'is encrypted by the place of its data in the external file')
  if (backing)
    throw new Qcow2Error('refused', source.name, 'is encrypted: data of its backing file cannot be added', {
      remedy: 'leave out --chain, and rebase the result onto the backing file (qemu-img rebase -u)',
    })
}

async function rescueRaw(
  image: Image,
  { disks }: ChosenDisks,
  outputs: readonly string[],
  options: RescueOptions,
  writing: OutputOptions,
): Promise<RescuedDisk[]> {
  const { backing, signal, onProgress } = options
  const reader = tableReader(image, Work.forImage(image))
  const budget = ByteBudget.forImage(image, disks.length, backing?.size)
  const total = disks.reduce((sum, { size }) => sum + size, 0)
  const rescued: RescuedDisk[] = []
  let before = 0
  for (const [index, disk] of disks.entries()) {
    signal?.throwIfAborted()
    const path = outputs[index] as string
    const output = options.dryRun ? undefined : openOutput(path, writing)
    const lost = new LostMap()
    try {
      output?.reserve(disk.size)
      let reached = 0
      const onReached = (offset: number) => {
        reached = Math.max(reached, offset)
        onProgress?.({ done: before + reached, total })
      }
      await copyRaw({ image, reader, disk, backing, budget, lost, output, onReached, options })
      await output?.finish(disk.size)
    } catch (error) {
      output?.discard()
      throw error
    }
    before += disk.size
    onProgress?.({ done: before, total })
    rescued.push(describeDisk(disk, path, lost, false))
  }
  return rescued
}
