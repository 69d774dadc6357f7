import { readHaproxyDate, type Zone } from '../clock/index.ts'
import { latin1 } from '../transfer/values.ts'
import { MINUTE_SIZE } from './layout.ts'
import { minutePlace } from './value-code.ts'

const MINUTE = 60_000
const WRITTEN = /\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d(?=:)/g
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** Lines come in the order of time: with a minute the next ones are told as well. */
const AHEAD = 60

/**
 * Minutes as they are written, and their instants. Offsets of zones change on quarters of an hour, so within a minute
 * milliseconds simply add up.
 */
export class Minutes {
  readonly #memory: () => ArrayBuffer
  readonly #zone: Zone

  constructor(memory: () => ArrayBuffer, zone: Zone) {
    this.#memory = memory
    this.#zone = zone
  }

  /** Tells the kernel of the minutes that this line names. Gives whether there is one that it didn't know. */
  learn(bytes: Uint8Array, from: number, to: number): boolean {
    let learned = false
    for (const [text] of latin1(bytes, from, to).matchAll(WRITTEN)) {
      const written = readHaproxyDate(`${text}:00.000`)
      // The minute at hand comes last: another one may have the same place.
      for (let ahead = AHEAD - 1; written && ahead >= 0; ahead--)
        if (this.#tell(written.local + ahead * MINUTE) && ahead === 0) learned = true
    }
    return learned
  }

  #tell(local: number): boolean {
    const [instant, twice] = this.#zone.instantsOf(local)
    // Of times that occurred twice the stamp of the line may know which one it was.
    if (instant === undefined || twice !== undefined) return false
    const text = Buffer.from(minuteText(local), 'latin1')
    const at = minutePlace(text)
    if (Buffer.from(this.#memory(), at, text.length).equals(text)) return false
    new Uint8Array(this.#memory(), at, MINUTE_SIZE).set(text)
    new DataView(this.#memory()).setBigInt64(at + 24, BigInt(instant), true)
    return true
  }
}

/** `21/Nov/2026:11:34` */
function minuteText(local: number): string {
  const iso = new Date(local).toISOString()
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 16)}`
}
