/** Lines of a log, small: 18 bytes each. */
const MOST_LINES = 1 << 20

const MOST_NAMES = 65_535

/** Whose lines are asked for; a field that isn't given may be anything. */
export interface Stratum {
  readonly frontend?: string
  readonly backend?: string
}

/**
 * Bytes of the lines that arrived, by time, to know those by that didn't. Of more than a million lines the older half
 * is thinned out, every second line stays: still neighbours, only fewer.
 */
export class Neighbours {
  #times = new Float64Array(1024)
  #bytes = new Float64Array(1024)
  #proxies = new Uint16Array(1024)
  #count = 0
  readonly #names = new Map<string, Map<string, number>>()
  readonly #frontends: string[] = []
  readonly #backends: string[] = []
  #sorted = true

  get lines(): number {
    return this.#count
  }

  /** @param time of the transfer's end, ms of UTC */
  add(time: number, bytes: number, frontend: string, backend: string): void {
    if (this.#count === MOST_LINES) this.#thin()
    if (this.#count === this.#times.length) this.#grow()
    const at = this.#count++
    if (at > 0 && time < (this.#times[at - 1] as number)) this.#sorted = false
    this.#times[at] = time
    this.#bytes[at] = bytes
    this.#proxies[at] = this.#number(frontend, backend)
  }

  /**
   * Bytes of up to so many lines, those nearest to a time, in the order of time: half of them before it, half after it
   * where there are as many. Those within the given span itself count as nearest.
   */
  around(from: number, until: number, wanted: number, stratum: Stratum = {}): Float64Array {
    this.#sort()
    const belongs = this.#filter(stratum)
    const [begin, end] = [this.#place(from), this.#place(until)]
    const middle = (begin + end) >> 1
    const [before, after]: [number[], number[]] = [[], []]
    let [left, right] = [middle - 1, middle]
    while (before.length + after.length < wanted && (left >= 0 || right < this.#count)) {
      left = this.#next(left, -1, belongs)
      if (left >= 0) before.push(this.#bytes[left--] as number)
      if (before.length + after.length >= wanted) break
      right = this.#next(right, 1, belongs)
      if (right < this.#count) after.push(this.#bytes[right++] as number)
    }
    return Float64Array.from([...before.reverse(), ...after])
  }

  /** Lines a second, in the minute before a time. */
  rateBefore(time: number): number {
    this.#sort()
    const end = this.#place(time)
    const begin = this.#place(time - 60_000)
    if (end === begin) return 0
    const seconds = (time - (this.#times[begin] as number)) / 1000
    return (end - begin) / Math.max(seconds, 1)
  }

  #next(at: number, step: 1 | -1, belongs: Uint8Array): number {
    let next = at
    while (next >= 0 && next < this.#count && belongs[this.#proxies[next] as number] === 0) next += step
    return next
  }

  #filter({ frontend, backend }: Stratum): Uint8Array {
    return Uint8Array.from(this.#frontends, (name, number) =>
      (frontend === undefined || name === frontend) &&
      (backend === undefined || this.#backends[number] === backend)
        ? 1
        : 0,
    )
  }

  #place(time: number): number {
    let [low, high] = [0, this.#count]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#times[middle] as number) < time) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Names come from the log, which anybody may have written: those beyond the first 65,000 are one. */
  #number(frontend: string, backend: string): number {
    const backends = this.#names.get(frontend)
    const known = backends?.get(backend)
    if (known !== undefined) return known
    const number = Math.min(this.#frontends.length, MOST_NAMES)
    this.#frontends[number] = number === MOST_NAMES ? '' : frontend
    this.#backends[number] = number === MOST_NAMES ? '' : backend
    if (number === MOST_NAMES) return number
    if (backends) backends.set(backend, number)
    else this.#names.set(frontend, new Map([[backend, number]]))
    return number
  }

  #grow(): void {
    const length = this.#times.length * 2
    const [times, bytes, proxies] = [this.#times, this.#bytes, this.#proxies]
    this.#times = new Float64Array(length)
    this.#bytes = new Float64Array(length)
    this.#proxies = new Uint16Array(length)
    this.#times.set(times)
    this.#bytes.set(bytes)
    this.#proxies.set(proxies)
  }

  #thin(): void {
    this.#sort()
    const half = MOST_LINES / 2
    this.#reorder(
      Uint32Array.from({ length: half / 2 + half }, (_, at) => (at < half / 2 ? at * 2 : at + half / 2)),
    )
  }

  #sort(): void {
    if (this.#sorted) return
    const order = Uint32Array.from({ length: this.#count }, (_, at) => at)
    const times = this.#times
    order.sort((a, b) => (times[a] as number) - (times[b] as number) || a - b)
    this.#reorder(order)
    this.#sorted = true
  }

  #reorder(order: Uint32Array): void {
    const pick = <T extends Float64Array | Uint16Array>(from: T, to: T): T => {
      for (let at = 0; at < order.length; at++) to[at] = from[order[at] as number] as number
      return to
    }
    this.#times = pick(this.#times, new Float64Array(this.#times.length))
    this.#bytes = pick(this.#bytes, new Float64Array(this.#bytes.length))
    this.#proxies = pick(this.#proxies, new Uint16Array(this.#proxies.length))
    this.#count = order.length
  }
}
