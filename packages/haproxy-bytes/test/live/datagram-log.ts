import { LateError } from './waiting.ts'

interface Waiter {
  readonly look: () => boolean
  readonly done: () => void
}

/** Datagrams as they came, and those who wait for one. */
export class DatagramLog {
  readonly datagrams: Buffer[] = []
  readonly #waiters = new Set<Waiter>()

  add(datagram: Buffer): void {
    this.datagrams.push(datagram)
    for (const waiter of this.#waiters) if (waiter.look()) waiter.done()
  }

  clear(): void {
    this.datagrams.length = 0
  }

  async first(count: number, milliseconds = 10_000): Promise<readonly Buffer[]> {
    const enough = (): boolean => this.datagrams.length >= count
    await this.#wait(enough, milliseconds, () => `${count} lines, ${this.datagrams.length} came`)
    return this.datagrams.slice(0, count)
  }

  async holding(text: string, milliseconds = 10_000): Promise<Buffer> {
    const find = (): Buffer | undefined => this.datagrams.find((datagram) => datagram.includes(text))
    await this.#wait(
      () => find() !== undefined,
      milliseconds,
      () => `a line that holds ${text}`,
    )
    return find() as Buffer
  }

  #wait(look: () => boolean, milliseconds: number, what: () => string): Promise<void> {
    if (look()) return Promise.resolve()
    return new Promise((done, failed) => {
      const waiter: Waiter = {
        look,
        done: () => {
          clearTimeout(timer)
          this.#waiters.delete(waiter)
          done()
        },
      }
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter)
        failed(new LateError(what()))
      }, milliseconds)
      this.#waiters.add(waiter)
    })
  }
}
