import { AUTOCLEAR, type BitmapsExtension, decodeBitmapsExtension, LIMITS } from '../../format/index.ts'
import { IGNORE_BITMAPS } from '../findings-list.ts'
import type { OpenContext } from '../open-context.ts'

/**
 * Rules of the extension. Without the autoclear bit, something that knows no bitmaps wrote to the image: QEMU ignores
 * them all, and their clusters are leaks.
 *
 * @param data 24 bytes
 */
export function checkBitmapsExtension(
  context: OpenContext,
  place: { readonly offset: number; readonly length: number },
  data: Uint8Array,
): void {
  const range = { offset: place.offset, length: 8 + place.length }
  if (!kept(context)) {
    context.findings.add('bitmaps-stale', range, {})
    return
  }
  const fault = extensionFault(decodeBitmapsExtension(data), context.geometry.clusterSize)
  if (fault === undefined) return
  context.findings.add('bitmap-directory', range, { why: fault.why }, { repair: IGNORE_BITMAPS })
  context.blockers.add('bitmap-directory', fault.message)
}

/** True if the directory is to be read. */
export function usable(context: OpenContext, extension: BitmapsExtension): boolean {
  return kept(context) && extensionFault(extension, context.geometry.clusterSize) === undefined
}

function kept({ header }: OpenContext): boolean {
  return (header.autoclearFeatures & AUTOCLEAR.bitmaps) !== 0n
}

/** What is wrong with the extension by itself, and how QEMU words it. */
function extensionFault(
  { count, reserved, directorySize, directoryOffset }: BitmapsExtension,
  clusterSize: number,
): { readonly why: string; readonly message: string } | undefined {
  if (reserved !== 0)
    return { why: 'its reserved field is not zero', message: 'bitmaps_ext: Reserved field is not zero' }
  if (count > LIMITS.bitmaps)
    return {
      why: `${count} bitmaps are more than ${LIMITS.bitmaps}`,
      message: `bitmaps_ext: Image has ${count} bitmaps, exceeding the QEMU supported maximum of ${LIMITS.bitmaps}`,
    }
  if (count === 0) return { why: 'it has no bitmaps', message: 'found bitmaps extension with zero bitmaps' }
  if (directoryOffset % BigInt(clusterSize) !== 0n)
    return { why: 'its offset is unaligned', message: 'bitmaps_ext: invalid bitmap directory offset' }
  if (directorySize > LIMITS.bitmapDirectory)
    return {
      why: `${directorySize} bytes are too many`,
      message:
        `bitmaps_ext: bitmap directory size (${directorySize}) exceeds ` +
        `the maximum supported size (${LIMITS.bitmapDirectory})`,
    }
  return undefined
}
