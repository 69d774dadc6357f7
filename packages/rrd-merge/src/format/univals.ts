/** How a unival is to be read: nothing in the file says so, only the structure and the CF or DS type do. */
export type UnivalKind =
  /** A double (u_val). */
  | 'value'
  /** An unsigned long (u_cnt); it occupies the FIRST sizeof(long) of the 8 bytes, the rest is garbage. */
  | 'count'
  /** Single bytes: the violation history of FAILURES. */
  | 'raw'
  /** Two nodes of a COMPUTE expression: char op, pad, short val. */
  | 'rpn'

export type UnivalKinds = readonly UnivalKind[]

/** Every par[] and scratch[] of rrd_format.h has ten. */
export const UNIVALS = 10
const SIZE = 8 * UNIVALS

/**
 * The ten univals of one par[] or scratch[], free of any architecture: doubles and counts as 64-bit little-endian.
 * Kept as bytes and not as numbers, so that a NaN's payload and what no rule explains survive a conversion.
 */
export class Univals {
  readonly bytes: Uint8Array
  private readonly view: DataView

  constructor(bytes: Uint8Array = new Uint8Array(SIZE)) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, SIZE)
  }

  value(slot: number): number {
    return this.view.getFloat64(8 * slot, true)
  }

  /** Beyond 2^53 inexact. */
  count(slot: number): number {
    return this.view.getUint32(8 * slot + 4, true) * 0x1_0000_0000 + this.view.getUint32(8 * slot, true)
  }

  /** The count in decimal, exact whatever its size. */
  countText(slot: number): string {
    return String(this.view.getBigUint64(8 * slot, true))
  }

  setValue(slot: number, value: number): this {
    this.view.setFloat64(8 * slot, value, true)
    return this
  }

  /** @param count 0 to 2^64 - 1 */
  setCount(slot: number, count: number | bigint): this {
    this.view.setBigUint64(8 * slot, BigInt(count), true)
    return this
  }

  clone(): Univals {
    return new Univals(this.bytes.slice())
  }
}
