/** Types of header extensions (QEMU docs/interop/qcow2.txt, "Header extensions"). */
export const EXTENSION = {
  end: 0,
  backingFormat: 0xe2792aca,
  featureNames: 0x6803f857,
  bitmaps: 0x23852875,
  cryptoHeader: 0x0537be77,
  dataFile: 0x44415441,
} as const

export interface HeaderExtension {
  readonly type: number
  readonly data: Uint8Array
  /** Where its type field lies, bytes from the beginning of the image. */
  readonly offset: number
}

export interface HeaderExtensions {
  readonly extensions: readonly HeaderExtension[]
  /** Bytes from the beginning of the image: behind the end marker, or where there was no room for one. */
  readonly end: number
  /** Where reading stopped because type and length, or the data, don't fit; undefined: all read. */
  readonly brokenAt?: { readonly offset: number; readonly type: number; readonly length: number }
}

/**
 * @param cluster the beginning of the image, up to `end` at least
 * @param start bytes: the header's length
 * @param end bytes: the backing file's name, or the end of the first cluster
 */
export function decodeHeaderExtensions(cluster: Uint8Array, start: number, end: number): HeaderExtensions {
  const view = new DataView(cluster.buffer, cluster.byteOffset, cluster.byteLength)
  const limit = Math.min(end, cluster.length)
  const extensions: HeaderExtension[] = []
  let offset = start
  while (offset < limit) {
    const whole = offset + 8 <= limit
    const type = whole ? view.getUint32(offset) : 0
    const length = whole ? view.getUint32(offset + 4) : 0
    // QEMU wants room for the end marker too, and a length there that fits.
    if (!whole || length > limit - offset - 8)
      return { extensions, end: offset, brokenAt: { offset, type, length } }
    if (type === EXTENSION.end) return { extensions, end: offset + 8 }
    extensions.push({ type, data: cluster.slice(offset + 8, offset + 8 + length), offset })
    offset += 8 + Math.ceil(length / 8) * 8
  }
  return { extensions, end: offset }
}

/** @returns the extensions one after another, with the end marker */
export function encodeHeaderExtensions(
  extensions: readonly Pick<HeaderExtension, 'type' | 'data'>[],
): Uint8Array {
  const lengths = extensions.map(({ data }) => 8 + Math.ceil(data.length / 8) * 8)
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 8))
  const view = new DataView(bytes.buffer)
  let offset = 0
  for (const [index, { type, data }] of extensions.entries()) {
    view.setUint32(offset, type)
    view.setUint32(offset + 4, data.length)
    bytes.set(data, offset + 8)
    offset += lengths[index] as number
  }
  return bytes
}
