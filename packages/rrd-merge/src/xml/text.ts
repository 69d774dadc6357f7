import { TextDecoder } from 'node:util'
import { RrdError } from '../format/error.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bytes of a name (kept as Latin-1) into the text of an element: they are UTF-8 there, as rrdtool writes them. */
export const escapeText = (bytes: string, what: string): string => {
  let text = bytes
  if (/[^\n\r\t -~]/.test(bytes)) {
    try {
      text = utf8.decode(Buffer.from(bytes, 'latin1'))
    } catch {
      text = '\0'
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 cannot hold
    if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text)) {
      throw new RrdError(
        'EXML',
        `cannot write XML: ${what} ${JSON.stringify(bytes)} has bytes that XML cannot hold`,
      )
    }
  }
  return text.replace(/[&<>]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : '&gt;'))
}

/** Text of an element into the bytes of a name, as Latin-1. */
export const nameBytes = (text: string): string =>
  /[^\0-\x7f]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text
