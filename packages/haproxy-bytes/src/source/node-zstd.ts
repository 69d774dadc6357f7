import * as zlib from 'node:zlib'
import { DamagedError } from './damaged.ts'
import { Inflater, type ZlibStream } from './inflater.ts'
import { PieceReader } from './piece-reader.ts'

interface ZstdOfNode {
  readonly createZstdDecompress?: (options: object) => ZlibStream
  readonly constants: { readonly ZSTD_d_windowLogMax?: number }
}

const { createZstdDecompress, constants } = zlib as unknown as ZstdOfNode

/** Node 22.15 and later have zstd. */
export const NODE_HAS_ZSTD = createZstdDecompress !== undefined

/**
 * zstd by Node: frames one after the other, whether one decompressor takes them all or only the first.
 *
 * @throws DamagedError
 */
export async function* nodeZstd(
  input: AsyncIterable<Uint8Array>,
  windowLog: number,
): AsyncGenerator<Uint8Array> {
  const pieces = new PieceReader(input)
  const create = createZstdDecompress as NonNullable<ZstdOfNode['createZstdDecompress']>
  const params = { [constants.ZSTD_d_windowLogMax as number]: windowLog }
  const fault = ({ failure }: Inflater): void => {
    if (failure) throw new DamagedError(failure.message, pieces.offset, failure)
  }
  let inflater: Inflater | undefined
  try {
    for (;;) {
      const piece = await pieces.peek()
      if (piece.length === 0) break
      if (inflater === undefined || inflater.ended) {
        inflater?.destroy()
        inflater = new Inflater(create({ params, chunkSize: 1 << 18 }))
      }
      const taken = await inflater.write(piece)
      yield* inflater.take()
      fault(inflater)
      pieces.take(taken)
    }
    if (inflater && !inflater.ended) await inflater.end()
    yield* inflater?.take() ?? []
    if (inflater) fault(inflater)
  } finally {
    inflater?.destroy()
    await pieces.close()
  }
}
