import { type Accounting, type Wire, WireSum } from '../model/index.ts'
import type { Transfer } from '../transfer/index.ts'

/** Clients' ports are known again up to here; a port that comes back after it counts as another connection. */
const MOST_PORTS = 65_536

/** Transfers over TLS: what its records and handshakes are estimated from. */
export interface TlsTraffic {
  requests: number
  connections: number
  bytesOut: bigint
  bytesIn: bigint
}

/** Figures of one group, under each accounting that is still possible. */
export class WireGroup {
  readonly tls: TlsTraffic = { requests: 0, connections: 0, bytesOut: 0n, bytesIn: 0n }
  requests = 0
  bytesOut = 0n
  bytesIn = 0n
  /** Lines without %U. */
  withoutBytesIn = 0
  /** Answered by a server, not by HAProxy. */
  served = 0
  /** Cookies that HAProxy inserted (`--NI`). */
  cookies = 0
  readonly #sums = new Map<Accounting, { readonly out: WireSum; readonly in: WireSum }>()
  readonly #ports = new Set<string>()

  /** What doesn't depend on how it is counted. @param isTls the line, or all binds of the frontend, say so */
  observe({ bytesOut = 0, bytesIn, state, server, client, clientPort }: Transfer, isTls: boolean): void {
    this.requests++
    this.bytesOut += BigInt(bytesOut)
    this.bytesIn += BigInt(bytesIn ?? 0)
    if (bytesIn === undefined) this.withoutBytesIn++
    if (server !== undefined && !server.startsWith('<')) this.served++
    if (state?.[3] === 'I') this.cookies++
    if (!isTls) return
    this.tls.requests++
    this.tls.bytesOut += BigInt(bytesOut)
    this.tls.bytesIn += BigInt(bytesIn ?? 0)
    const port = `${client} ${clientPort}`
    if (clientPort !== undefined && this.#ports.has(port)) return
    this.tls.connections++
    if (this.#ports.size >= MOST_PORTS) this.#ports.clear()
    this.#ports.add(port)
  }

  add(accounting: Accounting, wire: Wire): void {
    const { out, in: sent } = this.sums(accounting)
    out.add(wire.out)
    sent.add(wire.in)
  }

  /** Of all figures under an accounting; empty where none was added. */
  sums(accounting: Accounting): { readonly out: WireSum; readonly in: WireSum } {
    let sums = this.#sums.get(accounting)
    if (sums === undefined) {
      sums = { out: new WireSum(), in: new WireSum() }
      this.#sums.set(accounting, sums)
    }
    return sums
  }

  merge(other: WireGroup): void {
    this.requests += other.requests
    this.bytesOut += other.bytesOut
    this.bytesIn += other.bytesIn
    this.withoutBytesIn += other.withoutBytesIn
    this.served += other.served
    this.cookies += other.cookies
    this.tls.requests += other.tls.requests
    this.tls.connections += other.tls.connections
    this.tls.bytesOut += other.tls.bytesOut
    this.tls.bytesIn += other.tls.bytesIn
    for (const [accounting, sums] of other.#sums) {
      const own = this.sums(accounting)
      own.out.merge(sums.out)
      own.in.merge(sums.in)
    }
  }
}
