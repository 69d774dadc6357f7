/** Bytes of a file, by offset and length. */
export interface ByteRange {
  readonly offset: number
  readonly length: number
}

/** Bytes to be put at an offset of a file. */
export interface Patch {
  readonly offset: number
  readonly bytes: Uint8Array
}

/** Rows an updater wrote, by the END of the interval each covers, in seconds since 1970; both included. */
export interface RowSpan {
  readonly cf: string
  /** Seconds a row covers. */
  readonly span: number
  readonly from: number
  readonly to: number
}

/**
 * Updates that went to the file that was being replaced: their updater had opened it before the rename.
 * Code `late-writer`. `recovered`: their rows are in the new file all the same, while the row after them, and a
 * coarser row that was not complete yet, may have been worked out without them (the rows listed include these).
 */
export interface LateWriter {
  readonly code: 'late-writer'
  readonly path: string
  readonly rows: readonly RowSpan[]
  readonly recovered: boolean
}

/**
 * How NEW is kept safe from updates while it is merged.
 * `auto`: header sequence and /proc/locks. `lock`: besides, a lock holder keeps updaters out. `off`: nothing.
 */
export type LiveMode = 'auto' | 'off' | 'lock'

/** A file that takes the place of the live one: written, with mode and owner set, synced, not yet renamed. */
export interface Replacement {
  /** Open for reading and writing. It belongs to the `LiveFile` from here on, which closes it. */
  readonly fd: number
  /** rename(2) to the target, and nothing else: until it is done, updates still go to the file it replaces. */
  commit(): void
  /** After the rename: syncs updates that were copied into it after it was staged. */
  sync(): void | Promise<void>
  /** Removes the temporary file; `fd` stays open. */
  discard(): void
}

/** Writes a replacement that holds `image`, the bytes of a whole file. */
export type Stage = (image: Uint8Array) => Replacement | Promise<Replacement>
