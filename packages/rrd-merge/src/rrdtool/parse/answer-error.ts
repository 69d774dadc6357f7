/** What came is not what this subcommand of rrdtool prints; the channel turns it into `PROTOCOL`. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  /** The piece that could not be read. */
  readonly piece: string

  constructor(why: string, piece: string) {
    super(why)
    this.piece = piece.slice(0, 200)
  }
}
