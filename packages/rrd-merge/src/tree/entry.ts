import type { FileName } from '@nightshift/tooling/files'

/** Where one path of a tree really lies: below which root (an index into the roots), by which path. */
export interface Located {
  readonly root: number
  readonly path: FileName
}

/**
 * What is to be done about one relative path of a tree merge.
 * `pair`: NEW is filled from the OLDs. `copy`: only OLDs have it. `keep`: only NEW has it. `skip`: left alone.
 */
export type TreeEntry =
  | { readonly kind: 'pair'; readonly path: FileName; readonly target: Located; readonly olds: readonly Located[] }
  | { readonly kind: 'copy'; readonly path: FileName; readonly olds: readonly Located[] }
  | { readonly kind: 'keep'; readonly path: FileName; readonly target: Located }
  | { readonly kind: 'skip'; readonly path: FileName; readonly code: string; readonly message: string; readonly failed: boolean }
