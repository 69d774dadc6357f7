import { attempt, cut, differs, type PairsOutcome, type TakePair } from './pairs.ts'

const BREAK = 0xff
const MAP = 0xbf

/** The hexadecimal text that `%{+cbor}o` writes: one map of indefinite length (RFC 8949). */
export function readCborHexPairs(bytes: Uint8Array, from: number, to: number, take: TakePair): PairsOutcome {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
  const digits = /^[0-9A-Fa-f]*/.exec(text)?.[0] ?? ''
  if (!/^bf/i.test(digits)) return 'none'
  const raw = Buffer.from(digits, 'hex')
  return readCborPairs(raw, 0, raw.length, take)
}

/** The same in raw bytes (`+bin`). 3.0.0 writes integers as hexadecimal text there, which is no CBOR: `none`. */
export function readCborPairs(bytes: Uint8Array, from: number, to: number, take: TakePair): PairsOutcome {
  let at = from
  const next = (): number => {
    if (at >= to) cut()
    return bytes[at++] as number
  }
  const argument = (info: number): number => {
    if (info < 24) return info
    const width = { 24: 1, 25: 2, 26: 4, 27: 8 }[info]
    if (width === undefined) return differs()
    let value = 0
    for (let i = 0; i < width; i++) value = value * 256 + next()
    return value
  }
  const chunk = (length: number): string => {
    if (length > to - at) cut()
    at += length
    return Buffer.from(bytes.buffer, bytes.byteOffset + at - length, length).toString('latin1')
  }
  const value = (): string => {
    const head = next()
    const [major, info] = [head >> 5, head & 31]
    if (major === 0) return String(argument(info))
    if (major === 1) return String(-1 - argument(info))
    if (major === 2 || major === 3) {
      if (info !== 31) return chunk(argument(info))
      let text = ''
      for (let part = next(); part !== BREAK; part = next()) {
        if (part >> 5 !== major) differs()
        text += chunk(argument(part & 31))
      }
      return text
    }
    if (head === 0xf4) return 'false'
    if (head === 0xf5) return 'true'
    return head === 0xf6 || head === 0xf7 ? '' : differs()
  }
  return attempt(() => {
    if (next() !== MAP) differs()
    while (at >= to || bytes[at] !== BREAK) {
      const name = value()
      take(name, value())
    }
    at++
  })
}
