import type { Channel } from './channels.ts'
import type { Voice } from './decide.ts'

/** Reads a channel row by row and remembers who said what. */
export class Listener {
  readonly #channel: Channel
  readonly #wholeRows: boolean
  readonly #outside: (value: number, column: number) => boolean
  readonly #row: Float64Array
  readonly #voices: Voice[]
  readonly #speakers: (Channel[number] | undefined)[]

  constructor(
    channel: Channel,
    width: number,
    wholeRows: boolean,
    outside: (value: number, column: number) => boolean,
  ) {
    this.#channel = channel
    this.#wholeRows = wholeRows
    this.#outside = outside
    this.#row = new Float64Array(width)
    this.#voices = Array.from({ length: width }, () => ({ value: Number.NaN, present: false, firm: false }))
    this.#speakers = new Array(width)
  }

  hear(time: number): void {
    for (const voice of this.#voices) {
      voice.value = Number.NaN
      voice.present = false
      voice.firm = false
    }
    this.#speakers.fill(undefined)
    let unknown = this.#row.length
    for (const offer of this.#channel) {
      if (unknown === 0) return
      if (!offer.reader.read(time, this.#row)) continue
      unknown -= this.#take(offer)
      if (this.#wholeRows && unknown < this.#row.length) return
    }
  }

  voice(column: number): Voice {
    return this.#voices[column] as Voice
  }

  credit(column: number): void {
    const speaker = this.#speakers[column]
    if (speaker) speaker.cells++
  }

  /** Takes what is not known yet; returns how many cells that were. */
  #take(offer: Channel[number]): number {
    const firm = offer.how === 'exact' || offer.how === 'consolidated'
    let taken = 0
    for (let column = 0; column < this.#voices.length; column++) {
      const voice = this.#voices[column] as Voice
      if (!Number.isNaN(voice.value) || (offer.columns[column] as number) < 0) continue
      const value = this.#row[column] as number
      const known = !Number.isNaN(value) && !this.#outside(value, column)
      if (known) {
        voice.value = value
        voice.present = true
        voice.firm = firm
        this.#speakers[column] = offer
        taken++
      } else if (offer.how === 'exact' && !voice.present) {
        voice.present = true
        voice.firm = true
        this.#speakers[column] = offer
      }
    }
    return taken
  }
}
