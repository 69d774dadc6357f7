import type { TlsTraffic } from './wire-group.ts'

/** Bytes of TLS beside what HAProxy counts, in one direction; likely, never certain. */
export interface TlsEstimate {
  readonly low: bigint
  readonly value: bigint
  readonly high: bigint
}

/** Header, type and tag of a record of TLS 1.3 (RFC 8446 5.2); at most 16384 bytes are in one. */
const PER_RECORD = 22n
const RECORD = 16_384n
/**
 * A handshake: measured 1894 out with a small certificate and two tickets, 468 in; a resumed one has no certificate,
 * and chains of certificates have 2 to 5 KB.
 */
const HANDSHAKE = {
  out: { low: 220n, value: 3600n, high: 9000n },
  in: { low: 300n, value: 500n, high: 1500n },
}
/** HAProxy sends what a buffer holds, so records are smaller than they might be. */
const SMALL_RECORD = 1400n

/** Undefined where no transfer was over TLS. */
export function tlsEstimate(
  direction: 'out' | 'in',
  { connections, requests, bytesOut, bytesIn }: TlsTraffic,
): TlsEstimate | undefined {
  if (requests === 0) return undefined
  const { low, value, high } = HANDSHAKE[direction]
  const bytes = direction === 'out' ? bytesOut : bytesIn
  const [opened, asked] = [BigInt(connections), BigInt(requests)]
  const records = (size: bigint): bigint => PER_RECORD * (asked + bytes / size)
  return {
    low: low + PER_RECORD * (bytes / RECORD),
    value: value * opened + records(RECORD),
    high: high * asked + records(SMALL_RECORD) + PER_RECORD * opened,
  }
}
