import type { Abi } from './architecture.ts'

const TWO_32 = 0x1_0000_0000

/** Reads the fields of one architecture from a header's bytes, without an object per field. */
export class FieldReader {
  readonly abi: Abi
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly littleEndian: boolean

  constructor(bytes: Uint8Array, abi: Abi) {
    this.abi = abi
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.littleEndian = abi.littleEndian
  }

  uint32(offset: number): number {
    return this.view.getUint32(offset, this.littleEndian)
  }

  int16(offset: number): number {
    return this.view.getInt16(offset, this.littleEndian)
  }

  double(offset: number): number {
    return this.view.getFloat64(offset, this.littleEndian)
  }

  /** An unsigned long; beyond 2^53 inexact, which callers refuse as not a safe integer. */
  ulong(offset: number): number {
    return this.abi.long === 4 ? this.uint32(offset) : this.wide(offset, false)
  }

  long(offset: number): number {
    return this.abi.long === 4 ? this.view.getInt32(offset, this.littleEndian) : this.wide(offset, true)
  }

  /** A time_t. */
  time(offset: number): number {
    return this.abi.time === 4 ? this.view.getInt32(offset, this.littleEndian) : this.wide(offset, true)
  }

  /** Text up to the first NUL, as Latin-1 so that any byte survives a round trip. */
  text(offset: number, size: number): string {
    let text = ''
    for (let i = offset; i < offset + size; i++) {
      const byte = this.bytes[i] as number
      if (byte === 0) break
      text += String.fromCharCode(byte)
    }
    return text
  }

  private wide(offset: number, signed: boolean): number {
    const highAt = this.littleEndian ? offset + 4 : offset
    const high = signed
      ? this.view.getInt32(highAt, this.littleEndian)
      : this.view.getUint32(highAt, this.littleEndian)
    return high * TWO_32 + this.uint32(this.littleEndian ? offset : offset + 4)
  }
}
