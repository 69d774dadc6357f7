import { crc32, createInflateRaw } from 'node:zlib'
import { DamagedError } from './damaged.ts'
import { Inflater } from './inflater.ts'
import { PieceReader } from './piece-reader.ts'

const MAGIC = 0x8b1f
const DEFLATE = 8
/** Flags of a member's header (RFC 1952, 2.3.1). */
const HEADER_CRC = 2
const EXTRA = 4
const NAME = 8
const COMMENT = 16

/**
 * Reads gzip: members one after the other, each held against its checksum. As with gzip(1), what follows a member and
 * is none is ignored; where it begins is told to `onGarbage`, but for zeros, with which tapes are filled up. All that
 * could be read before a fault is given before it is thrown, but for at most 256 KiB before bytes that make no sense.
 *
 * @throws DamagedError
 */
export async function* gunzip(
  input: AsyncIterable<Uint8Array>,
  onGarbage?: (offset: number) => void,
): AsyncGenerator<Uint8Array> {
  const pieces = new PieceReader(input)
  try {
    for (let member = 0; ; member++) {
      const begin = pieces.offset
      const header = await pieces.read(10)
      if (header.length === 0) return
      const isMember = header.length === 10 && header.readUInt16LE(0) === MAGIC && header[2] === DEFLATE
      if (!isMember && member > 0) {
        if (header.some((byte) => byte !== 0)) onGarbage?.(begin)
        return
      }
      if (!isMember) throw damaged(header.length < 10 ? TOO_SHORT : 'no header of gzip', pieces)
      await skipNames(pieces, header[3] as number)
      yield* readMember(pieces)
    }
  } finally {
    await pieces.close()
  }
}

const TOO_SHORT = 'it ends too early'

async function skipNames(pieces: PieceReader, flags: number): Promise<void> {
  if (flags & EXTRA) await pieces.read((await pieces.read(2)).readUInt16LE(0))
  for (const flag of [NAME, COMMENT])
    if (flags & flag)
      while (((await pieces.read(1))[0] ?? 0) !== 0) {
        // A name ends with a zero.
      }
  if (flags & HEADER_CRC) await pieces.read(2)
}

async function* readMember(pieces: PieceReader): AsyncGenerator<Uint8Array> {
  const inflater = new Inflater(createInflateRaw({ chunkSize: 1 << 18 }))
  let sum = 0
  let length = 0
  try {
    while (!inflater.ended) {
      const piece = await pieces.peek()
      if (piece.length === 0) throw damaged(TOO_SHORT, pieces)
      const taken = await inflater.write(piece)
      for (const chunk of inflater.take()) {
        sum = crc32(chunk, sum)
        length += chunk.length
        yield chunk
      }
      if (inflater.failure) throw damaged(inflater.failure.message, pieces)
      pieces.take(taken)
    }
    const trailer = await pieces.read(8)
    if (trailer.length < 8) throw damaged(TOO_SHORT, pieces)
    if (trailer.readUInt32LE(0) !== sum || trailer.readUInt32LE(4) !== length % 2 ** 32)
      throw damaged('its checksum is another', pieces)
  } finally {
    inflater.destroy()
  }
}

const damaged = (why: string, { offset }: PieceReader): DamagedError => new DamagedError(why, offset)
