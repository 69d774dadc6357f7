import { TextDecoder } from 'node:util'
import { RrdError } from '../format/error.ts'

/** Bytes in which an XML declaration must have ended. */
const DECLARATION = 1024

const label = (start: Uint8Array): string => {
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0 && start[1] === 0x3c) return 'utf-16be'
  if (start[0] === 0x3c && start[1] === 0) return 'utf-16le'
  if (start[0] === 0x1f && start[1] === 0x8b) {
    throw new RrdError('EXML', 'not XML at 0x0 (0): it is gzip data', {
      offset: 0,
      remedy: 'decompress it first',
    })
  }
  const text = Buffer.from(start).toString('latin1')
  return /^(?:\xef\xbb\xbf)?<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(text)?.[1] ?? 'utf-8'
}

/** Turns the bytes of an XML document into text, by its byte order mark or its own declaration, else as UTF-8. */
export class XmlDecoder {
  private start: Uint8Array | undefined = new Uint8Array(0)
  private decoder: TextDecoder | undefined

  /** @throws RrdError EXML for an unknown encoding, or bytes that are not in it */
  decode(chunk: Uint8Array, last = false): string {
    if (this.decoder) return this.text(this.decoder, chunk, last)
    const start = Buffer.concat([this.start ?? new Uint8Array(0), chunk])
    if (!last && start.length < DECLARATION && !start.includes(0x3e)) {
      this.start = start
      return ''
    }
    this.start = undefined
    this.decoder = this.open(label(start.subarray(0, DECLARATION)))
    return this.text(this.decoder, start, last)
  }

  private open(encoding: string): TextDecoder {
    try {
      return new TextDecoder(encoding, { fatal: true })
    } catch (cause) {
      throw new RrdError('EXML', `bad XML: unknown encoding ${JSON.stringify(encoding)}`, { cause })
    }
  }

  private text(decoder: TextDecoder, chunk: Uint8Array, last: boolean): string {
    try {
      return decoder.decode(chunk, { stream: !last })
    } catch (cause) {
      throw new RrdError('EXML', `bad XML: bytes that are not ${decoder.encoding}`, { cause })
    }
  }
}
