/** Hands values out in the order of their numbers, whatever the order they come in. */
export class Ordered<T> {
  readonly #waiting = new Map<number, T>()
  readonly #count: number
  #next = 0
  #end: { readonly error: unknown } | undefined
  #wake: () => void = () => {}

  /** @param count values there will be, numbered from 0 */
  constructor(count: number) {
    this.#count = count
  }

  put(number: number, value: T): void {
    this.#waiting.set(number, value)
    if (number === this.#next) this.#wake()
  }

  /** Nothing more comes. Whoever reads gets what there is, and then this error, or one for what is missing. */
  end(failure?: { readonly error: unknown }): void {
    this.#end ??= failure ?? { error: undefined }
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    while (this.#next < this.#count) {
      const value = this.#waiting.get(this.#next)
      if (value !== undefined) {
        this.#waiting.delete(this.#next++)
        yield value
      } else if (this.#end) {
        yield* this.#beyondTheGap()
        throw this.#end.error ?? new Error(`no outcome for item ${this.#next} of ${this.#count}`)
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
    if (this.#end?.error) throw this.#end.error
  }

  *#beyondTheGap(): Generator<T> {
    const rest = [...this.#waiting].sort(([a], [b]) => a - b)
    this.#waiting.clear()
    for (const [, value] of rest) yield value
  }
}
