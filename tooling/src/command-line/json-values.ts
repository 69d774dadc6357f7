import { bytesOfText, textOfBytes } from '../terminal/lossless-text.ts'

/** A path in JSON: `path` always, `pathBase64` too where it is not UTF-8 (`path` then has U+FFFD for such bytes). */
export interface JsonPath {
  readonly path: string
  readonly pathBase64?: string
}

/** The fields of a path in a JSON document: spread them, `{ ...jsonPath(file), status }`. */
export function jsonPath(path: string | Uint8Array): JsonPath {
  const text = typeof path === 'string' ? path : textOfBytes(path)
  const bytes = bytesOfText(text)
  const lossy = bytes.toString()
  return Buffer.from(lossy).equals(bytes)
    ? { path: lossy }
    : { path: lossy, pathBase64: bytes.toString('base64') }
}

/** An integer in JSON: a number up to 2^53-1, beyond it a decimal string, so that no reader rounds it. */
export function jsonInteger(value: bigint | number): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value.toString()
}

/**
 * JSON's rule for every value of a document: a bigint stays exact, and text is valid Unicode. A name's bytes that are
 * no UTF-8 stand in messages as lone surrogates, at which strict readers of JSON stop; as everywhere they become U+FFFD.
 */
export function documentValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return jsonInteger(value)
  return typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value
}
