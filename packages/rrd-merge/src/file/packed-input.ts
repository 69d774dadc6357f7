import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import {
  cellsEnd,
  decodeHeader,
  HEADER_PREFIX,
  measureHeader,
  type Rrd,
  RrdError,
  rrdFromBytes,
} from '../format/index.ts'
import { XmlReader } from '../xml/index.ts'
import { storedBytes } from './stored-bytes.ts'

/** Bytes after the last cell that some writers leave; what a compressed file has beyond is not read. */
const TRAILING = 4096

/**
 * Reads an RRD that is not lying there in binary: an XML dump, or either of the two in gzip. It is inflated as it is
 * read, so that a small file that inflates without end stops at what its header or the parser's bounds allow.
 *
 * @param fd open for reading at any position; stays open
 * @throws RrdError EXML, ENOTRRD, ETRUNC, ...
 */
export async function readPacked(fd: number, form: 'xml' | 'gzip', signal?: AbortSignal): Promise<Rrd> {
  const stored = Readable.from(storedBytes(fd), { objectMode: false })
  const content = form === 'gzip' ? inflate(stored) : stored
  try {
    const chunks = content[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>
    const first = await chunks.next()
    const start = first.done ? Buffer.alloc(0) : first.value
    return looksLikeXml(start)
      ? await readXmlFrom(start, chunks, signal)
      : await readBinaryFrom(start, chunks, signal)
  } finally {
    content.destroy()
    stored.destroy()
  }
}

function inflate(stored: Readable): Readable {
  const inflated = new PassThrough()
  pipeline(stored, createGunzip(), inflated).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'Z_BUF_ERROR' ? 'it ends too early' : error.message
    const code = error.code === 'Z_BUF_ERROR' ? 'ETRUNC' : 'ENOTRRD'
    inflated.destroy(
      new RrdError(code, `damaged gzip file: ${why}`, { remedy: 'restore it from a backup', cause: error }),
    )
  })
  return inflated
}

function looksLikeXml(start: Buffer): boolean {
  return /^(?:\u00ef\u00bb\u00bf)?\s*</.test(start.subarray(0, 64).toString('latin1'))
}

async function readXmlFrom(
  start: Buffer,
  rest: AsyncIterator<Buffer, undefined>,
  signal: AbortSignal | undefined,
): Promise<Rrd> {
  const reader = new XmlReader()
  reader.push(start)
  for (let chunk = await rest.next(); !chunk.done; chunk = await rest.next()) {
    signal?.throwIfAborted()
    reader.push(chunk.value)
  }
  return reader.end()
}

/** A binary RRD in gzip: its header says how much is worth reading. */
async function readBinaryFrom(
  start: Buffer,
  rest: AsyncIterator<Buffer, undefined>,
  signal: AbortSignal | undefined,
): Promise<Rrd> {
  const parts = [start]
  let length = start.length
  let wanted = HEADER_PREFIX
  let header: ReturnType<typeof decodeHeader> | undefined
  for (let chunk = await rest.next(); !chunk.done; chunk = await rest.next()) {
    signal?.throwIfAborted()
    parts.push(chunk.value)
    length += chunk.value.length
    if (length < wanted) continue
    if (header) break
    const bytes = Buffer.concat(parts.splice(0))
    parts.push(bytes)
    const { prefixNeeded } = measureHeader(bytes, Number.MAX_SAFE_INTEGER)
    if (length < prefixNeeded) {
      wanted = prefixNeeded
      continue
    }
    header = decodeHeader(bytes, Number.MAX_SAFE_INTEGER)
    wanted = cellsEnd(header) + TRAILING
  }
  return rrdFromBytes(Buffer.concat(parts))
}
