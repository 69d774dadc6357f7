import { type Assumption, assume, between, exactly, type WireTerm } from './figure.ts'

/** An interim response has a status line of its own: 15 bytes less than its inner form, 4 more for each header. */
const PER_RESPONSE = 15
/** The least inner form: `HTTP/1.1 100` without a reason or a header. */
const SMALLEST = 32
/** The model's limits where nothing can be seen: a 100 and a 103, or two 103, of ten headers each. */
const MOST_RESPONSES = 2
const MOST_HEADERS = 10

/**
 * What interim responses add, for a response whose length is announced: bytes of %B that its head, without the
 * reason phrase, and its body don't explain. Below 32 they are the reason phrase, for certain.
 */
export function interimBytes(unexplained: number): WireTerm {
  if (unexplained < SMALLEST) return exactly('interim', 0)
  const responses = Math.floor(unexplained / SMALLEST)
  const headers = Math.max(0, 4 * (unexplained - SMALLEST) - PER_RESPONSE)
  const likely = unexplained - 2 > 40 ? 4 - PER_RESPONSE : -PER_RESPONSE
  // A reason phrase of that length may be all of it.
  return between('interim', -PER_RESPONSE * responses, headers, Math.min(likely, headers))
}

/** A body without an announced length may have had interim responses before it that nothing tells of. */
export function unseenInterim(): { term: WireTerm; assumes: Assumption[] } {
  const high = MOST_RESPONSES * (4 * MOST_HEADERS - PER_RESPONSE)
  return {
    term: between('interim', -PER_RESPONSE * MOST_RESPONSES, high, 0),
    assumes: [assume('few-interims', PER_RESPONSE)],
  }
}

/** After a switch of protocols everything passes unchanged; servers send no interim response before one. */
export const noInterim = (): Assumption => assume('no-interim', PER_RESPONSE)
