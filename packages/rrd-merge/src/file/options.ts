import { RrdError } from '../format/index.ts'
import type { LiveMode } from '../live/index.ts'
import type { MergeOptions } from '../merge/index.ts'
import { checkOptions } from '../merge/options.ts'
import { requireChoice } from './check-arguments.ts'
import type { MergeJob } from './job.ts'
import type { Durability } from './stage.ts'

/** How files are read and written, beside how they are merged. Every option may be left out. */
export interface FileOptions extends MergeOptions {
  /** Says what would be done, and writes nothing. */
  readonly dryRun?: boolean
  /** When a result is on disk; default `each`. */
  readonly durability?: Durability
  /** How NEW is kept safe from updates during the merge; default `auto`. */
  readonly live?: LiveMode
  /** Writes the changed pages into NEW itself, an undo journal first: keeps inode and hard links. */
  readonly inPlace?: boolean
  /** Keeps NEW as it was beside it, under its name and this (`.bak`). */
  readonly backupSuffix?: string
  /** Reads every result back before it takes its place; rrdtool, where installed, does too. */
  readonly verify?: boolean
  /** `rrdtool` reads and writes through the real program; default `native`. */
  readonly engine?: 'native' | 'rrdtool'
  /** The program; default `rrdtool`, looked for in PATH. */
  readonly rrdtool?: string
  /** Address of rrdcached (`unix:/path`, `host:port`): NEW is flushed and suspended there while it is merged. */
  readonly daemon?: string
  /** As root, writes in folders where everybody may write. */
  readonly allowUnsafeFolder?: boolean
  /** Where the result goes instead of NEW: a file for a file, a folder for a folder. */
  readonly output?: string | Buffer
  readonly signal?: AbortSignal
}

/**
 * All that a merge works by, defaults filled in.
 * @throws RrdError EUSAGE for options that contradict each other or have no such value, or a suffix that makes no name
 */
export function jobOf(options: FileOptions): MergeJob {
  const { backupSuffix } = options
  checkOptions(options)
  requireChoice('durability', options.durability, ['each', 'batch', 'none'])
  requireChoice('live', options.live, ['auto', 'off', 'lock'])
  requireChoice('engine', options.engine, ['native', 'rrdtool'])
  if (backupSuffix !== undefined && (backupSuffix === '' || /[/\0]/.test(backupSuffix))) {
    throw new RrdError('EUSAGE', `no suffix for a backup: ${JSON.stringify(backupSuffix)}`, {
      remedy: 'give one such as .bak, without a slash',
    })
  }
  return {
    merge: mergeOptionsOf(options),
    dryRun: options.dryRun ?? false,
    durability: options.durability ?? 'each',
    live: options.live ?? 'auto',
    strict: options.strict ?? false,
    inPlace: options.inPlace ?? false,
    backupSuffix,
    verify: options.verify ?? false,
    engine: options.engine ?? 'native',
    rrdtool: options.rrdtool ?? 'rrdtool',
    daemon: options.daemon,
    allowUnsafeFolder: options.allowUnsafeFolder ?? false,
    signal: options.signal,
  }
}

/**
 * The merge's own options; the others are none of its business, and some could not be sent to a thread. A record, so that
 * one that is left out does not compile.
 */
const MERGE_OPTIONS = {
  policy: true,
  granularity: true,
  from: true,
  to: true,
  cut: true,
  mapDs: true,
  dsByIndex: true,
  deriveCf: true,
  consolidate: true,
  expand: true,
  resample: true,
  addDs: true,
  addRra: true,
  grow: true,
  forceType: true,
  rangeCheck: true,
  nan: true,
  onlyGapsLongerThan: true,
  allowNewerOld: true,
  seam: true,
  strict: true,
} as const satisfies Record<keyof MergeOptions, true>

const MERGE_OPTION_NAMES = Object.keys(MERGE_OPTIONS) as (keyof MergeOptions)[]

function mergeOptionsOf(options: MergeOptions): MergeOptions {
  return Object.fromEntries(
    MERGE_OPTION_NAMES.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  )
}
