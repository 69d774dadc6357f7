/** What the header of a Zstandard frame (RFC 8878, 3.1.1) and those of its blocks say. */
export interface ZstdFrame {
  /** Bytes, up to the end of its last block and checksum. */
  readonly length: number
  /** Bytes of memory that decoding takes. */
  readonly window: number
}

const MAGIC = 0xfd2f_b528
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const

/**
 * Measures the frame at the beginning of `bytes`: what follows it in the last sector of a compressed cluster is of
 * another one, and decoders take it for a second frame.
 *
 * @returns undefined if there is no whole frame
 */
export function measureZstdFrame(bytes: Uint8Array): ZstdFrame | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 6 || view.getUint32(0, true) !== MAGIC) return undefined
  const descriptor = view.getUint8(4)
  const singleSegment = (descriptor & 0x20) !== 0
  const sizeFlag = descriptor >>> 6
  const sizeBytes = sizeFlag === 0 ? Number(singleSegment) : 2 ** sizeFlag
  const sizeAt = 5 + Number(!singleSegment) + (DICTIONARY_ID_BYTES[descriptor & 3] as number)
  let at = sizeAt + sizeBytes
  if (at > bytes.length) return undefined
  const window = singleSegment ? contentSize(view, sizeAt, sizeBytes) : windowSize(view.getUint8(5))
  for (let last = false; !last; ) {
    if (at + 3 > bytes.length) return undefined
    const header = view.getUint8(at) | (view.getUint8(at + 1) << 8) | (view.getUint8(at + 2) << 16)
    last = (header & 1) === 1
    const type = (header >>> 1) & 3
    if (type === 3) return undefined
    // A run-length block holds one byte, whatever size it says.
    at += 3 + (type === 1 ? 1 : header >>> 3)
  }
  if ((descriptor & 4) !== 0) at += 4
  return at <= bytes.length ? { length: at, window } : undefined
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3))
  return base + (base / 8) * (descriptor & 7)
}

function contentSize(view: DataView, at: number, bytes: number): number {
  if (bytes === 1) return view.getUint8(at)
  if (bytes === 2) return view.getUint16(at, true) + 256
  if (bytes === 4) return view.getUint32(at, true)
  return Number(view.getBigUint64(at, true))
}
