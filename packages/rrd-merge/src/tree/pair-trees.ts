import {
  compareFileNames,
  type FileName,
  type Folder,
  fileNameKey,
  fileNameText,
  type NameFilter,
  type WalkedFile,
  type WalkSkip,
  walk,
} from '@nightshift/tooling/files'
import { asRrdError } from '../file/pair-report.ts'
import { TOOL } from '../file/stage.ts'
import type { Located, TreeEntry } from './entry.ts'
import { mergeOnce } from './merge-once.ts'
import { oldRoot, TARGET } from './roots.ts'
import { inShard, type Shard } from './shard.ts'

export interface PairTreesOptions {
  readonly filter: NameFilter
  readonly followSymlinks: boolean
  /** What only OLDs have is left alone instead of copied. */
  readonly onlyCommon: boolean
  readonly shard?: Shard | undefined
}

/** All that the roots have under one relative path. */
interface Found {
  readonly path: FileName
  target?: Located
  readonly olds: Located[]
  readonly skips: WalkSkip[]
}

/** Pairs the files of the trees by their relative paths, in the order of the paths' bytes. */
export function pairTrees(target: Folder, olds: readonly Folder[], options: PairTreesOptions): TreeEntry[] {
  const all = new Map<string, Found>()
  gather(all, target, TARGET, options)
  for (const [index, old] of olds.entries()) gather(all, old, oldRoot(index), options)
  const paths = [...all.values()].sort((a, b) => compareFileNames(a.path, b.path))
  const found = paths.map((path) => entryOf(path, options))
  // Before it is sharded: two shards must not meet in one file.
  const entries = options.followSymlinks ? mergeOnce(found) : found
  const { shard } = options
  return shard ? entries.filter(({ path }) => inShard(path, shard)) : entries
}

function gather(all: Map<string, Found>, root: Folder, index: number, options: PairTreesOptions): void {
  for (const item of walk(root, { ...options, tool: TOOL })) {
    // The root itself: nothing can be said of its files.
    if (item.kind === 'skipped' && item.path.length === 0 && item.error) throw item.error
    const key = fileNameKey(item.path)
    const found = all.get(key) ?? { path: item.path, olds: [], skips: [] }
    all.set(key, found)
    if (item.kind === 'skipped') found.skips.push(item)
    else if (index === TARGET) found.target = located(item, index)
    else found.olds.push(located(item, index))
  }
}

const located = (file: WalkedFile, root: number): Located => ({ root, path: file.realPath ?? file.path })

function entryOf({ path, target, olds, skips }: Found, { onlyCommon }: PairTreesOptions): TreeEntry {
  const [skip] = skips
  if (skip) return skipEntry(path, skip)
  if (!target) {
    if (!onlyCommon) return { kind: 'copy', path, olds }
    return { kind: 'skip', path, code: 'only-old', message: 'only OLD has it' }
  }
  return olds.length > 0 ? { kind: 'pair', path, target, olds } : { kind: 'keep', path, target }
}

const REASONS: Readonly<Record<WalkSkip['reason'], string>> = {
  symlink: 'a symbolic link; --follow-symlinks takes those that stay within the tree',
  'symlink-outside': 'a symbolic link that leads out of the tree, or nowhere',
  'symlink-loop': 'a symbolic link to a folder that was entered already',
  'not-regular': 'neither a regular file nor a folder',
  'too-deep': 'nested too deep',
  unreadable: 'unreadable',
}

/** What can't be read is a failure; what was left on purpose is not. */
function skipEntry(path: FileName, { reason, error }: WalkSkip): TreeEntry {
  const skip = { kind: 'skip', path, code: reason } as const
  if (error) return { ...skip, message: error.message, failure: asRrdError(error) }
  return { ...skip, message: `${fileNameText(path)}: ${REASONS[reason]}` }
}
