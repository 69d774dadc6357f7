/**
 * Where the bytes of an image come from. A file and memory are built in; others (NBD, an object store, a fault
 * injector) need these members only.
 */
export interface BlockSource {
  /** What messages call it: a path for a file. */
  readonly name: string
  /** Length in bytes. */
  readonly size: number
  /**
   * Reads `target.length` bytes from `offset` (bytes). May answer at once or later.
   *
   * @returns how many bytes were read; fewer than asked only where the source ends
   * @throws what it likes; the check reports it as `read-error` with the range, and goes on
   */
  read(target: Uint8Array, offset: number): number | Promise<number>
  /**
   * Whether these bytes are known to read as zeros without being read (a hole of a sparse file). False where it isn't
   * known. Asked of long runs.
   */
  isHole?(offset: number, length: number): boolean
  /** Looks at `size` anew, where another may write meanwhile; called whenever the image is opened. */
  refresh?(): void | Promise<void>
  close?(): void | Promise<void>
}

/** A source that a repair can write to. */
export interface WritableSource extends BlockSource {
  /** All of the bytes or an error. Writing beyond the end extends the source. */
  write(bytes: Uint8Array, offset: number): void | Promise<void>
  /** Sets the length in bytes; what is added reads as zeros. */
  truncate(size: number): void | Promise<void>
  /** Returns once everything written is on stable storage. */
  flush(): void | Promise<void>
}
