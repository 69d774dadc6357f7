import { latin1 } from '../transfer/values.ts'

/**
 * Why a line was not summed. `cut`: it ends before its format does; `ambiguous`: a client could have written what would
 * be counted; `no-bytes`: its format has no byte count; `too-long`: no log of HAProxy's has a line of more than 1 MiB; `no-time`: a span of time was asked for and it shows none;
 * `unknown`: no format fits.
 */
export const UNREAD_REASONS = ['cut', 'ambiguous', 'no-bytes', 'too-long', 'no-time', 'unknown'] as const
export type UnreadReason = (typeof UNREAD_REASONS)[number]

/** A line that was not summed: where it begins in its log (bytes, decompressed), and its beginning, a character a byte. */
export interface Sample {
  readonly at: number
  readonly text: string
}

/** How many there are for one reason, with the first few of them. */
export interface Unread {
  readonly lines: number
  readonly samples: readonly Sample[]
}

const SAMPLES = 3
/** Enough to know a line by; a log of nothing but rubbish must not fill a report. */
const SAMPLE_LENGTH = 200

/** Counts lines that were not summed, by reason. */
export class UnreadLines {
  readonly #byReason = new Map<UnreadReason, { lines: number; samples: Sample[] }>()

  add(reason: UnreadReason, at: number, bytes: Uint8Array, from: number, to: number): void {
    const { samples } = this.#count(reason, 1)
    if (samples.length < SAMPLES)
      samples.push({ at, text: latin1(bytes, from, Math.min(to, from + SAMPLE_LENGTH)) })
  }

  /** Takes those of another piece in; pieces come in the order of the log. */
  merge(reason: UnreadReason, { lines, samples }: Unread): void {
    const own = this.#count(reason, lines)
    own.samples.push(...samples.slice(0, SAMPLES - own.samples.length))
  }

  get(reason: UnreadReason): Unread | undefined {
    return this.#byReason.get(reason)
  }

  entries(): [UnreadReason, Unread][] {
    return UNREAD_REASONS.flatMap((reason): [UnreadReason, Unread][] => {
      const unread = this.#byReason.get(reason)
      return unread ? [[reason, unread]] : []
    })
  }

  #count(reason: UnreadReason, lines: number): { lines: number; samples: Sample[] } {
    let own = this.#byReason.get(reason)
    if (!own) {
      own = { lines: 0, samples: [] }
      this.#byReason.set(reason, own)
    }
    own.lines += lines
    return own
  }
}
