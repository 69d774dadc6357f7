import type { OutputFile } from './output-file.ts'

const HELD = 1024 * 1024

/** Gathers what is written one after another: tables of small clusters would be a request each. */
export class SequentialWriter {
  readonly #output: OutputFile
  readonly #held: Buffer = Buffer.allocUnsafeSlow(HELD)
  #position = 0
  #length = 0

  constructor(output: OutputFile) {
    this.#output = output
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    const continues = position === this.#position + this.#length
    if (!continues || this.#length + bytes.length > HELD) await this.flush()
    if (bytes.length > HELD / 2) {
      await this.#output.write(bytes, position)
      return
    }
    if (this.#length === 0) this.#position = position
    this.#held.set(bytes, this.#length)
    this.#length += bytes.length
  }

  async flush(): Promise<void> {
    if (this.#length > 0) await this.#output.write(this.#held.subarray(0, this.#length), this.#position)
    this.#length = 0
  }
}
