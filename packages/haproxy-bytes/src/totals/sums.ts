/** Sums of one group. Bytes are exact at any size. */
export interface Sums {
  requests: number
  bytesOut: bigint
  bytesIn: bigint
  /** Of the requests, those whose line tells no bytes from the client (a format without %U): `bytesIn` lacks theirs. */
  withoutBytesIn: number
  /** Of the requests, those that were broken off while data went: bytes that HAProxy read, not bytes delivered. */
  readonly aborted: { requests: number; bytesOut: bigint }
  /** Of the requests, those logged before their end (`option logasap`): their bytes are not all. */
  readonly partial: { requests: number; bytesOut: bigint }
}

/** Values of the keys, in their order; null where a line has none. */
export type GroupKey = readonly (string | number | null)[]

/** Sums of the transfers that have the same values of all keys. */
export interface Group extends Sums {
  readonly key: GroupKey
}

/** Bytes from clients, null where no line tells of any. */
export function knownBytesIn({ requests, withoutBytesIn, bytesIn }: Sums): bigint | null {
  return requests > 0 && withoutBytesIn === requests ? null : bytesIn
}
