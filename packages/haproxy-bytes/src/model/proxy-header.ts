import type { ProxyFacts } from '../config/wire-facts.ts'
import { type Assumption, assume, between, exactly, type WireTerm } from './figure.ts'
import type { LoggedTransfer } from './logged-transfer.ts'

/** `PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535`; version 2 has 28 bytes, and 52 with IPv6. */
const MOST_IPV4 = 56
const MOST_IPV6 = 104
/** What a load balancer before this one adds to version 2 (AWS: its endpoint's id). */
const USUAL_TLV = 84

/** A PROXY header comes first on a connection, in no counter, and once for all requests on it. */
export function proxyHeader(
  { client }: LoggedTransfer,
  { known, acceptProxy, mode }: ProxyFacts,
): { term: WireTerm; assumes: Assumption[] } {
  const none = exactly('proxy-header', 0)
  if (!known) return { term: none, assumes: [assume('no-proxy-header', MOST_IPV4)] }
  if (!acceptProxy) return { term: none, assumes: [] }
  const isIpv4 = client === undefined || !client.includes(':')
  // A TCP session is a whole connection: `PROXY UNKNOWN` at least.
  const low = mode === 'tcp' ? 15 : 0
  return {
    term: between('proxy-header', low, isIpv4 ? MOST_IPV4 : MOST_IPV6),
    assumes: [assume('no-proxy-tlv', USUAL_TLV)],
  }
}
