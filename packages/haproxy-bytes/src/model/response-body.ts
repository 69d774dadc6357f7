import { chunkFraming } from './chunks.ts'
import type { WireFields } from './fields.ts'
import { type Assumption, between, exactly, type WireTerm } from './figure.ts'
import { interimBytes, noInterim, unseenInterim } from './interim.ts'
import type { LoggedTransfer } from './logged-transfer.ts'
import { forbiddenFields } from './no-content.ts'
import { LONGEST_REASON } from './own-replies.ts'

/** How a response's end is found (RFC 9112 6.3). */
export type ResponseLength = 'none' | 'announced' | 'chunked' | 'close' | 'tunnel' | 'not-logged'

export function lengthOf({ status }: LoggedTransfer, { method, rl }: WireFields): ResponseLength {
  if (status === 101 || (method === 'CONNECT' && status !== undefined && status >= 200 && status < 300))
    return 'tunnel'
  if (method === 'HEAD' || status === 204 || status === 304) return 'none'
  if (rl === undefined) return 'not-logged'
  if (rl === null) return 'close'
  return rl < 0 ? 'chunked' : 'announced'
}

export interface ResponseBody {
  readonly terms: readonly WireTerm[]
  readonly assumes: readonly Assumption[]
  /** Less came than was announced. */
  readonly isShort: boolean
}

/** @param rest bytes of %B beside the head: reason phrase, body, what came before it */
export function bodyTerms(
  rest: number,
  length: ResponseLength,
  transfer: LoggedTransfer,
  fields: WireFields,
  own: boolean,
): ResponseBody {
  const announced = length === 'announced' ? (fields.rl as number) : 0
  // HAProxy itself says 100 at most, and then only where a rule waits for a body.
  const before = own ? { term: exactly('interim', 0), assumes: [noInterim()] } : unseenInterim()
  switch (length) {
    case 'none':
    case 'announced': {
      if (rest >= announced)
        return {
          terms: [interimBytes(rest - announced), forbiddenFields(transfer, fields)],
          assumes: [],
          isShort: false,
        }
      return { terms: [before.term], assumes: before.assumes, isShort: true }
    }
    case 'tunnel':
      return { terms: [], assumes: [noInterim()], isShort: false }
    case 'close':
      return { terms: [before.term], assumes: before.assumes, isShort: false }
    case 'not-logged': {
      const most = chunkFraming(0, Math.max(0, rest - 1)).high as number
      return { terms: [between('framing', 0, most), before.term], assumes: before.assumes, isShort: false }
    }
    default: {
      // A reason phrase has 31 bytes at most; each byte of an interim response is less than one in a chunk of its own.
      const interim = between('interim', before.term.low, 0, 0)
      const framing = chunkFraming(rest - 1 - LONGEST_REASON, rest - 1)
      return { terms: [framing, interim], assumes: before.assumes, isShort: false }
    }
  }
}
