import { type FileName, fileNameBytes, fnv1a } from '@nightshift/tooling/files'

/** One part of a tree that several runs share: I from 0 to N-1, of N. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/**
 * Whether a path (relative to the tree's root) belongs to this shard: the same on every machine, and every path to exactly
 * one of N.
 */
export const inShard = (path: FileName, { index, count }: Shard): boolean =>
  fnv1a(fileNameBytes(path)) % count === index
