/** Compressed bytes that end too early, or make no sense. What came before them has been given. */
export class DamagedError extends Error {
  override readonly name = 'DamagedError'
  /** Of the compressed bytes: so many were read before the fault. */
  readonly offset: number

  constructor(why: string, offset: number, cause?: unknown) {
    super(why, { cause })
    this.offset = offset
  }
}
