import type { Abi } from './architecture.ts'
import { atOffset, RrdError } from './error.ts'

const UINT32_MAX = 0xffff_ffff
const INT32_MAX = 0x7fff_ffff

/** Writes the fields of one architecture into a header's bytes, refusing what does not fit. */
export class FieldWriter {
  readonly abi: Abi
  readonly bytes: Uint8Array
  private readonly view: DataView

  constructor(bytes: Uint8Array, abi: Abi) {
    this.abi = abi
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  double(offset: number, value: number): void {
    this.view.setFloat64(offset, value, this.abi.littleEndian)
  }

  ulong(offset: number, value: number, what: string): void {
    if (!Number.isSafeInteger(value) || value < 0) this.refuse(offset, what, value, 'is no count')
    if (this.abi.long === 8) this.wide(offset, value)
    else if (value > UINT32_MAX) this.refuse(offset, what, value, 'does not fit 32 bits')
    else this.view.setUint32(offset, value, this.abi.littleEndian)
  }

  long(offset: number, value: number, what: string): void {
    this.signed(offset, value, this.abi.long, what)
  }

  /** A time_t. */
  time(offset: number, value: number, what: string): void {
    this.signed(offset, value, this.abi.time, what)
  }

  /** NUL-terminated Latin-1 text in a field of `size` bytes that are zero. */
  text(offset: number, size: number, text: string, what: string): void {
    if (text.length >= size)
      this.refuse(offset, what, JSON.stringify(text), `is longer than ${size - 1} bytes`)
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code === 0 || code > 0xff) {
        this.refuse(offset, what, JSON.stringify(text), 'has a character that is no byte of Latin-1')
      }
      this.bytes[offset + i] = code
    }
  }

  private signed(offset: number, value: number, size: 4 | 8, what: string): void {
    if (!Number.isSafeInteger(value)) this.refuse(offset, what, value, 'is no whole number')
    if (size === 8) this.wide(offset, value)
    else if (value > INT32_MAX || value < -INT32_MAX - 1) {
      this.refuse(offset, what, value, 'does not fit 32 bits')
    } else this.view.setInt32(offset, value, this.abi.littleEndian)
  }

  private wide(offset: number, value: number): void {
    this.view.setBigInt64(offset, BigInt(value), this.abi.littleEndian)
  }

  private refuse(offset: number, what: string, value: number | string, why: string): never {
    throw new RrdError(
      'ERANGE',
      `cannot write ${this.abi.architecture} ${atOffset(offset)}: ${what} ${value} ${why}`,
      { offset, ...(why.includes('32 bits') && { remedy: 'choose an architecture with wider fields' }) },
    )
  }
}
