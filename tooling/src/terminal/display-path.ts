import { escapeText } from './escape.ts'
import { textOfBytes } from './lossless-text.ts'

/** A path as a message shows it: control characters escaped, bytes that are no UTF-8 as `\xff`. */
export function displayPath(path: string | Uint8Array): string {
  return escapeText(typeof path === 'string' ? path : textOfBytes(path))
}
