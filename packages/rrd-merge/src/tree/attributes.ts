import { type AttributeIndex, type FileName, type Folder, findAttributes } from '@nightshift/tooling/files'
import { attributeWarning } from '../file/attributes.ts'
import type { Warning } from '../report/warning.ts'
import type { Located, TreeEntry } from './entry.ts'

/** Notes for each entry which extended attributes its result shall keep: one look at each tree instead of one a file. */
export function noteAttributes(
  entries: readonly TreeEntry[],
  roots: readonly Folder[],
): { readonly entries: readonly TreeEntry[]; readonly warning?: Warning } {
  const indexes = new Map<number, AttributeIndex>()
  const indexOf = (root: number): AttributeIndex => {
    const index = indexes.get(root) ?? findAttributes(roots[root] as Folder)
    indexes.set(root, index)
    return index
  }
  const noted = entries.map((entry): TreeEntry => {
    if (entry.kind === 'skip') return entry
    const { root, path } = entry.kind === 'copy' ? (entry.olds[0] as Located) : entry.target
    const index = indexOf(root)
    return index.concerns(path) ? { ...entry, attributes: index.of(path as FileName) } : entry
  })
  const blind = [...indexes.values()].find(({ known }) => !known)
  const warning = blind && attributeWarning(blind)
  return { entries: noted, ...(warning && { warning }) }
}
