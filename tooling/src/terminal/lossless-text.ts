/**
 * File names on Linux are bytes, and not all are UTF-8. As text, each byte that is part of no valid UTF-8 sequence
 * becomes the lone surrogate U+DC00 + byte (PEP 383, as Python does it), which no valid name can contain: so such a
 * name goes through strings (arguments, maps, messages) and comes out as the same bytes.
 */
export function textOfBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return textWithSurrogates(bytes)
  }
}

/** The bytes that {@link textOfBytes} made this text of; plain text gives its UTF-8. */
export function bytesOfText(text: string): Buffer {
  if (!isEscaped(text)) return Buffer.from(text)
  const parts: Buffer[] = []
  for (const part of text.split(/([\udc80-\udcff])/u)) {
    const code = part.charCodeAt(0)
    parts.push(part.length === 1 && isByte(code) ? Buffer.of(code - 0xdc00) : Buffer.from(part))
  }
  return Buffer.concat(parts)
}

/**
 * A path as Node's file calls want it: the text itself, or a Buffer where it stands for bytes that are not UTF-8.
 * Use it on every operand or option value that names a file.
 */
export function pathOfText(text: string): string | Buffer {
  return isEscaped(text) ? bytesOfText(text) : text
}

function isEscaped(text: string): boolean {
  return /[\udc80-\udcff]/u.test(text)
}

function isByte(code: number): boolean {
  return code >= 0xdc80 && code <= 0xdcff
}

function textWithSurrogates(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let text = ''
  let at = 0
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at)
    if (length === 0) {
      text += String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
      at += 1
    } else {
      text += decoder.decode(bytes.subarray(at, at + length))
      at += length
    }
  }
  return text
}

/** Bytes of the valid UTF-8 sequence that starts here (RFC 3629, section 4), or 0 where none does. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  if (first < 0x80) return 1
  const second = bytes[at + 1] ?? 0
  if (first >= 0xc2 && first <= 0xdf) return isContinuation(second) ? 2 : 0
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80
    const high = first === 0xed ? 0x9f : 0xbf
    return second >= low && second <= high && isContinuation(bytes[at + 2] ?? 0) ? 3 : 0
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const low = first === 0xf0 ? 0x90 : 0x80
    const high = first === 0xf4 ? 0x8f : 0xbf
    const rest = isContinuation(bytes[at + 2] ?? 0) && isContinuation(bytes[at + 3] ?? 0)
    return second >= low && second <= high && rest ? 4 : 0
  }
  return 0
}

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf
}
