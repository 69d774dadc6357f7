import type { WireFields } from './fields.ts'
import type { LoggedTransfer } from './logged-transfer.ts'

/** GET requests of one connection that a server answered. */
interface Connection {
  /** %B less the request line, the same in all of them so far. */
  readonly rest: number
  requests: number
  /** Lengths of request lines. */
  readonly lengths: Set<number>
  readonly statuses: Set<number>
}

/** Those that came last: a connection's requests are near each other. */
const MOST_CONNECTIONS = 1024
const ENOUGH = { requests: 4, lengths: 3, statuses: 2, connections: 3 } as const
/** tune.bufsize is 16384; few set more, and a request's head must fit in it. */
const LARGEST_HEAD = 65_536
/** Of the inner form, beside the words of the request line: 20, and 1 for the end of the headers. */
const HEAD = 21

/**
 * Tells 3.3.0 where a line has %B alone. A client's requests over one connection mostly differ in nothing but their
 * URIs: if %B grows with the URI to the byte, whether the answer was a page, an error or "not modified", it counts
 * requests. A request shorter than its own request line, or longer than a buffer, proves the opposite for the whole log.
 */
export class AlikeRequests {
  readonly #connections = new Map<string, Connection>()
  #alike = 0
  #excluded = false

  /** Connections that show it; 0 unless there are enough, and nothing speaks against it. */
  get shown(): number {
    return this.#excluded || this.#alike < ENOUGH.connections ? 0 : this.#alike
  }

  observe(transfer: LoggedTransfer & { readonly clientPort?: number }, fields: WireFields): void {
    const { bytesOut = 0, status = 0, state, server, client, clientPort } = transfer
    const { method, requestLine } = fields
    if (this.#excluded || requestLine === undefined || method !== 'GET' || !isServed(state, server)) return
    if (bytesOut > LARGEST_HEAD || (bytesOut > 0 && bytesOut < HEAD + requestLine)) {
      this.#excluded = true
      this.#connections.clear()
    } else if (client !== undefined && clientPort !== undefined)
      this.#add(`${client} ${clientPort}`, bytesOut - requestLine, requestLine, status)
  }

  #add(name: string, rest: number, length: number, status: number): void {
    const known = this.#connections.get(name)
    if (known && known.rest !== rest) {
      if (isEnough(known)) this.#alike--
      // Never the same again.
      this.#connections.set(name, { ...known, rest: Number.NaN, requests: 0 })
      return
    }
    if (this.#connections.size >= MOST_CONNECTIONS && !known) {
      const [oldest] = this.#connections.keys()
      this.#connections.delete(oldest as string)
    }
    const connection = known ?? { rest, requests: 0, lengths: new Set(), statuses: new Set() }
    const before = isEnough(connection)
    connection.requests++
    if (connection.lengths.size < ENOUGH.lengths) connection.lengths.add(length)
    if (connection.statuses.size < ENOUGH.statuses) connection.statuses.add(status)
    this.#connections.set(name, connection)
    if (!before && isEnough(connection)) this.#alike++
  }
}

const isServed = (state: string | undefined, server: string | undefined): boolean =>
  state?.[0] === '-' && state[1] === '-' && server?.startsWith('<') === false

const isEnough = ({ requests, lengths, statuses }: Connection): boolean =>
  requests >= ENOUGH.requests && lengths.size >= ENOUGH.lengths && statuses.size >= ENOUGH.statuses
