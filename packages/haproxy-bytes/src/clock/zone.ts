const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Offsets change on quarters of an hour only (tz database since 1970). */
const STEP = 15 * MINUTE

/** An IANA time zone, `Europe/Berlin`, as the data of this Node knows it. */
export class Zone {
  readonly name: string
  /** None for UTC: making one takes as long as the rest of a start. */
  readonly #format: Intl.DateTimeFormat | undefined
  readonly #offsets = new Map<number, number>()

  /** @throws RangeError where there is no such zone */
  constructor(name: string) {
    if (name === 'UTC') {
      this.name = name
      return
    }
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
    this.name = this.#format.resolvedOptions().timeZone
  }

  /** Milliseconds east of UTC at an instant, ms of UTC. */
  offsetAt(instant: number): number {
    if (!this.#format) return 0
    const slot = Math.floor(instant / STEP)
    let offset = this.#offsets.get(slot)
    if (offset === undefined) {
      offset = offsetOf(this.#format, slot * STEP)
      // A log of a year has 35,000 of them; a hostile one has as many as it likes.
      if (this.#offsets.size > 100_000) this.#offsets.clear()
      this.#offsets.set(slot, offset)
    }
    return offset
  }

  /**
   * Instants of a local time, given as if it were UTC: two where the clocks went back over it, the earlier first; one
   * where they went forward over it, by the offset before.
   */
  instantsOf(local: number): readonly number[] {
    const around = [this.offsetAt(local - 26 * HOUR), this.offsetAt(local + 26 * HOUR)]
    const offsets = [...new Set(around)].sort((a, b) => b - a)
    const instants = offsets.map((offset) => local - offset).filter((at) => at + this.offsetAt(at) === local)
    return instants.length > 0 ? instants : [local - (around[0] as number)]
  }
}

function offsetOf(format: Intl.DateTimeFormat, instant: number): number {
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value
  const [, sign, hours, minutes, seconds = '0'] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name ?? '') ?? []
  if (hours === undefined) return 0
  const offset = Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * 1000
  return sign === '-' ? -offset : offset
}
