import type { WritableSource } from '../../src/source/index.ts'

type Pending = { readonly offset: number; readonly bytes: Uint8Array } | { readonly size: number }

/** The machine is off; nothing that the program does from here on matters. */
export class PowerCut extends Error {
  override readonly name = 'PowerCut'
}

/**
 * A disk with a cache: what was written since the last flush may be on it or not, each write for itself, when the power
 * fails. Everything stays in memory.
 */
export class CachedDisk implements WritableSource {
  readonly name = 'cached disk'
  #durable: Buffer
  #seen: Buffer
  #pending: Pending[] = []
  #left: number

  /** @param steps writes, truncations and flushes until the power fails */
  constructor(bytes: Uint8Array, steps = Number.POSITIVE_INFINITY) {
    this.#durable = Buffer.from(bytes)
    this.#seen = Buffer.from(bytes)
    this.#left = steps
  }

  get size(): number {
    return this.#seen.length
  }

  read(target: Uint8Array, offset: number): number {
    const part = this.#seen.subarray(offset, offset + target.length)
    target.set(part)
    return part.length
  }

  write(bytes: Uint8Array, offset: number): void {
    this.#step()
    this.#do({ offset, bytes: Uint8Array.from(bytes) })
  }

  truncate(size: number): void {
    this.#step()
    this.#do({ size })
  }

  flush(): void {
    this.#step()
    this.#durable = Buffer.from(this.#seen)
    this.#pending = []
  }

  /** How many writes the cache holds. */
  get unflushed(): number {
    return this.#pending.length
  }

  /** What is on the disk if of the cache this arrived; of the write `torn` the first half only. */
  afterCut(arrived: (index: number) => boolean, torn = -1): Buffer {
    let disk: Buffer = Buffer.from(this.#durable)
    this.#pending.forEach((step, index) => {
      if (arrived(index) || index === torn) disk = perform(disk, index === torn ? half(step) : step)
    })
    return disk
  }

  #do(step: Pending): void {
    this.#pending.push(step)
    this.#seen = perform(this.#seen, step)
  }

  #step(): void {
    if (this.#left-- <= 0) throw new PowerCut()
  }
}

function half(step: Pending): Pending {
  return 'size' in step ? step : { ...step, bytes: step.bytes.subarray(0, step.bytes.length >> 1) }
}

function perform(disk: Buffer, step: Pending): Buffer {
  const end = 'size' in step ? step.size : Math.max(disk.length, step.offset + step.bytes.length)
  const then =
    end === disk.length
      ? disk
      : Buffer.concat([disk.subarray(0, end), Buffer.alloc(Math.max(0, end - disk.length))])
  if (!('size' in step)) then.set(step.bytes, step.offset)
  return then
}
