/** Bytes of one buffer: large enough that a request costs nothing beside its bytes. */
export const PIECE = 1024 * 1024

/** Reads and writes under way at a time: a read, a write and what waits for either. */
const JOBS = 4

/** Runs a few jobs at a time, each with a buffer of its own; the first that fails ends them all. */
export class CopyJobs {
  readonly #free: Buffer[]
  readonly #running = new Set<Promise<void>>()
  readonly #size: number
  #failure: { readonly error: unknown } | undefined

  /** @param size bytes of a buffer */
  constructor(size = PIECE) {
    this.#size = size
    this.#free = []
  }

  /** Starts a job, once there is a buffer for it. */
  async start(job: (buffer: Buffer) => Promise<void>): Promise<void> {
    while (this.#running.size >= JOBS && !this.#failure) await Promise.race(this.#running)
    this.#check()
    const buffer = this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#size)
    const running: Promise<void> = job(buffer)
      .catch((error: unknown) => {
        this.#failure ??= { error }
      })
      .finally(() => {
        this.#free.push(buffer)
        this.#running.delete(running)
      })
    this.#running.add(running)
  }

  /** Waits for all of them. Also to be called after a failure, so that nothing is under way any more. */
  async settle(): Promise<void> {
    await Promise.all(this.#running)
    this.#check()
  }

  #check(): void {
    if (this.#failure) throw this.#failure.error
  }
}
