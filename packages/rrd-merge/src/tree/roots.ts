import type { Folder } from '@nightshift/tooling/files'

/** Folders of one tree merge by their index: NEW, the OLDs in order of priority, and OUT where there is one. */
export interface TreeRoots {
  readonly target: Folder
  readonly olds: readonly Folder[]
  readonly output?: Folder | undefined
}

export const TARGET = 0
/** Index of the n-th OLD (from 0) among the roots. */
export const oldRoot = (index: number): number => index + 1
