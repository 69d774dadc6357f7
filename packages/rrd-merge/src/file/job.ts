import type { FileName } from '@nightshift/tooling/files'
import type { LiveMode } from '../live/index.ts'
import type { MergeOptions } from '../merge/index.ts'
import type { Place } from './place.ts'
import type { Durability } from './stage.ts'

/** NEW, the OLDs it is filled from (first listed wins), and where the result goes. */
export interface Pair {
  /** How reports name it: as given, or relative to the tree's root. */
  readonly path: FileName
  readonly target: Place
  readonly olds: readonly Place[]
  /** Where the result goes, asked for when there is one to write; NEW is replaced without it. */
  readonly output?: (() => Place) | undefined
  /**
   * Names of the extended attributes that the result shall keep of `target`; undefined where it has none, `look` where
   * nobody has looked yet.
   */
  readonly attributes?: readonly string[] | 'look' | undefined
  /** Absolute paths by which rrdcached may know NEW. */
  readonly names?: readonly FileName[]
  /** OLD may be NEW itself, as in a backup made of hard links: then there is nothing to do. Else that is refused. */
  readonly mayBeSame?: boolean
  /** Status of success, where it is not for the merge to say. */
  readonly success?: 'copied'
}

/** How a run merges each of its pairs. */
export interface MergeJob {
  readonly merge: MergeOptions
  /** Says what would be done, and writes nothing. */
  readonly dryRun: boolean
  readonly durability: Durability
  readonly live: LiveMode
  /** A lock that can't be seen (another pid namespace, NFS) is refused instead of remarked. */
  readonly strict: boolean
  /** Changed pages are written into NEW itself, an undo journal first; keeps its inode and hard links. */
  readonly inPlace: boolean
  /** NEW as it was is kept beside it under its name and this. */
  readonly backupSuffix?: string | undefined
  /** The result is read back and compared; by rrdtool too, where one is given. */
  readonly verify: boolean
  /** Reads and writes through the real rrdtool. */
  readonly engine: 'native' | 'rrdtool'
  readonly rrdtool: string
  /** Address of rrdcached, where files go through it. */
  readonly daemon?: string | undefined
  /** NEW's folder as it was named, by which rrdcached may know what lies below; for trees. */
  readonly targetRoot?: FileName | undefined
  readonly allowUnsafeFolder: boolean
  readonly signal?: AbortSignal | undefined
}
