/** What a decoder of JSON or CBOR gives: a name, and its value as the text that a plain log-format would have written. */
export type TakePair = (name: string, value: string) => void

/** `cut`: the line ends within the object; `none`: this is none. */
export type PairsOutcome = 'whole' | 'cut' | 'none'

const BLANK = 0x20
const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Thrown inside of a decoder, never out of it. */
class Stop {
  readonly outcome: 'cut' | 'none'
  constructor(outcome: 'cut' | 'none') {
    this.outcome = outcome
  }
}

export function attempt(read: () => void): PairsOutcome {
  try {
    read()
    return 'whole'
  } catch (stop) {
    if (stop instanceof Stop) return stop.outcome
    throw stop
  }
}

export function cut(): never {
  throw new Stop('cut')
}

export function differs(): never {
  throw new Stop('none')
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/**
 * The object that `%{+json}o` writes. HAProxy puts bytes that are no UTF-8, and control characters, into strings as
 * they are, so this is read by its own few rules and not by JSON's (measured on 3.4.0).
 */
export function readJsonPairs(bytes: Uint8Array, from: number, to: number, take: TakePair): PairsOutcome {
  let at = from
  const skipBlanks = (): void => {
    while (at < to && bytes[at] === BLANK) at++
    if (at === to) cut()
  }
  const expectByte = (byte: number): void => {
    skipBlanks()
    if (bytes[at] !== byte) differs()
    at++
  }
  const readString = (): string => {
    let text = ''
    for (at++; at < to; at++) {
      const byte = bytes[at] as number
      if (byte === QUOTE) {
        at++
        return text
      }
      if (byte !== BACKSLASH) {
        text += String.fromCharCode(byte)
        continue
      }
      if (++at === to) cut()
      const letter = String.fromCharCode(bytes[at] as number)
      if (letter === 'u') {
        if (at + 4 >= to) cut()
        const code = Number.parseInt(String.fromCharCode(...bytes.subarray(at + 1, at + 5)), 16)
        if (Number.isNaN(code)) differs()
        text +=
          code < 256 ? String.fromCharCode(code) : Buffer.from(String.fromCharCode(code)).toString('latin1')
        at += 4
      } else text += SIMPLE_ESCAPES[letter] ?? letter
    }
    return cut()
  }
  const readValue = (): string => {
    skipBlanks()
    if (bytes[at] === QUOTE) return readString()
    const begin = at
    while (at < to && bytes[at] !== 0x2c && bytes[at] !== 0x7d) at++
    if (at === to) cut()
    const word = Buffer.from(bytes.buffer, bytes.byteOffset + begin, at - begin)
      .toString('latin1')
      .trim()
    return word === 'null' ? '' : word
  }
  return attempt(() => {
    if (bytes[at] !== 0x7b) differs()
    at++
    skipBlanks()
    if (bytes[at] === 0x7d) return
    for (;;) {
      skipBlanks()
      if (bytes[at] !== QUOTE) differs()
      const name = readString()
      expectByte(0x3a)
      take(name, readValue())
      skipBlanks()
      if (bytes[at] === 0x7d) return
      expectByte(0x2c)
    }
  })
}
