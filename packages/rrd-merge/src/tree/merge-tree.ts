import { type FileName, type Folder, nameFilter, resolveFolder } from '@nightshift/tooling/files'
import { listOfOlds, requireName } from '../file/check-arguments.ts'
import { lookForRrdtool } from '../file/find-rrdtool.ts'
import { jobOf } from '../file/options.ts'
import { asRrdError } from '../file/pair-report.ts'
import type { FileReport } from '../report/types.ts'
import { noteAttributes } from './attributes.ts'
import { leaveBelowLinks } from './below-links.ts'
import type { TreeEntry } from './entry.ts'
import { removeTreeLeftovers } from './leftovers.ts'
import type { TreeOptions } from './options.ts'
import { openOutput } from './output-folder.ts'
import { pairTrees } from './pair-trees.ts'
import { refuseOverlap } from './refuse-overlap.ts'
import { inputFolders, type TreeRoots, treeRoots } from './roots.ts'
import { runTree } from './run-tree.ts'

/** Entries that make a file where none was, in NEW itself and in OUT. */
const COPIED: ReadonlySet<TreeEntry['kind']> = new Set(['copy'])
const MADE: ReadonlySet<TreeEntry['kind']> = new Set(['copy', 'pair', 'keep'])

/** What a tree takes where nothing is said. */
const RRD_FILES = '*.rrd'

/**
 * Merges whole folders: files are paired by relative path, each NEW is filled from the OLDs that have it, and what only
 * an OLD has is copied. One bad file never stops the others. Reports come in the order of the paths' bytes, whatever the
 * number of threads.
 *
 * @throws RrdError EMISSING, EUSAGE, EREAD for the folders themselves, before anything is written
 */
export async function* mergeTree(
  olds: string | Buffer | readonly (string | Buffer)[],
  target: string | Buffer,
  options: TreeOptions = {},
): AsyncGenerator<FileReport, void, undefined> {
  const list = listOfOlds(olds)
  requireName(target, 'NEW')
  const opened: Folder[] = []
  const open = (path: FileName): Folder => {
    const folder = resolveFolder(path)
    opened.push(folder)
    return folder
  }
  try {
    const newRoot = open(target)
    const oldRoots = list.map(open)
    refuseOverlap(opened)
    const job = { ...jobOf(options), targetRoot: target }
    const remark = lookForRrdtool(options)
    if (remark) options.onWarning?.(remark)
    const output =
      options.output === undefined ? undefined : openOutput(options.output, [newRoot, ...oldRoots], job)
    if (output && output !== newRoot) opened.push(output)
    const roots = treeRoots(newRoot, oldRoots, output === newRoot ? undefined : output)
    // A dry run makes no OUT, so that nothing is in the way there.
    const into = options.output === undefined ? newRoot : output
    const entries = prepare(roots, options, into)
    options.onPaired?.(entries.length)
    yield* runTree(entries, roots, job, options.jobs)
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw asRrdError(error)
  } finally {
    for (const folder of opened) folder.close()
  }
}

function prepare(roots: TreeRoots, options: TreeOptions, into: Folder | undefined): readonly TreeEntry[] {
  const [target, ...olds] = inputFolders(roots) as [Folder, ...Folder[]]
  const { include = [], exclude = [], followSymlinks = false, onlyCommon = false, shard, dryRun } = options
  const filter = nameFilter({ include: [RRD_FILES, ...include], exclude })
  const found = pairTrees(target, olds, { filter, followSymlinks, onlyCommon, shard })
  const entries = into ? leaveBelowLinks(found, into, into === target ? COPIED : MADE) : found
  if (dryRun) return entries
  removeTreeLeftovers(entries, roots)
  const noted = noteAttributes(entries, [target, ...olds])
  if (noted.warning) options.onWarning?.(noted.warning)
  return noted.entries
}
