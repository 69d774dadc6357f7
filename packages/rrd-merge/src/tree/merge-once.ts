import { type FileName, fileNameKey, fileNameText } from '@nightshift/tooling/files'
import type { KeepEntry, Located, PairEntry, TreeEntry } from './entry.ts'

type TargetEntry = PairEntry | KeepEntry

/**
 * Where links that are followed lead several paths to one file of NEW, that file is merged once, from the OLDs of all of
 * these paths: at the same time each would replace it under the others. It goes by its own name where an OLD has that
 * one too, else by the first that has an OLD.
 */
export function mergeOnce(entries: readonly TreeEntry[]): TreeEntry[] {
  const byTarget = new Map<string, TargetEntry[]>()
  for (const entry of entries) {
    if (entry.kind !== 'pair' && entry.kind !== 'keep') continue
    const key = fileNameKey(entry.target.path)
    byTarget.set(key, [...(byTarget.get(key) ?? []), entry])
  }
  const instead = new Map<TreeEntry, TreeEntry>()
  for (const same of byTarget.values()) if (same.length > 1) settle(same, instead)
  return entries.map((entry) => instead.get(entry) ?? entry)
}

function settle(same: readonly TargetEntry[], instead: Map<TreeEntry, TreeEntry>): void {
  const pairs = same.filter((entry) => entry.kind === 'pair')
  const candidates: readonly TargetEntry[] = pairs.length > 0 ? pairs : same
  const chosen = candidates.find(isItself) ?? (candidates[0] as TargetEntry)
  const olds = unique([chosen, ...pairs].flatMap((entry) => (entry.kind === 'pair' ? entry.olds : [])))
  for (const entry of same) {
    if (entry !== chosen) instead.set(entry, skipped(entry.path, chosen.path))
    else if (entry.kind === 'pair') instead.set(entry, { ...entry, olds })
  }
}

const isItself = ({ path, target }: TargetEntry): boolean => fileNameKey(path) === fileNameKey(target.path)

function unique(olds: readonly Located[]): Located[] {
  const byPlace = new Map(olds.map((old) => [`${old.root} ${fileNameKey(old.path)}`, old]))
  return [...byPlace.values()]
}

const skipped = (path: FileName, chosen: FileName): TreeEntry => ({
  kind: 'skip',
  path,
  code: 'symlink-duplicate',
  message: `${fileNameText(path)}: links make it the same file as ${fileNameText(chosen)}, by which name it is merged`,
})
