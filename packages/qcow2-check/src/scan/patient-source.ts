import { read } from 'node:fs'
import { promisify } from 'node:util'
import { type BlockSource, fileSourceOf } from '../source/index.ts'

const readLater = promisify(read)

/** A read that takes longer than this, in milliseconds, waited for a device or a server. */
const SLOW = 2

/**
 * An open file whose reads block while they are quick, which is fastest, and are left to a thread once one was slow, so that
 * other images of a scan are read meanwhile.
 */
export class PatientSource implements BlockSource {
  readonly name: string
  readonly size: number
  readonly fd: number
  readonly #quick: ReturnType<typeof fileSourceOf>
  #slow = false

  /** Takes the descriptor over. */
  constructor(fd: number, name: string) {
    this.#quick = fileSourceOf(fd, name)
    this.fd = fd
    this.name = name
    this.size = this.#quick.size
  }

  read(target: Uint8Array, offset: number): number | Promise<number> {
    if (this.#slow) return this.#readLater(target, offset)
    const since = performance.now()
    const count = this.#quick.read(target, offset)
    this.#slow = performance.now() - since > SLOW && target.length <= 2 ** 20
    return count
  }

  async #readLater(target: Uint8Array, offset: number): Promise<number> {
    let done = 0
    while (done < target.length) {
      const { bytesRead } = await readLater(this.fd, target, done, target.length - done, offset + done)
      if (bytesRead === 0) break
      done += bytesRead
    }
    return done
  }

  close(): void {
    this.#quick.close()
  }
}
