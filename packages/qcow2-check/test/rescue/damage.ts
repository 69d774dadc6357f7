import { closeSync, openSync, readSync, writeSync } from 'node:fs'

/** Bytes of a file, changed in place. */
export class Patch implements Disposable {
  readonly #fd: number

  constructor(path: string) {
    this.#fd = openSync(path, 'r+')
  }

  u64(offset: number): number {
    const bytes = Buffer.alloc(8)
    readSync(this.#fd, bytes, 0, 8, offset)
    return Number(bytes.readBigUInt64BE() & 0x00ff_ffff_ffff_fe00n)
  }

  raw(offset: number): bigint {
    const bytes = Buffer.alloc(8)
    readSync(this.#fd, bytes, 0, 8, offset)
    return bytes.readBigUInt64BE()
  }

  set(offset: number, value: bigint): void {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64BE(value)
    writeSync(this.#fd, bytes, 0, 8, offset)
  }

  fill(offset: number, length: number, byte: number): void {
    writeSync(this.#fd, Buffer.alloc(length, byte), 0, length, offset)
  }

  /** Offset of the active L1 table. */
  get l1(): number {
    return this.u64(40)
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd)
  }
}
