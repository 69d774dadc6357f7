import { type FileName, fileNameBytes } from '@nightshift/tooling/files'

/** One part of a tree that several runs share: I from 0 to N-1, of N. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** FNV-1a, 32 bits: spreads paths evenly, and the same path falls into the same shard on every machine. */
const hash = (bytes: Uint8Array): number => {
  let value = 0x811c9dc5
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193) >>> 0
  return value
}

/** Whether a path (relative to the tree's root) belongs to this shard. Every path belongs to exactly one of N. */
export const inShard = (path: FileName, { index, count }: Shard): boolean =>
  hash(fileNameBytes(path)) % count === index
