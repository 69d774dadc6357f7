/** Hands values out in the order of their numbers, whatever the order they come in. */
export class Ordered<T> {
  readonly #waiting = new Map<number, T>()
  readonly #count: number
  #next = 0
  #failure: { readonly error: unknown } | undefined
  #wake: () => void = () => {}

  /** @param count values there will be, numbered from 0 */
  constructor(count: number) {
    this.#count = count
  }

  put(number: number, value: T): void {
    this.#waiting.set(number, value)
    if (number === this.#next) this.#wake()
  }

  /** Whoever reads gets this error. */
  fail(error: unknown): void {
    this.#failure ??= { error }
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    while (this.#next < this.#count) {
      const value = this.#waiting.get(this.#next)
      if (value !== undefined) {
        this.#waiting.delete(this.#next++)
        yield value
      } else if (this.#failure) throw this.#failure.error
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }
}
