import { spawnSync } from 'node:child_process'
import { gunzip } from './gunzip.ts'
import { NODE_HAS_ZSTD, nodeZstd } from './node-zstd.ts'

export type Compression = 'none' | 'gzip' | 'zstd'

/** Bytes of a beginning that show how a file is compressed, whatever it is called. */
export const SNIFFED = 4

export function compressionOf(beginning: Uint8Array): Compression {
  if (beginning[0] === 0x1f && beginning[1] === 0x8b) return 'gzip'
  const zstd =
    beginning[0] === 0x28 && beginning[1] === 0xb5 && beginning[2] === 0x2f && beginning[3] === 0xfd
  // A skippable frame, as pzstd writes before each block.
  const skippable =
    ((beginning[0] as number) & 0xf0) === 0x50 &&
    beginning[1] === 0x2a &&
    beginning[2] === 0x4d &&
    beginning[3] === 0x18
  return zstd || skippable ? 'zstd' : 'none'
}

/** zstd frames that want a larger window are refused: their memory would be the file's choice. */
const LARGEST_WINDOW_LOG = 27

/** How zstd is read here: by Node (22.15 and later), by zstd(1), or by a decoder in JavaScript, which is ten times slower. */
export type ZstdReader = 'node' | 'program' | 'script'

export function zstdReader(): ZstdReader {
  if (NODE_HAS_ZSTD) return 'node'
  return spawnSync('zstd', ['--version'], { stdio: 'ignore' }).status === 0 ? 'program' : 'script'
}

type Chunks = AsyncIterable<Uint8Array>

interface DecompressOptions {
  readonly reader?: ZstdReader
  readonly onGarbage?: (offset: number) => void
  /** Of the file that the chunks are all of. */
  readonly descriptor?: number
}

/**
 * Decompresses chunks. All that could be read before a fault is given before it is thrown; bytes after the end that are
 * nothing compressed are told to `onGarbage`, as gzip(1) ignores them too.
 *
 * @throws DamagedError
 */
export function decompress(input: Chunks, compression: Compression, options: DecompressOptions = {}): Chunks {
  if (compression === 'none') return input
  if (compression === 'gzip') return gunzip(input, options.onGarbage)
  return zstd(input, options.reader ?? zstdReader(), options.descriptor)
}

async function* zstd(input: Chunks, reader: ZstdReader, descriptor: number | undefined): Chunks {
  if (reader === 'node') {
    yield* nodeZstd(input, LARGEST_WINDOW_LOG)
  } else if (reader === 'program') {
    const { zstdProgram } = await import('./zstd-program.ts')
    yield* zstdProgram(input, 2 ** (LARGEST_WINDOW_LOG - 20), descriptor)
  } else {
    const { scriptedZstd } = await import('./scripted-zstd.ts')
    yield* scriptedZstd(input, 2 ** LARGEST_WINDOW_LOG)
  }
}
