import type { Folder } from '@nightshift/tooling/files'

/** Open folders of one tree merge by their index: NEW, the OLDs in order of priority, and OUT last where there is one. */
export interface TreeRoots {
  readonly folders: readonly Folder[]
  /** Where results go: NEW's index, or OUT's. */
  readonly output: number
}

/** NEW's index. */
export const TARGET = 0

/** Index of the n-th OLD (from 0). */
export const oldRoot = (index: number): number => index + 1

export function treeRoots(target: Folder, olds: readonly Folder[], output: Folder | undefined): TreeRoots {
  const folders = [target, ...olds, ...(output ? [output] : [])]
  return { folders, output: output ? folders.length - 1 : TARGET }
}

/** NEW and the OLDs. */
export const inputFolders = ({ folders, output }: TreeRoots): readonly Folder[] =>
  output === TARGET ? folders : folders.slice(0, output)
