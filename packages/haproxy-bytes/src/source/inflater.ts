import type { Transform } from 'node:stream'

/** A decompressor of zlib's: it counts the bytes that it has taken. */
export type ZlibStream = Transform & { readonly bytesWritten: number }

/**
 * Drives a decompressor by hand: as a stream it would throw away what it had given last when it meets a fault. Its
 * memory is what one piece holds.
 */
export class Inflater {
  readonly #stream: ZlibStream
  readonly #ready: Uint8Array[] = []
  #ended = false
  #failure: Error | undefined

  constructor(stream: ZlibStream) {
    this.#stream = stream
    stream.on('data', (chunk: Uint8Array) => void this.#ready.push(chunk))
    stream.on('error', (error) => {
      this.#failure ??= error
    })
    stream.on('end', () => {
      this.#ended = true
    })
  }

  /** The end of what is compressed has been met: it takes no more. */
  get ended(): boolean {
    return this.#ended
  }

  get failure(): Error | undefined {
    return this.#failure
  }

  /** Gives how many of the bytes were taken: fewer where the end lies in them. */
  async write(piece: Uint8Array): Promise<number> {
    const before = this.#stream.bytesWritten
    await this.#settled((done) => this.#stream.write(piece, done))
    return this.#ended ? this.#stream.bytesWritten - before : piece.length
  }

  /** No more bytes come: too few are a failure. */
  async end(): Promise<void> {
    await this.#settled((done) => this.#stream.end(done))
  }

  /** What was decompressed since it was asked last. */
  take(): Uint8Array[] {
    return this.#ready.splice(0)
  }

  destroy(): void {
    this.#stream.destroy()
  }

  /** Resolves when the piece has been taken, or when there is nothing more to wait for: after a fault, or at the end. */
  async #settled(give: (done: (error?: Error | null) => void) => void): Promise<void> {
    const stream = this.#stream
    await new Promise<void>((resolve) => {
      const done = (error?: Error | null): void => {
        if (error) this.#failure ??= error
        stream.off('error', done).off('close', done).off('end', done)
        resolve()
      }
      stream.on('error', done).on('close', done).on('end', done)
      give(done)
    })
  }
}
