import { pipeline, Readable } from 'node:stream'
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
 * Bytes that a compressed file may inflate to. What lies there uncompressed is bounded by its own length; gzip makes a
 * thousand times its length of zeros, so a few MB sent by anybody could else take all memory. Real files have some MB.
 */
const MOST_INFLATED = 2 ** 30

/**
 * Reads an RRD that is not lying there in binary: an XML dump, or either of the two in gzip, inflated as it is read.
 *
 * @param fd open for reading at any position; stays open
 * @param most bytes that gzip may inflate to
 * @throws RrdError EXML, ENOTRRD, ETRUNC, ...; EREAD where it inflates to more than `most`
 */
export async function readPacked(
  fd: number,
  form: 'xml' | 'gzip',
  signal?: AbortSignal,
  most = MOST_INFLATED,
): Promise<Rrd> {
  const content = form === 'gzip' ? inflate(fd, most) : storedBytes(fd)
  try {
    const first = await content.next()
    const start = first.done ? Buffer.alloc(0) : first.value
    return looksLikeXml(start)
      ? await readXmlFrom(start, content, signal)
      : await readBinaryFrom(start, content, signal, most)
  } finally {
    await content.return()
  }
}

async function* inflate(fd: number, most: number): AsyncGenerator<Buffer, void> {
  const stored = Readable.from(storedBytes(fd), { objectMode: false })
  const inflated = createGunzip()
  // What goes wrong in it is thrown by reading on.
  pipeline(stored, inflated, () => {})
  try {
    let length = 0
    for await (const chunk of inflated as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > most) throw tooMuch('it inflates to', most)
      yield chunk
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code?.startsWith('Z_') !== true) throw error
    const early = code === 'Z_BUF_ERROR'
    throw new RrdError(
      early ? 'ETRUNC' : 'ENOTRRD',
      `damaged gzip file: ${early ? 'it ends too early' : message}`,
      { remedy: 'restore it from a backup', cause: error },
    )
  } finally {
    stored.destroy()
    inflated.destroy()
  }
}

function tooMuch(what: string, most: number): RrdError {
  return new RrdError('EREAD', `compressed file too large: ${what} more than ${most} bytes`, {
    remedy: 'gunzip it first, if it is what it should be',
  })
}

function looksLikeXml(start: Buffer): boolean {
  return /^(?:\u00ef\u00bb\u00bf)?\s*</.test(start.subarray(0, 64).toString('latin1'))
}

async function readXmlFrom(
  start: Buffer,
  rest: AsyncIterator<Buffer, void>,
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
  rest: AsyncIterator<Buffer, void>,
  signal: AbortSignal | undefined,
  most: number,
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
    if (prefixNeeded > most) throw tooMuch('its header asks for', most)
    if (length < prefixNeeded) {
      wanted = prefixNeeded
      continue
    }
    header = decodeHeader(bytes, Number.MAX_SAFE_INTEGER)
    if (cellsEnd(header) > most) throw tooMuch('its header asks for', most)
    wanted = cellsEnd(header) + TRAILING
  }
  return rrdFromBytes(Buffer.concat(parts))
}
