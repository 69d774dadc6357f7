import zlib from 'node:zlib'
import { measureZstdFrame } from './zstd-frame.ts'

/**
 * Inflates a compressed cluster.
 *
 * @param bytes from its first byte on; what follows its end is ignored
 * @returns as many bytes as a cluster has, or undefined if it can't be done
 */
export type Inflate = (bytes: Uint8Array, clusterSize: number) => Uint8Array | undefined

/** Loads what it takes: Node has zstd from 22.15 on, before that a decoder in JavaScript does it, at a tenth of the speed. */
export async function loadInflate(compression: 'zlib' | 'zstd'): Promise<Inflate> {
  return compression === 'zlib' ? inflateRaw : inflateZstd(await loadZstd())
}

/** Raw deflate with a window of 4 KiB (QEMU writes -12); a larger window reads it as well. */
function inflateRaw(bytes: Uint8Array, clusterSize: number): Uint8Array | undefined {
  try {
    const out = zlib.inflateRawSync(bytes, {
      chunkSize: Math.max(64, clusterSize),
      maxOutputLength: clusterSize,
      // The entry rounds the length up to a sector; one that rounds it down would otherwise be an error.
      finishFlush: zlib.constants.Z_SYNC_FLUSH,
    })
    return out.length === clusterSize ? out : undefined
  } catch {
    return undefined
  }
}

type Decompress = (frame: Uint8Array, clusterSize: number) => Uint8Array

/** QEMU's frames have windows of at most 2 MiB, a cluster. */
const LARGEST_WINDOW = 8 * 1024 * 1024

function inflateZstd(decompress: Decompress): Inflate {
  return (bytes, clusterSize) => {
    const frame = measureZstdFrame(bytes)
    if (!frame || frame.window > LARGEST_WINDOW) return undefined
    try {
      const out = decompress(bytes.subarray(0, frame.length), clusterSize)
      return out.length === clusterSize ? out : undefined
    } catch {
      return undefined
    }
  }
}

async function loadZstd(): Promise<Decompress> {
  const native = (zlib as { readonly zstdDecompressSync?: (bytes: Uint8Array, options: object) => Buffer })
    .zstdDecompressSync
  if (native) return (frame, clusterSize) => native(frame, { maxOutputLength: clusterSize })
  const { Decompress } = await import('fzstd')
  return (frame, clusterSize) => {
    const out = new Uint8Array(clusterSize)
    let length = 0
    // In pieces: a frame of a few bytes can hold gigabytes, and is given up with the first byte too many.
    const stream = new Decompress((piece) => {
      out.set(piece, length)
      length += piece.length
    })
    stream.push(frame, true)
    return out.subarray(0, length)
  }
}
