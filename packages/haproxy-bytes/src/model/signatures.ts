import { AlikeRequests } from './alike-requests.ts'
import type { WireFields } from './fields.ts'
import type { LoggedTransfer } from './logged-transfer.ts'
import { ownMessage } from './own-replies.ts'
import { isSwapped } from './request-read.ts'
import type { Accounting } from './version.ts'

/**
 * Tells from lines which accounting they have, where nobody says the version. What HAProxy
 * says itself gives it away: 503 for want of a server has 217 bytes in the inner form of 2.2 to 3.2, none in 3.4, and
 * up to 1.8 a message of its own length.
 */
export class Signatures {
  readonly #seen = new Map<Accounting, number>()
  readonly #alike = new AlikeRequests()

  observe(transfer: LoggedTransfer, fields: WireFields = {}): void {
    this.#alike.observe(transfer, fields)
    const found = signatureOf(transfer, fields)
    if (found) this.#seen.set(found, (this.#seen.get(found) ?? 0) + 1)
  }

  /** All that were seen: more than one where lines come from several versions. */
  get seen(): ReadonlyMap<Accounting, number> {
    const { shown } = this.#alike
    return shown === 0 || this.#seen.has('swapped')
      ? this.#seen
      : new Map([...this.#seen, ['swapped', shown]])
  }

  /** Undefined where nothing gives it away, or where lines contradict each other. */
  get accounting(): Accounting | undefined {
    const [only, ...others] = this.seen.keys()
    return others.length === 0 ? only : undefined
  }
}

function signatureOf(transfer: LoggedTransfer, fields: WireFields): Accounting | undefined {
  const { bytesOut, status, state } = transfer
  if (transfer.partial || bytesOut === undefined) return undefined
  if (isSwapped(transfer, fields)) return 'swapped'
  const message = ownMessage(status)
  if (message === undefined || state === undefined) return undefined
  // No server could be asked, or a rule refused the request: the reply can only be HAProxy's own.
  if (/^(?:SC|sC|sQ|PR|PT)/.test(state) && status !== 400 && status !== 408) {
    if (bytesOut === 0) return 'htx-own-zero'
    if (bytesOut === message + 3) return 'htx'
  }
  // Measured on 1.8.0, which counts what it answers to a bad request; since 2.0 it isn't counted at all.
  return status === 400 && state.startsWith('PR') && bytesOut === 187 ? 'wire' : undefined
}
