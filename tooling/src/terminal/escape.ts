/**
 * What a terminal would obey or hide instead of showing: C0 and C1 controls, DEL, the bidirectional controls of
 * Unicode (UAX #9: "Trojan source"), line and paragraph separators, zero-width characters, and lone surrogates
 * (the bytes of a name that is not UTF-8).
 */
const unsafe = () => /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu

/** What needs no look at Unicode's tables: they take Node a third of a millisecond to load. */
const plain = /^[ -~]*$/

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Text from a file, a log or a file name, made safe to show in a terminal: what it would obey is shown as an escape
 * (`\n`, `\x1b`, `\u202e`; a byte that is no UTF-8 as `\xff`). Backslashes stay: the result is for reading.
 */
export function escapeText(text: string): string {
  if (plain.test(text)) return text
  return text.replace(unsafe(), (character) => named[character] ?? escaped(character.charCodeAt(0)))
}

function escaped(code: number): string {
  // U+DC80 to U+DCFF stand for raw bytes 0x80 to 0xff (see command-line/raw-arguments.ts).
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`
  return code <= 0xff
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`
}

/** The same for text of several lines (a help page, a quoted snippet): its newlines stay. */
export function escapeLines(text: string): string {
  return text.split('\n').map(escapeText).join('\n')
}
